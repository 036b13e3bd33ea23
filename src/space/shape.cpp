// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/shape.hpp"

#include "atnas/core/contract.hpp"

namespace atnas::space {

int window_output(int in, int kernel, int stride, int pad, int dilation) noexcept {
    ATNAS_EXPECT(kernel > 0 && stride > 0 && pad >= 0 && dilation > 0);
    const int steps = in + 2 * pad - dilation * (kernel - 1) - 1;
    // Division rounds towards zero, which would turn a window that does not fit into one output.
    return steps < 0 ? 0 : steps / stride + 1;
}

}  // namespace atnas::space
