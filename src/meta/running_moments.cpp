// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/running_moments.hpp"

#include "atnas/core/contract.hpp"

namespace atnas::meta {

RunningMoments::RunningMoments(TaskPlans& plans, std::span<const data::Task> tasks) : plans_(plans), tasks_(tasks) {
    ATNAS_EXPECT(!tasks.empty());
}

const nn::NormMoments& RunningMoments::of(const space::Genotype& genotype, int lane) {
    auto known = measured_.find(genotype);
    if (known == measured_.end()) known = measured_.emplace(genotype, measure(genotype, lane)).first;
    Measured& measured = known->second;
    char& waited = measured.waited[static_cast<std::size_t>(lane)];
    supernet::Supernet& supernet = plans_.supernet();
    if (waited == 0) supernet.backend().wait(supernet.context(lane), supernet.context(measured.lane));
    waited = 1;
    return *measured.mean;
}

RunningMoments::Measured RunningMoments::measure(const space::Genotype& genotype, int lane) {
    supernet::Supernet& supernet = plans_.supernet();
    backend::Backend& backend = supernet.backend();
    backend::Context& context = supernet.context(lane);
    Measured measured{nullptr, lane, std::vector<char>(static_cast<std::size_t>(supernet.lanes()))};
    measured.waited[static_cast<std::size_t>(lane)] = 1;
    for (const data::Task& task : tasks_) {
        TaskPlan& plan = plans_.plan(genotype, shape_of(task, Statistics::joint), lane);
        if (!measured.mean) measured.mean = std::make_unique<nn::NormMoments>(backend, plan.graph());
        plan.write_task(task);
        measured.mean->add(backend, context, 1.0 / static_cast<double>(tasks_.size()), plan.measure());
    }
    return measured;
}

}  // namespace atnas::meta
