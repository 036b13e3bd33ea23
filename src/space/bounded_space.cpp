// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/bounded_space.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "atnas/core/contract.hpp"
#include "atnas/core/error.hpp"
#include "setting.hpp"

namespace atnas::space {
namespace {

constexpr int tries = 100;
/// Steps from the smallest encode: enough to redraw every locus.
constexpr int walk_length = 100;

}  // namespace

std::vector<CostBound> cost_bounds(const NetworkOptions& options) {
    std::vector<CostBound> bounds;
    if (options.max_macs != 0) bounds.push_back({"max_macs", "multiply-adds", &Cost::macs, options.max_macs});
    if (options.max_parameters != 0)
        bounds.push_back({"max_parameters", "parameters", &Cost::parameters, options.max_parameters});
    return bounds;
}

Cost cost_of_features(const SearchSpace& space, const ImageShape& image, const Genotype& genotype) {
    CostCounter counter(shape_of(image));
    space.build(genotype, counter);
    return counter.cost();
}

BoundedSpace::BoundedSpace(const NetworkOptions& options, std::unique_ptr<const SearchSpace> whole)
    : image_(options.image), bounds_(cost_bounds(options)), whole_(std::move(whole)) {
    ATNAS_EXPECT(options.has_bounds());
    ATNAS_EXPECT(is_legal(smallest()));
}

bool BoundedSpace::is_legal(const Genotype& genotype) const {
    if (!whole_->is_legal(genotype)) return false;
    const Cost cost = cost_of_features(*whole_, image_, genotype);
    return std::ranges::all_of(bounds_, [&](const CostBound& bound) { return bound.keeps(cost); });
}

Genotype BoundedSpace::sample(RandomStream& random) const {
    for (int i = 0; i < tries; ++i) {
        Genotype genotype = whole_->sample(random);
        if (is_legal(genotype)) return genotype;
    }
    Genotype genotype = smallest();
    for (int i = 0; i < walk_length; ++i) genotype = mutate(genotype, 0, random);
    return genotype;
}

Genotype BoundedSpace::fair(std::uint64_t number, std::uint64_t seed) const {
    Genotype genotype = whole_->fair(number, seed);
    if (is_legal(genotype)) return genotype;
    RandomStream random({.seed = seed,
                         .purpose = Purpose::fair_substitute,
                         .iteration = static_cast<std::uint32_t>(number >> 32),
                         .item = static_cast<std::uint32_t>(number)});
    return sample(random);
}

Genotype BoundedSpace::mutate(const Genotype& genotype, double rate, RandomStream& random) const {
    ATNAS_EXPECT(is_legal(genotype));
    for (const double chance : {rate, 0.0}) {
        for (int i = 0; i < tries; ++i) {
            Genotype mutant = whole_->mutate(genotype, chance, random);
            if (is_legal(mutant)) return mutant;
        }
    }
    return genotype;
}

Genotype BoundedSpace::from_text(const std::string& text) const {
    Genotype genotype = whole_->from_text(text);
    const Cost cost = cost_of_features(*whole_, image_, genotype);
    std::vector<Problem> problems;
    for (const CostBound& bound : bounds_) {
        if (bound.keeps(cost)) continue;
        const std::string key = bound.key;
        problems.push_back({"encode " + text,
                            "it has " + std::to_string(cost.*bound.cost) + " " + bound.unit + " before the head and " +
                                setting(bound.key, bound.most) + " are allowed",
                            "use a smaller network or raise space." + key});
    }
    if (!problems.empty()) throw Error(ExitCode::bad_deck, std::move(problems));
    return genotype;
}

}  // namespace atnas::space
