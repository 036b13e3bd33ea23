// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What the stand-ins for the CUDA libraries (cuDNN, cuBLAS, NCCL) ask of the simulated device. All of it lives in the
/// stand-in for the runtime, libcudart.so.13, and is exported from there. Every function may be called by any thread.

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include <cuda_runtime_api.h>

namespace cuda_sim {

/// What work does with memory; \c kept: that is noted elsewhere, or it is only kept from being freed.
enum class Use { kept, read, write, both };

/// What is read: values, or bytes that are only passed on.
enum class Content { values, anything };

/// Device or pinned memory that queued work is going to read or write.
struct Operand {
    const void* pointer;
    std::size_t bytes;
    Use use{Use::kept};
};

/// Of the result of alpha * value + beta * result, which is not looked at for beta = 0.
inline Use use_of_result(float beta) noexcept {
    return beta == 0.0f ? Use::write : Use::both;
}

/// Ends the process for something that a real device would answer with silent or undefined behaviour.
[[noreturn]] void violation(const std::string& text);

/// One line in the file named by ATNAS_SIM_LOG, if any.
void log_call(const char* call);

/// Counts this call and says whether ATNAS_SIM_FAIL wants it to fail; \p error is then the number given there. A call
/// has to be counted once: call this first thing, and return \p error as the library's own type.
bool injected(const char* call, int& error);

/// The error that has made the device unusable (a sticky one), or cudaSuccess. Library calls fail while there is one.
cudaError_t device_error();

/// Violation unless the whole range lies in one live allocation of a device and is aligned to 4 bytes.
void expect_device(const void* pointer, std::size_t bytes, const char* call, const char* argument);
/// Violation if two ranges share a byte.
void expect_apart(const Operand& one, const Operand& other, const char* call, const char* arguments);

/// Appends work to a stream; it runs when somebody synchronises, with device memory accessible. Violation for the
/// default stream, for a stream that is gone and for operands of another device than the stream's; when it runs, for
/// operands that work of another stream uses, if one of the two writes and nothing orders them. Memory named in
/// \p operands must not be freed before the work ran.
/// The work runs under the device's lock: while it waits for another process, other threads' calls wait as well.
void enqueue(cudaStream_t stream, const char* what, std::function<void()> work, std::vector<Operand> operands = {});

/// The same for work that waits for other processes: \p attempt is called again and again until it returns true, and
/// the lock is released in between, so that cudaStreamQuery returns cudaErrorNotReady and other threads can step in.
void enqueue_waiting(cudaStream_t stream, const char* what, std::function<bool()> attempt,
                     std::vector<Operand> operands = {});

/// Until release_stream(), work for the stream is a violation: \p reason is going to put some there.
void reserve_stream(cudaStream_t stream, const char* reason);
void release_stream(cudaStream_t stream);

/// Called by work that runs: it reads or writes these bytes, which need not be a whole operand. Nothing for memory that
/// is neither of the device nor pinned. Violation for a race, and for values of device memory that nothing has written.
void note_read(const void* pointer, std::size_t bytes, Content content = Content::values);
void note_write(const void* pointer, std::size_t bytes);

/// Runs what is queued in a stream as far as it goes without waiting; true if nothing is left. A real device goes on
/// by itself: a thread that calls this now and then keeps processes from waiting for each other for ever.
bool advance(cudaStream_t stream);

/// Runs a stream's whole queue, as cudaStreamSynchronize does, but is no call of the program: not logged, not counted.
void drain(cudaStream_t stream);

/// Ordinal of the device a stream belongs to, as cudaSetDevice counts.
int device_of(cudaStream_t stream);

/// Keeps count of library objects (\p change +1 or -1) for the report of leaks at exit. \p kind: "cuDNN handle".
void count_resource(const char* kind, int change);

}  // namespace cuda_sim
