// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/cost_model.hpp"

#include <algorithm>

namespace atnas::space {

namespace {

Cost with_head(const CostCounter& counter, int way) {
    const std::int64_t features = counter.features();
    const Cost& network = counter.cost();
    const std::int64_t logits = way * static_cast<std::int64_t>(sizeof(float));
    return {network.parameters + (features + 1) * way, network.macs + features * way, network.memory + logits};
}

}  // namespace

CostModel::CostModel(const NetworkOptions& options) : options_(options), space_(make_search_space(options)) {}

Cost CostModel::subnet(const Genotype& genotype) const {
    CostCounter counter(shape_of(options_.image));
    space_->build(genotype, counter);
    return with_head(counter, options_.way);
}

Cost CostModel::largest() const {
    Cost most;
    for (const Genotype& genotype : space_->extremes()) {
        const Cost cost = subnet(genotype);
        most = {std::max(most.parameters, cost.parameters), std::max(most.macs, cost.macs),
                std::max(most.memory, cost.memory)};
    }
    return most;
}

Cost CostModel::supernet() const {
    CostCounter counter(shape_of(options_.image));
    space_->build_supernet(counter);
    return {.parameters = with_head(counter, options_.way).parameters};
}

}  // namespace atnas::space
