// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// A user's task of a few images, with its folds, and a tiny meta-network that is to learn it.

#include <cstddef>
#include <span>
#include <vector>

#include "atnas/data/task_folds.hpp"
#include "atnas/engine/encode_search.hpp"
#include "atnas/engine/fold_fitness.hpp"
#include "atnas/meta/task_evaluator.hpp"
#include "support/small_engine.hpp"

namespace atnas::engine {

inline auto judged_by(FoldFitness& fitness) {
    return [&fitness](std::span<const space::Genotype> encodes) { return fitness.judge(encodes); };
}

struct NovelTaskFixtureOptions {
    std::vector<int> images{4, 3};  ///< of every class; fewer than the built-in set has
    meta::TaskEvaluatorOptions judged{{1, 0.1F}, meta::Statistics::support};
};

struct NovelTaskFixture {
    explicit NovelTaskFixture(const NovelTaskFixtureOptions& options = {})
        : NovelTaskFixture(options, SmallEngine::alone()) {}
    /// Collective.
    NovelTaskFixture(const NovelTaskFixtureOptions& options, const comm::Communicator& world)
        : engine({}, world), evaluator(engine.net.plans(), options.judged) {
        const data::ImageSet& set = engine.net.data().images();
        const data::LabelledImages all = data::labelled(set);
        way = static_cast<int>(options.images.size());
        for (int c = 0; c < way; ++c)
            for (int i = 0; i < options.images[static_cast<std::size_t>(c)]; ++i) {
                const auto place = static_cast<std::size_t>(set.first_of_class[static_cast<std::size_t>(c)] + i);
                const auto first = all.images.begin() + static_cast<std::ptrdiff_t>(place * set.image_size());
                images.images.insert(images.images.end(), first, first + static_cast<std::ptrdiff_t>(set.image_size()));
                images.labels.push_back(c);
            }
        folds = data::task_folds(set.shape, images, way, {.changes = data::mild_changes(set.shape)}, {.seed = 1});
    }

    FoldFitness fitness() { return {{evaluator, engine.net.costs(), engine.sharing, engine.communicator}, folds}; }
    /// Random ones, canonical.
    std::vector<space::Genotype> encodes(int count) const {
        std::vector<space::Genotype> found;
        RandomStream random({.seed = 7, .purpose = Purpose::population});
        for (int i = 0; i < count; ++i)
            found.push_back(engine.net.space().canonical(engine.net.space().sample(random)));
        return found;
    }
    EncodeSearch search(std::uint64_t seed = 1, evo::Kind kind = evo::Kind::islands) const {
        EncodeSearchOptions options;
        options.evolution.kind = kind;
        options.evolution.population = 4;
        options.evolution.variation.offspring = 2;
        options.seed = seed;
        return {{engine.net.space(), engine.net.costs(), engine.communicator}, options, {}};
    }

    SmallEngine engine;
    meta::TaskEvaluator evaluator;
    int way{0};
    data::LabelledImages images;
    std::vector<data::Task> folds;
};

}  // namespace atnas::engine
