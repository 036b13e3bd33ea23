// SPDX-License-Identifier: Apache-2.0
#include "context.hpp"

#include <utility>

namespace atnas::backend::cuda {
namespace {

/// Given to cuBLAS so that it never allocates by itself. The products of heads are small: what it asks for on GPUs
/// before Hopper is plenty.
constexpr std::size_t blas_workspace_bytes = std::size_t{4} << 20;

}  // namespace

void* Staging::take(std::size_t bytes) {
    current_ = (current_ + 1) % pieces_.size();
    Piece& piece = pieces_[current_];
    if (piece.done) check(cudaEventSynchronize(piece.done.get()), "cudaEventSynchronize");
    largest_ = std::max(largest_, bytes);
    if (piece.bytes < bytes) {
        piece.memory.reset();
        void* memory = nullptr;
        check(cudaHostAlloc(&memory, largest_, cudaHostAllocDefault), "cudaHostAlloc");
        piece.memory.reset(memory);
        piece.bytes = largest_;
    }
    return piece.memory.get();
}

void Staging::queued(cudaStream_t stream) {
    Piece& piece = pieces_[current_];
    if (!piece.done) piece.done = make_event();
    check(cudaEventRecord(piece.done.get(), stream), "cudaEventRecord");
}

CudaContext::CudaContext(DevicePool& pool, const WorkspaceNeed& need, const Event& origin, const CudaOptions& options)
    : pool_(pool),
      need_(need),
      stream_(make_stream()),
      reached_(make_event()),
      tf32_(options.tf32),
      clock_(options.profile, origin) {}

CudaContext::~CudaContext() {
    static_cast<void>(cudaStreamSynchronize(stream()));
    if (blas_workspace_ != nullptr) pool_.give_back(blas_workspace_);
    if (workspace_ != nullptr) pool_.give_back(workspace_);
}

cudnnHandle_t CudaContext::dnn() {
    if (!dnn_) {
        auto handle = make<DnnHandle>(cudnnCreate, "cudnnCreate");
        check(cudnnSetStream(handle.get(), stream()), "cudnnSetStream");
        dnn_ = std::move(handle);
    }
    return dnn_.get();
}

cublasHandle_t CudaContext::blas() {
    if (!blas_) {
        if (blas_workspace_ == nullptr) blas_workspace_ = pool_.take(blas_workspace_bytes);
        auto handle = make<BlasHandle>(cublasCreate, "cublasCreate");
        check(cublasSetStream(handle.get(), stream()), "cublasSetStream");
        check(cublasSetWorkspace(handle.get(), blas_workspace_, blas_workspace_bytes), "cublasSetWorkspace");
        check(cublasSetMathMode(handle.get(), tf32_ == Tf32::yes ? CUBLAS_TF32_TENSOR_OP_MATH : CUBLAS_PEDANTIC_MATH),
              "cublasSetMathMode");
        blas_ = std::move(handle);
    }
    return blas_.get();
}

void CudaContext::prepare() {
    static_cast<void>(dnn());
    static_cast<void>(blas());
    if (need_.most() > 0) workspace(need_.most());
}

void* CudaContext::workspace(std::size_t bytes) {
    if (bytes > workspace_bytes_) {
        const std::size_t wanted = std::max(bytes, need_.most());
        void* const larger = pool_.take(wanted);
        if (workspace_ != nullptr) {
            finish();
            pool_.give_back(workspace_);
        }
        workspace_ = larger;
        workspace_bytes_ = wanted;
    }
    return workspace_;
}

void CudaContext::finish() {
    check(cudaStreamSynchronize(stream()), "cudaStreamSynchronize");
}

void CudaContext::wait_for(CudaContext& earlier) {
    check(cudaEventRecord(earlier.reached_.get(), earlier.stream()), "cudaEventRecord");
    check(cudaStreamWaitEvent(stream(), earlier.reached_.get(), 0), "cudaStreamWaitEvent");
}

}  // namespace atnas::backend::cuda
