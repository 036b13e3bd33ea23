// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/meta_network.hpp"

#include <gtest/gtest.h>

#include "atnas/engine/stored_weights.hpp"

namespace atnas::engine {
namespace {

TaskSource few_strokes() {
    DataOptions options;
    options.strokes = {.classes = 12, .classes_per_group = 3, .images_per_class = 3, .size = 8};
    return {options, comm::Communicator{}};
}

MetaNetworkOptions small_options(std::uint64_t seed) {
    MetaNetworkOptions options;
    options.network.channels = 2;
    options.network.cell.cells = 2;
    options.network.cell.reductions = {1};
    options.replica.backend = "reference";
    options.seed = seed;
    return options;
}

std::vector<float> weights_of(MetaNetwork& net) {
    return nn::download(net.backend(), net.supernet().context(), net.supernet().weights().values());
}

/// The part of a checkpoint that is a network.
io::CheckpointState stored(MetaNetwork& net) {
    io::CheckpointState state;
    state.manifest = block_records(net.supernet().manifest());
    state.weights = weights_of(net);
    return state;
}

ExitCode code_of_loading(MetaNetwork& net, const io::CheckpointState& state) {
    try {
        net.load(state, "none/checkpoint.h5", ExitCode::restart_refused);
    } catch (const Error& error) {
        return error.code();
    }
    return ExitCode::done;
}

TEST(MetaNetwork, FoundedFollowsFromItsSeed) {
    const comm::Communicator alone;
    MetaNetwork net(few_strokes(), small_options(1), alone);
    EXPECT_EQ(net.network().image, net.data().images().shape) << "the network fits the images";
    MetaNetwork same(few_strokes(), small_options(1), alone);
    MetaNetwork other(few_strokes(), small_options(2), alone);
    EXPECT_EQ(weights_of(net), weights_of(same));
    EXPECT_NE(weights_of(net), weights_of(other));
}

TEST(MetaNetwork, TakesStoredWeights) {
    const comm::Communicator alone;
    MetaNetwork net(few_strokes(), small_options(1), alone);
    MetaNetwork other(few_strokes(), small_options(2), alone);
    EXPECT_EQ(code_of_loading(other, stored(net)), ExitCode::done);
    EXPECT_EQ(weights_of(other), weights_of(net));
}

TEST(MetaNetwork, RefusesAnotherNetworkAndIllegalEncodes) {
    const comm::Communicator alone;
    MetaNetwork net(few_strokes(), small_options(1), alone);
    const std::vector<float> before = weights_of(net);
    MetaNetworkOptions wide = small_options(1);
    wide.network.channels = 3;
    MetaNetwork wider(few_strokes(), wide, alone);
    EXPECT_EQ(code_of_loading(net, stored(wider)), ExitCode::restart_refused);
    io::CheckpointState odd = stored(net);
    odd.history.push_back({0, 0, 0, 0.5, 0.5, {{7, 7, 7}}});
    EXPECT_EQ(code_of_loading(net, odd), ExitCode::bad_data);
    EXPECT_EQ(weights_of(net), before);
}

}  // namespace
}  // namespace atnas::engine
