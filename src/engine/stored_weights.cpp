// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/stored_weights.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "atnas/core/error.hpp"

namespace atnas::engine {

std::vector<io::BlockRecord> block_records(const nn::Manifest& manifest) {
    std::vector<io::BlockRecord> records;
    const auto size = [](int extent) { return static_cast<std::uint64_t>(extent); };
    for (const nn::Block& block : manifest.blocks())
        records.push_back({block.name,
                           block.offset,
                           {size(block.shape.n), size(block.shape.c), size(block.shape.h), size(block.shape.w)}});
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
    const auto average = state.optimizer.find("average");
    if (average == state.optimizer.end())
        throw Error(ExitCode::bad_deck, {state.path.string() + " holds no average of the weights",
                                         "it was made with meta.average = 0", "leave meta.average as it is there"});
    nn::upload(supernet.backend(), supernet.context(), average->second, supernet.weights().values());
}

}  // namespace atnas::engine
