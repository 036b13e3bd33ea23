// SPDX-License-Identifier: Apache-2.0
#include "atnas/comm/gradient_reducer.hpp"

#include "atnas/core/contract.hpp"

namespace atnas::comm {

void GradientReducer::begin(backend::ExactSum& sum) {
    ATNAS_EXPECT(!begun());
    sum_ = &sum;
}

void GradientReducer::ready(backend::Context& /*context*/, std::size_t /*first*/) {
    ATNAS_EXPECT(begun());
}

void GradientReducer::sum(backend::Context& context, backend::ExactSum& sum) {
    begin(sum);
    finish(context);
}

}  // namespace atnas::comm
