// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/batch_plans.hpp"

#include <utility>

#include "atnas/core/contract.hpp"

namespace atnas::meta {
BatchPlans::BatchPlans(supernet::Supernet& supernet, int images, std::size_t kept)
    : supernet_(supernet), shape_{images, supernet.options().pretrain_classes} {
    ATNAS_EXPECT(images > 0 && shape_.classes > 0);
    for (int lane = 0; lane < supernet.lanes(); ++lane) lanes_.emplace_back(kept);
}

BatchPlan& BatchPlans::plan(const space::Genotype& genotype, int lane) {
    return lanes_[static_cast<std::size_t>(lane)].get(genotype, [&] {
        nn::Graph graph = supernet_.graph(genotype);
        nn::HeadParameters parameters = supernet_.pretraining_parameters(graph.features());
        return std::make_unique<BatchPlan>(place_on(supernet_, lane),
                                           PlanNetwork{std::move(graph), nn::pretraining_head(), std::move(parameters)},
                                           shape_);
    });
}

}  // namespace atnas::meta
