// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/meta_network.hpp"

#include <string>

#include <gtest/gtest.h>

#include "atnas/core/error.hpp"
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

const comm::Communicator alone;

MetaNetwork founded(const MetaNetworkOptions& options) {
    return MetaNetwork::found(few_strokes(), options, alone);
}

/// The part of a checkpoint that is a network.
io::CheckpointState stored(MetaNetwork& net) {
    io::CheckpointState state;
    state.path = "none/checkpoint.h5";
    state.manifest = block_records(net.supernet().manifest());
    state.weights = weights_of(net);
    return state;
}

/// What is wrong with opening it.
std::string refusal(const io::CheckpointState& state, const MetaNetworkOptions& options) {
    try {
        MetaNetwork::open(state, few_strokes(), options, alone);
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::bad_data);
        return error.what();
    }
    return {};
}

TEST(MetaNetwork, FoundedFollowsFromItsSeed) {
    MetaNetwork net = founded(small_options(1));
    EXPECT_EQ(net.network().image, net.data().images().shape) << "the network fits the images";
    MetaNetwork same = founded(small_options(1));
    MetaNetwork other = founded(small_options(2));
    EXPECT_EQ(weights_of(net), weights_of(same));
    EXPECT_NE(weights_of(net), weights_of(other));
}

TEST(MetaNetwork, OpenedHasTheStoredWeights) {
    MetaNetwork net = founded(small_options(1));
    MetaNetwork opened = MetaNetwork::open(stored(net), few_strokes(), small_options(2), alone);
    EXPECT_EQ(weights_of(opened), weights_of(net)) << "whatever the seed";
}

TEST(MetaNetwork, RefusesWeightsOfAnotherNetwork) {
    MetaNetworkOptions wide = small_options(1);
    wide.network.channels = 3;
    MetaNetwork wider = founded(wide);
    EXPECT_NE(refusal(stored(wider), small_options(1)).find("another network"), std::string::npos);
}

TEST(MetaNetwork, KeepsAsManyPlansAsItIsTold) {
    MetaNetworkOptions options = small_options(1);
    EXPECT_EQ(founded(options).plans().kept(), meta::usual_plans);
    options.plans = 3;
    EXPECT_EQ(founded(options).plans().kept(), 3U);
    options.plans = 1;
    try {
        founded(options);
        FAIL() << "one plan is too few";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::bad_deck);
        EXPECT_NE(std::string(error.what()).find("runtime.plans = 1"), std::string::npos) << error.what();
    }
}

TEST(MetaNetwork, RefusesIllegalEncodesBeforeItTakesADevice) {
    MetaNetwork net = founded(small_options(1));
    io::CheckpointState odd = stored(net);
    odd.history.push_back({0, 0, 0, 0.5, 0.5, {{7, 7, 7}}});
    MetaNetworkOptions no_device = small_options(1);
    no_device.replica.backend = "no such backend";
    EXPECT_NE(refusal(odd, no_device).find("/history/best_genotype"), std::string::npos);
}

}  // namespace
}  // namespace atnas::engine
