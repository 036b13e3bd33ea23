// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/latency_table.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "atnas/core/contract.hpp"
#include "atnas/core/timer.hpp"
#include "atnas/nn/arena.hpp"
#include "atnas/nn/feature_extractor.hpp"
#include "atnas/nn/norm_moments.hpp"
#include "atnas/nn/weight_slice.hpp"

namespace atnas::engine {

LatencyTable::LatencyTable(supernet::Supernet& supernet, const comm::Communicator& communicator,
                           const LatencyOptions& options)
    : supernet_(supernet),
      communicator_(communicator),
      options_(options),
      place_(communicator.broadcast(
          fmt::format("{}, batches of {}, {}", supernet.backend().description(), options.images, options.where), 0)) {
    ATNAS_EXPECT(options.images > 0 && options.seconds >= 0);
}

double LatencyTable::time(const space::Genotype& genotype) {
    backend::Backend& backend = supernet_.backend();
    backend::Context& context = supernet_.context();
    // Memory of its own: plans of the lanes keep theirs.
    nn::Arena arena(backend);
    const nn::Graph graph = supernet_.graph(genotype);
    const nn::HeadParameters head = supernet_.head_parameters(supernet_.options().way, graph.features());
    nn::WeightSlice weights(backend, arena, supernet_.weights(), {graph.blocks(), head});
    nn::NormMoments moments(backend, graph);
    // What is zero, or grows without end, may be faster or slower than numbers as they are.
    std::vector<float> ordinary(moments.values(backend, context).size(), 0.5f);
    moments.set_values(backend, context, ordinary);
    nn::FeatureExtractor batch(backend, arena, {graph, supernet_.head(), weights, moments},
                               {options_.images, backend::NormStatistics::given});
    ordinary.assign(batch.images().shape.count(), 0.5f);
    backend.write(context, batch.images(), std::span<const float>(ordinary));
    weights.load(context);
    constexpr int warm_up = 2, fewest = 5;
    double least = std::numeric_limits<double>::infinity();
    const Stopwatch whole;
    for (int run = 0; run < warm_up + fewest || whole.seconds() < options_.seconds; ++run) {
        const Stopwatch once;
        batch.forward(context);
        backend.finish(context);
        if (run >= warm_up) least = std::min(least, once.seconds());
    }
    return 1e6 * least / options_.images;
}

void LatencyTable::measure(std::span<const space::Genotype> canonical) {
    std::vector<space::Genotype> missing;
    std::set<space::Genotype> listed;
    for (const space::Genotype& genotype : canonical)
        if (!known_.contains(genotype) && listed.insert(genotype).second) missing.push_back(genotype);
    if (missing.empty()) return;
    std::vector<double> microseconds(missing.size(), 0.0);
    const auto ranks = static_cast<std::size_t>(communicator_.size());
    for (auto m = static_cast<std::size_t>(communicator_.rank()); m < missing.size(); m += ranks)
        microseconds[m] = time(missing[m]);
    communicator_.sum(microseconds);
    for (std::size_t m = 0; m < missing.size(); ++m) known_.emplace(std::move(missing[m]), microseconds[m]);
}

void LatencyTable::measure(std::span<Island> islands) {
    std::vector<space::Genotype> canonical;
    for (const Island& island : islands)
        for (const evo::Individual& member : island.population())
            canonical.push_back(supernet_.space().canonical(member.genotype));
    measure(canonical);
    auto next = canonical.begin();
    for (Island& island : islands)
        for (evo::Individual& member : island.population()) member.latency = known_.at(*next++);
}

double LatencyTable::of(const space::Genotype& genotype) {
    const space::Genotype canonical = supernet_.space().canonical(genotype);
    measure(std::span(&canonical, 1));
    return known_.at(canonical);
}

double LatencyTable::largest() {
    double most = 0;
    for (const space::Genotype& genotype : supernet_.space().extremes()) most = std::max(most, of(genotype));
    return most;
}

}  // namespace atnas::engine
