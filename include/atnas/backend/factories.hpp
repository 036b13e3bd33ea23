// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// One factory per backend, there in every build: a backend that is not compiled in throws a named error, so nobody
/// else needs an #if. Most code wants make_backend() of backend.hpp instead.

#include <memory>

#include "atnas/backend/backend.hpp"

namespace atnas::backend {

/// Plain loops, the oracle of every other backend; native layout is NCHW. The only backend with f64.
std::unique_ptr<Backend> make_reference_backend(Precision precision);

/// oneDNN on the processor's cores, f32. Throws Error(bad_deck) when not compiled in.
std::unique_ptr<Backend> make_onednn_backend();

/// cuDNN and cuBLAS on one GPU, f32. Throws Error(bad_deck) when not compiled in or when that GPU is not usable.
std::unique_ptr<Backend> make_cuda_backend(const CudaOptions& options);

/// Why this process cannot use its GPU number \p device (not compiled in, no driver, not visible, nothing built for
/// it); empty when it can.
std::string cuda_obstacle(int device = 0);

}  // namespace atnas::backend
