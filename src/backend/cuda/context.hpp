// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// A stream with all that work on it needs: library handles bound to it, working memory, page-locked staging.

#include <algorithm>
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
    /// More than a task takes, so that its result does not wait for its own images.
    std::array<Piece, 6> pieces_{};
    std::size_t largest_{std::size_t{64} << 10};  ///< taken so far: pieces get that size at once
    std::size_t current_{0};
};

/// How much working memory the operations made so far want at most. A context takes that much at once, so that it does
/// not grow, and wait for that, operation by operation.
class WorkspaceNeed {
  public:
    void include(std::size_t bytes) noexcept { most_ = std::max(most_, bytes); }
    std::size_t most() const noexcept { return most_; }

  private:
    std::size_t most_{0};
};

/// Of one stream. \pre pool, need and origin outlive it
class CudaContext final : public Context {
  public:
    /// \param origin event that measured times count from
    CudaContext(DevicePool& pool, const WorkspaceNeed& need, const Event& origin, const CudaOptions& options);
    ~CudaContext() override;
    CudaContext(const CudaContext&) = delete;
    CudaContext& operator=(const CudaContext&) = delete;

    cudaStream_t stream() const noexcept { return stream_.get(); }
    /// Made when they are first asked for, which takes memory and time: a stream that only copies and adds needs none.
    cudnnHandle_t dnn();
    cublasHandle_t blas();

    /// Working memory of one operation; the next one may use the same. Waits for the stream when it has to grow.
    void* workspace(std::size_t bytes);
    /// Takes what operations need: the handles, and the working memory of those made so far.
    void prepare();
    Staging& staging() noexcept { return staging_; }
    OpClock& clock() noexcept { return clock_; }
    /// Does \p work, which queues one operation in this context; timed where the options say so.
    template <class Work>
    void timed(Work work) {
        clock_.time(stream(), work);
    }

    /// Blocks until everything queued is done.
    void finish();
    /// What is queued in this context from now on starts after what is queued in \p earlier so far.
    void wait_for(CudaContext& earlier);

  private:
    DevicePool& pool_;
    const WorkspaceNeed& need_;
    Stream stream_;
    Event reached_;
    Tf32 tf32_;
    DnnHandle dnn_;
    void* blas_workspace_{nullptr};
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
