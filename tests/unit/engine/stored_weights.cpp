// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/stored_weights.hpp"

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

}  // namespace
}  // namespace atnas::engine
