// SPDX-License-Identifier: Apache-2.0
// What rank 0 has read of a checkpoint, on its way to the other ranks.

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "atnas/evo/population_bytes.hpp"

#include "checkpoint_layout.hpp"
#include "share.hpp"

namespace atnas::io {

namespace {

void share_data(DataRecord& data, const comm::Communicator& communicator) {
    share(data.source, communicator);
    share(data.digest, communicator);
    for (auto* classes : {&data.train, &data.validation, &data.test}) share(*classes, communicator);
    share(data.images, communicator);
}

/// By name: arrays as long as all weights are sent from where they lie.
void share_optimizer(std::map<std::string, std::vector<float>>& optimizer, const comm::Communicator& communicator) {
    std::vector<std::string> names;
    for (const auto& [name, values] : optimizer) names.push_back(name);
    share(names, communicator);
    for (const std::string& name : names) share(optimizer[name], communicator);
}

void share_populations(std::vector<evo::Population>& populations, const comm::Communicator& communicator) {
    std::vector<std::byte> message;
    for (const evo::Population& population : populations) evo::append_bytes(population, message);
    share(message, communicator);
    if (!communicator.is_root()) populations = evo::read_populations(message);
}

void share_archive(evo::FitnessRecord& archive, const comm::Communicator& communicator) {
    std::vector<std::int8_t> genes;
    std::vector<double> fitness;
    for (const evo::Judged& judged : archive.judged) {
        genes.insert(genes.end(), judged.genotype.genes.begin(), judged.genotype.genes.end());
        fitness.push_back(judged.fitness);
    }
    share(genes, communicator);
    share(fitness, communicator);
    share(archive.correlations, communicator);
    archive.judged.clear();
    auto next = genes.begin();
    for (const double value : fitness) {
        const auto end = next + static_cast<std::ptrdiff_t>(genes.size() / fitness.size());
        archive.judged.push_back({{{next, end}}, value});
        next = end;
    }
}

}  // namespace

void share_state(CheckpointState& state, const comm::Communicator& communicator) {
    if (communicator.size() == 1) return;
    share(state.deck_text, communicator);
    share_pairs(state.deck, communicator);
    share_pairs(state.provenance, communicator);
    share_data(state.data, communicator);
    share(state.reproducibility, communicator);
    share_pairs(state.counters, communicator);
    share(state.manifest, communicator);
    share(state.weights, communicator);
    share_optimizer(state.optimizer, communicator);
    share(state.block_steps, communicator);
    share(state.path_counts, communicator);
    share_populations(state.populations, communicator);
    share_archive(state.archive, communicator);
    state.path = communicator.broadcast(state.path.string(), 0);
    share(state.digest, communicator);
}

}  // namespace atnas::io
