// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Memory of one block of threads: what is shared by them, and each thread's own stack. Hold the device's lock.

#include <cstddef>
#include <string>

namespace cuda_sim {

/// While it lives, a kernel runs.
class KernelScope {
  public:
    explicit KernelScope(const std::string& kernel);
    ~KernelScope();
    KernelScope(const KernelScope&) = delete;
    KernelScope& operator=(const KernelScope&) = delete;
};

/// Which thread of a kernel runs.
struct RunningThread {
    bool in_kernel{false};
    unsigned number{0};  ///< in its block
    const std::byte* stack{nullptr};
    std::size_t stack_bytes{0};
};
extern constinit RunningThread running_thread;

/// A block begins: what is in shared memory is nothing it may rely on.
void begin_block();
/// All threads of the block have come to a barrier.
void pass_barrier() noexcept;
/// An access of the running thread to memory that is neither of the device nor pinned. Violation for host memory other
/// than its own stack and what the kernels' library holds, and for shared memory that another thread of the block
/// has used since the last barrier, if one of the two writes.
void note_block_read(const void* pointer, std::size_t bytes);
void note_block_write(const void* pointer, std::size_t bytes);

}  // namespace cuda_sim
