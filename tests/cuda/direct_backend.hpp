// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The cuda backend with kernels of our own for every convolution, which a deck cannot ask for.

#include <memory>

#include "backend/cuda/cuda_backend.hpp"

namespace atnas::test {

/// \pre backend::cuda_obstacle() is empty
inline std::unique_ptr<backend::Backend> make_direct_backend() {
    return std::make_unique<backend::cuda::CudaBackend>(backend::CudaOptions{},
                                                        backend::cuda::ConvolutionLibrary::direct);
}

}  // namespace atnas::test
