// SPDX-License-Identifier: Apache-2.0
// Not compiled for the host: the simulated device does not know this kernel.

#include <cuda_runtime_api.h>

namespace cuda_sim::self_test {

__global__ void unlisted(float* x) {
    x[0] = 1.0f;
}

const void* address_of_unlisted() {
    return reinterpret_cast<const void*>(&unlisted);
}

}  // namespace cuda_sim::self_test
