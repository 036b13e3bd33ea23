#pragma once
/// \file
/// A stream with all that work on it needs: library handles bound to it, working memory, page-locked staging.

#include <array>
#include <cstddef>
#include <span>

#include "atnas/backend/backend.hpp"
#include "device_pool.hpp"
#include "handles.hpp"
#include "op_clock.hpp"

namespace atnas::backend::cuda {

/// Page-locked memory through which values travel. Several pieces, used in turn, so that the host can prepare the next
/// transfer while the device still reads the last one.
class Staging {
  public:
    /// Memory for \p bytes whose last transfer is over; waits for that.
    void* take(std::size_t bytes);
    /// The transfer from what take() gave last is queued in \p stream.
    void queued(cudaStream_t stream);

  private:
    struct Piece {
        PinnedMemory memory{};
        std::size_t bytes{0};
        Event done{};
    };
    std::array<Piece, 4> pieces_{};
    std::size_t current_{0};
};

/// Of one stream. \pre the pool outlives it
class CudaContext final : public Context {
  public:
    CudaContext(DevicePool& pool, const CudaOptions& options);
    ~CudaContext() override;
    CudaContext(const CudaContext&) = delete;
    CudaContext& operator=(const CudaContext&) = delete;

    cudaStream_t stream() const noexcept { return stream_.get(); }
    cudnnHandle_t dnn() const noexcept { return dnn_.get(); }
    cublasHandle_t blas() const noexcept { return blas_.get(); }

    /// Working memory of one operation; the next one may use the same. Waits for the stream when it has to grow, which
    /// it does the first time an operation runs.
    void* workspace(std::size_t bytes);
    Staging& staging() noexcept { return staging_; }
    OpClock& clock() noexcept { return clock_; }

    /// Blocks until everything queued is done.
    void finish();
    /// What is queued in this context from now on starts after what is queued in \p earlier so far.
    void wait_for(CudaContext& earlier);

  private:
    DevicePool& pool_;
    Stream stream_;
    Event reached_;
    DnnHandle dnn_;
    void* blas_workspace_;
    BlasHandle blas_;
    void* workspace_{nullptr};
    std::size_t workspace_bytes_{0};
    Staging staging_;
    OpClock clock_;
};

inline CudaContext& cuda(Context& context) noexcept {
    return static_cast<CudaContext&>(context);
}

}  // namespace atnas::backend::cuda
