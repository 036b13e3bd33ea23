// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/cost_model.hpp"

#include <algorithm>

namespace atnas::space {

namespace {

Cost with_head(const CostCounter& counter, int way) {
    const std::int64_t features = counter.features();
    return {counter.cost().parameters + (features + 1) * way, counter.cost().macs + features * way};
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
        most = {std::max(most.parameters, cost.parameters), std::max(most.macs, cost.macs)};
    }
    return most;
}

Cost CostModel::supernet() const {
    CostCounter counter(shape_of(options_.image));
    space_->build_supernet(counter);
    return {with_head(counter, options_.way).parameters, 0};
}

}  // namespace atnas::space
