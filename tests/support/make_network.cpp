// SPDX-License-Identifier: Apache-2.0
// A network file for tests of what reads one, out of a checkpoint: make_network CHECKPOINT NETWORK CLASS ...
// One member for each encode that the newest populations hold, two at most. Weights are the checkpoint's where it has
// them, the moments those of nothing: mean 0, variance 1.

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include "atnas/app/deck/deck_reader.hpp"
#include "atnas/app/deck/engine_options.hpp"
#include "atnas/backend/factories.hpp"
#include "atnas/engine/stored_weights.hpp"
#include "atnas/io/checkpoint.hpp"
#include "atnas/io/network_file.hpp"
#include "atnas/nn/norm_moments.hpp"
#include "atnas/space/search_space.hpp"
#include "atnas/supernet/supernet.hpp"

namespace {

using namespace atnas;

io::NetworkRecord record_of(const io::CheckpointState& state, const space::NetworkOptions& options,
                            const space::Genotype& genotype) {
    const auto device = backend::make_backend(backend::BackendKind::reference);
    supernet::Supernet network = supernet::Supernet::of_one(*device, options, genotype, 1);
    engine::copy_blocks(state, engine::StoredWeights::last, network);
    const nn::NormMoments moments(*device, network.graph(genotype));
    std::vector<float> values;
    for (std::size_t node = 0; node < moments.nodes(); ++node) {
        if (!moments.of(node).mean) continue;
        values.insert(values.end(), moments.of(node).mean.shape.count(), 0.0f);
        values.insert(values.end(), moments.of(node).variance.shape.count(), 1.0f);
    }
    return {genotype, network.space().to_text(genotype), engine::block_records(network.manifest()),
            nn::download(*device, network.context(), network.weights().values()), std::move(values)};
}

}  // namespace

int main(int count, char** words) try {
    const std::vector<std::string> arguments(words + 1, words + count);
    const io::CheckpointState state = io::read_checkpoint(arguments.at(0), comm::Communicator());
    io::NetworkFile file;
    file.made_by = "adapt";
    file.deck_text = state.deck_text;
    file.deck = state.deck;
    file.provenance = state.provenance;
    file.classes.assign(arguments.begin() + 2, arguments.end());
    file.origin = {{"checkpoint", "latest.h5"}};
    file.figures = {{"accuracy", 0.5}};
    const app::Deck deck = app::stored_deck(state);
    file.image = {1, deck.data.strokes.size, deck.data.strokes.size};
    const space::NetworkOptions options = app::network_of(file, deck);
    std::vector<space::Genotype> genotypes;
    for (const auto& individual : state.populations.front())
        if (genotypes.size() < 2 && std::ranges::find(genotypes, individual.genotype) == genotypes.end())
            genotypes.push_back(individual.genotype);
    for (const auto& genotype : genotypes) file.members.push_back(record_of(state, options, genotype));
    io::write_network(arguments.at(1), file);
    return EXIT_SUCCESS;
} catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return EXIT_FAILURE;
}
