// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/stored_weights.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "atnas/core/error.hpp"

namespace atnas::engine {
namespace {

const std::vector<float>& values_of(const io::CheckpointState& state, StoredWeights which) {
    if (which == StoredWeights::last) return state.weights;
    const auto average = state.optimizer.find("average");
    if (average == state.optimizer.end())
        throw Error(ExitCode::bad_deck, {state.path.string() + " holds no average of the weights",
                                         "it was made with meta.average = 0", "leave meta.average as it is there"});
    return average->second;
}

}  // namespace

std::vector<std::uint64_t> extents_of(const backend::Shape& shape) {
    const auto size = [](int extent) { return static_cast<std::uint64_t>(extent); };
    return {size(shape.n), size(shape.c), size(shape.h), size(shape.w)};
}

std::vector<io::BlockRecord> block_records(const nn::Manifest& manifest) {
    std::vector<io::BlockRecord> records;
    for (const nn::Block& block : manifest.blocks())
        records.push_back({block.name, block.offset, extents_of(block.shape)});
    return records;
}

int pretrain_classes(const io::CheckpointState& state) noexcept {
    const auto bias = std::ranges::find(state.manifest, "pretrain/bias", &io::BlockRecord::name);
    return bias == state.manifest.end() ? 0 : static_cast<int>(bias->shape[1]);
}

void load_weights(const io::CheckpointState& state, supernet::Supernet& supernet) {
    const auto refuse = [&](const std::string& reason) {
        throw Error(
            ExitCode::bad_data,
            {state.path.string() + " holds the weights of another network", reason,
             "use the data set, the network, the inner steps of meta_sgd and the version of the program of then"});
    };
    const auto wanted = block_records(supernet.manifest());
    if (state.manifest.size() != wanted.size())
        refuse(fmt::format("{} blocks, the deck describes {}", state.manifest.size(), wanted.size()));
    for (std::size_t b = 0; b < wanted.size(); ++b) {
        const io::BlockRecord& stored = state.manifest[b];
        if (stored.name != wanted[b].name || stored.offset != wanted[b].offset || stored.shape != wanted[b].shape)
            refuse(fmt::format("its block {} is {} [{}], the deck describes {} [{}]", b, stored.name,
                               fmt::join(stored.shape, ", "), wanted[b].name, fmt::join(wanted[b].shape, ", ")));
    }
    nn::upload(supernet.backend(), supernet.context(), state.weights, supernet.weights().values());
}

void load_average(const io::CheckpointState& state, supernet::Supernet& supernet) {
    nn::upload(supernet.backend(), supernet.context(), values_of(state, StoredWeights::average),
               supernet.weights().values());
}

std::size_t copy_blocks(const io::CheckpointState& state, StoredWeights which, supernet::Supernet& supernet) {
    const std::vector<float>& from = values_of(state, which);
    std::map<std::string, const io::BlockRecord*> known;
    for (const io::BlockRecord& block : state.manifest) known.emplace(block.name, &block);
    std::vector<float> values = nn::download(supernet.backend(), supernet.context(), supernet.weights().values());
    std::size_t taken = 0;
    for (const nn::Block& block : supernet.manifest().blocks()) {
        const auto stored = known.find(block.name);
        if (stored == known.end() || stored->second->shape != extents_of(block.shape)) continue;
        std::ranges::copy(std::span(from).subspan(stored->second->offset, block.shape.count()),
                          values.begin() + static_cast<std::ptrdiff_t>(block.offset));
        taken += block.shape.count();
    }
    nn::upload(supernet.backend(), supernet.context(), values, supernet.weights().values());
    return taken;
}

}  // namespace atnas::engine
