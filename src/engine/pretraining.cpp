// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/pretraining.hpp"

#include <utility>

namespace atnas::engine {

Pretraining::Pretraining(supernet::Supernet& supernet, data::BatchSampler batches, std::size_t plans_kept)
    : sampler_(std::move(batches)), plans_(supernet, sampler_.options().images, plans_kept) {}

void Pretraining::queue(const RandomKey& key, meta::BatchPlan& plan) {
    sampler_.sample(key, batch_);
    plan.write(batch_);
    plan.run();
}

}  // namespace atnas::engine
