// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Reductions between GPUs by NCCL, in buckets that overlap what is queued after them.

#include <algorithm>
#include <cstddef>
#include <memory>

#include "atnas/backend/backend.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/comm/gradient_reducer.hpp"

namespace atnas::comm {

struct NcclOptions {
    Reduction reduction{Reduction::exact};
    std::size_t weights{0};                    ///< elements; what follows them in a sum, the counts, is final last
    std::size_t bucket{std::size_t{1} << 20};  ///< elements summed at a time, at most; see bucket_for()
    double timeout_seconds{0};                 ///< that other ranks may make this one wait in one call; 0 = for ever
};

/// Elements of a bucket for so many weights: an eighth, so that most of the sum can begin before the backward pass
/// ends; not so small that the start of each is what it costs (256 kB), nor so large that the last one is waited for
/// long (8 MB).
constexpr std::size_t bucket_for(std::size_t weights) noexcept {
    constexpr std::size_t step = 32;
    return std::clamp((weights / 8 + step - 1) / step * step, std::size_t{1} << 15, std::size_t{1} << 20);
}

/// Whether this program was built with NCCL.
bool nccl_compiled() noexcept;

/// Sums device memory of \p backend by ncclAllReduce, in place. The weights are cut into buckets, summed from the last
/// one to the first as ready() allows, on a stream of their own; the counts come with finish(), which waits for all.
/// With one rank NCCL is not called. exact: 64-bit integers. fast: floats, which each bucket is rounded to before and
/// made of after; they take device memory of their own.
///
/// Throws Error(failed) where NCCL fails or the time is out; the communicator is aborted then, here and, as NCCL
/// notices it, on the other ranks. Made and used by the thread that made the backend: NCCL works on the thread's
/// current device. After the first reduction the device's memory may not grow while buckets are under way: cudaMalloc
/// waits for the device, and a bucket for other ranks. Collective. \pre nccl_compiled(); backend has services(), and
/// ranks have devices of their own (own_devices.hpp); communicator and backend outlive the reducer
std::unique_ptr<GradientReducer> make_nccl_reducer(const Communicator& communicator, backend::Backend& backend,
                                                   const NcclOptions& options);

}  // namespace atnas::comm
