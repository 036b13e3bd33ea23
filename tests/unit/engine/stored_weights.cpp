// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/stored_weights.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "atnas/core/error.hpp"

namespace atnas::engine {
namespace {

TEST(StoredWeights, OnlyOfTheSameBlocks) {
    const auto device = backend::make_backend(backend::BackendKind::reference);
    const space::NetworkOptions network{.channels = 4, .image = {1, 12, 12}, .cell = {.cells = 2, .reductions = {1}}};
    supernet::Supernet supernet(*device, network, 1);
    io::CheckpointState state;
    state.path = "c.h5";
    state.manifest = block_records(supernet.manifest());
    state.weights.assign(supernet.weights().size(), 0.25f);
    load_weights(state, supernet);
    EXPECT_EQ(nn::download(*device, supernet.context(), supernet.weights().values()), state.weights);

    const auto refused = [&](const io::CheckpointState& other) {
        try {
            load_weights(other, supernet);
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ExitCode::bad_data);
            EXPECT_NE(std::string(error.what()).find("c.h5"), std::string::npos);
            return std::string(error.what());
        }
        return std::string();
    };
    auto renamed = state;
    renamed.manifest[3].name = "other";
    EXPECT_NE(refused(renamed).find("other"), std::string::npos);
    auto reshaped = state;
    std::swap(reshaped.manifest[0].shape[0], reshaped.manifest[0].shape[1]);
    EXPECT_NE(refused(reshaped).find("stem/conv/weight"), std::string::npos);
    auto shorter = state;
    shorter.manifest.pop_back();
    EXPECT_NE(refused(shorter).find("blocks"), std::string::npos);
}

TEST(StoredWeights, TheAverageWhereThereIsOne) {
    const auto device = backend::make_backend(backend::BackendKind::reference);
    const space::NetworkOptions network{.channels = 4, .image = {1, 12, 12}, .cell = {.cells = 2, .reductions = {1}}};
    supernet::Supernet supernet(*device, network, 1);
    io::CheckpointState state;
    state.path = "c.h5";
    EXPECT_THROW(load_average(state, supernet), Error);
    state.optimizer["average"].assign(supernet.weights().size(), 0.5f);
    load_average(state, supernet);
    EXPECT_EQ(nn::download(*device, supernet.context(), supernet.weights().values()), state.optimizer["average"]);
}

TEST(StoredWeights, OfBlocksThatBothHaveInOneShape) {
    const auto device = backend::make_backend(backend::BackendKind::reference);
    space::NetworkOptions network{.channels = 4,
                                  .head = space::Head::linear,
                                  .image = {1, 12, 12},
                                  .way = 3,
                                  .cell = {.cells = 2, .reductions = {1}}};
    supernet::Supernet all(*device, network, 1);
    io::CheckpointState state;
    state.path = "c.h5";
    state.manifest = block_records(all.manifest());
    for (std::size_t i = 0; i < all.weights().size(); ++i) state.weights.push_back(static_cast<float>(i));
    network.way = 5;
    RandomStream random({.seed = 1});
    supernet::Supernet one = supernet::Supernet::of_one(*device, network, all.space().sample(random), 1);
    const auto fresh = nn::download(*device, one.context(), one.weights().values());
    const std::size_t taken = copy_blocks(state, StoredWeights::last, one);
    const auto values = nn::download(*device, one.context(), one.weights().values());
    std::size_t same = 0;
    for (const nn::Block& block : one.manifest().blocks()) {
        const bool of_head = block.name.starts_with("head/");
        const auto stored = std::ranges::find(state.manifest, block.name, &io::BlockRecord::name);
        ASSERT_NE(stored, state.manifest.end()) << block.name;
        const float first = static_cast<float>(stored->offset);
        EXPECT_EQ(values[block.offset], of_head ? fresh[block.offset] : first) << block.name;
        same += of_head ? 0 : block.shape.count();
    }
    EXPECT_EQ(taken, same);
    EXPECT_LT(taken, one.weights().size()) << "the head is of other classes";
    EXPECT_THROW(copy_blocks(state, StoredWeights::average, one), Error);
}

}  // namespace
}  // namespace atnas::engine
