// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Where plans compute, and what.

#include <vector>

#include "atnas/backend/backend.hpp"
#include "atnas/nn/arena.hpp"
#include "atnas/nn/graph.hpp"
#include "atnas/nn/head.hpp"
#include "atnas/nn/param_store.hpp"
#include "atnas/supernet/supernet.hpp"

namespace atnas::meta {

/// All of it outlives the plan.
struct PlanPlace {
    backend::Backend& backend;
    backend::Context& context;
    nn::Arena& arena;
    nn::ParamStore& weights;
};

struct PlanNetwork {
    nn::Graph graph;
    const nn::Head& head;
    nn::HeadParameters parameters;     ///< of the head
    std::vector<nn::BlockId> rates{};  ///< learned ones, see nn::WeightSlice::Options
};

inline PlanPlace place_on(supernet::Supernet& supernet, int lane) {
    return {supernet.backend(), supernet.context(lane), supernet.arena(lane), supernet.weights()};
}

}  // namespace atnas::meta
