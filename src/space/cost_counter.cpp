// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/cost_counter.hpp"

namespace atnas::space {

void CostCounter::add(Operation operation, ValueId output, const std::vector<Weight>& weights) {
    for (const Weight& weight : weights) {
        if (known_.insert(weight.name).second) cost_.parameters += static_cast<std::int64_t>(weight.shape.count());
    }
    cost_.memory += static_cast<std::int64_t>(shape(output).count() * sizeof(float));
    if (operation.kind != OperationKind::convolution) return;
    // Every element of the kernel is used once per position of the output.
    const Shape& out = shape(output);
    cost_.macs += static_cast<std::int64_t>(weights.front().shape.count()) * out.h * out.w;
}

}  // namespace atnas::space
