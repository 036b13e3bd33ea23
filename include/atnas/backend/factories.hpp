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

/// cuDNN and cuBLAS on one GPU, f32. Throws Error(bad_deck) when not compiled in or when no GPU is usable.
std::unique_ptr<Backend> make_cuda_backend(const CudaOptions& options);

/// Why this process has no usable GPU (not compiled in, no driver, none visible, too old); empty when it has one.
std::string cuda_obstacle();

/// The GPU of a rank, by its number among the ranks of its host: that number, or 0 where the launcher shows every rank
/// one GPU only. Throws Error(bad_deck) where there are fewer GPUs than ranks: two replicas on one GPU would only slow
/// each other down, and NCCL refuses them. \pre cuda_obstacle() is empty
int choose_cuda_device(int local_rank);

/// The cudaStream_t behind a context of the cuda backend. \pre it is one
void* cuda_stream_of(Context& context) noexcept;

}  // namespace atnas::backend
