// SPDX-License-Identifier: Apache-2.0
/// \file
/// Memory of the simulated device: what a strict device refuses, leaks, copies.

#include <cmath>
#include <cstdint>

#include "sim_test.hpp"

namespace cuda_sim::test {
namespace {

class Memory : public SimTest {};

TEST_F(Memory, FreshMemoryIsAlignedAndHoldsNaN) {
    const Array array(3);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(array.data()) % 256, 0u);
    for (const float value : array.read()) EXPECT_TRUE(std::isnan(value));
}

TEST_F(Memory, TheHostCannotTouchDeviceMemory) {
    const Array array(4);
    EXPECT_DEATH(array.data()[2] = 1.0f, "cuda_sim: the host touches byte 8 of 16 bytes of device memory");
}

TEST_F(Memory, FreedMemoryIsNeverTouchedAgain) {
    EXPECT_DEATH(
        {
            const Stream stream;
            void* memory = nullptr;
            check(cudaMalloc(&memory, 64));
            check(cudaFree(memory));
            static_cast<void>(cudaMemsetAsync(memory, 0, 64, stream.get()));
        },
        "cudaMemsetAsync: devPtr is to be 64 bytes of device memory, and is byte 0 of 64 .* that was freed");
}

TEST_F(Memory, FreeingTwiceOrSomethingForeignIsAViolation) {
    EXPECT_DEATH(
        {
            void* memory = nullptr;
            check(cudaMalloc(&memory, 64));
            check(cudaFree(memory));
            static_cast<void>(cudaFree(memory));
        },
        "cudaFree: freed twice");
    static float foreign[4];
    EXPECT_DEATH(static_cast<void>(cudaFree(foreign)), "cudaFree of pageable host memory");
    const Array array(8);
    EXPECT_DEATH(static_cast<void>(cudaFree(array.data() + 1)), "only the first byte can be freed");
    const Pinned pinned(8);
    EXPECT_DEATH(static_cast<void>(cudaFree(pinned.data())), "cudaFree of byte 0 of 32 bytes of pinned host memory");
}

TEST_F(Memory, FreeingWhatQueuedWorkUsesIsAViolation) {
    EXPECT_DEATH(
        {
            const Stream stream;
            void* memory = nullptr;
            check(cudaMalloc(&memory, 64));
            check(cudaMemsetAsync(memory, 0, 64, stream.get()));
            static_cast<void>(cudaFree(memory));
        },
        "while queued work is going to use it");
}

TEST_F(Memory, LeaksChangeTheExitCode) {
    EXPECT_EXIT(
        {
            void* memory = nullptr;
            static_cast<void>(cudaMalloc(&memory, 64));
            std::exit(0);
        },
        testing::ExitedWithCode(99), "leaked at exit: device memory, 1");
    EXPECT_EXIT(
        {
            cudaStream_t stream{};
            cudaEvent_t event{};
            void* memory = nullptr;
            static_cast<void>(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
            static_cast<void>(cudaEventCreateWithFlags(&event, cudaEventDisableTiming));
            static_cast<void>(cudaHostAlloc(&memory, 64, cudaHostAllocDefault));
            std::exit(0);
        },
        testing::ExitedWithCode(99), "event, 1(.|\n)*pinned host memory, 1(.|\n)*stream, 1");
    EXPECT_EXIT(
        {
            setenv("ATNAS_SIM_LEAKS", "allow", 1);
            void* memory = nullptr;
            static_cast<void>(cudaMalloc(&memory, 64));
            std::exit(0);
        },
        testing::ExitedWithCode(0), "");
}

TEST_F(Memory, NothingLeakedIsNoReport) {
    EXPECT_EXIT(
        {
            { const Array array(4); }
            std::exit(0);
        },
        testing::ExitedWithCode(0), "");
}

TEST_F(Memory, EndsWhereTheDeviceEnds) {
    EXPECT_EXIT(
        {
            setenv("ATNAS_SIM_MEMORY", "1000", 1);
            void* first = nullptr;
            void* second = nullptr;
            check(cudaMalloc(&first, 600));
            const bool full = cudaMalloc(&second, 600) == cudaErrorMemoryAllocation && second == nullptr;
            check(cudaFree(first));
            const bool fits = cudaMalloc(&second, 600) == cudaSuccess;
            check(cudaFree(second));
            std::exit(full && fits ? 0 : 1);
        },
        testing::ExitedWithCode(0), "");
}

TEST_F(Memory, PageableMemoryInAnAsynchronousCopyIsAViolation) {
    const Stream stream;
    const Array array(4);
    std::vector<float> pageable(4);
    EXPECT_DEATH(
        static_cast<void>(cudaMemcpyAsync(array.data(), pageable.data(), 16, cudaMemcpyHostToDevice, stream.get())),
        "cudaMemcpyAsync: src: pageable memory in an asynchronous copy");
    EXPECT_DEATH(static_cast<void>(cudaMemcpyAsync(pageable.data(), array.data(), 16, cudaMemcpyDefault, stream.get())),
                 "cudaMemcpyAsync: dst: pageable memory in an asynchronous copy");
}

TEST_F(Memory, CopiesStayInsideAndDoWhatTheirKindSays) {
    const Stream stream;
    const Array array(4);
    const Pinned pinned(4);
    EXPECT_DEATH(
        static_cast<void>(cudaMemcpyAsync(array.data(), pinned.data(), 20, cudaMemcpyHostToDevice, stream.get())),
        "dst is to be 20 bytes of device memory");
    EXPECT_DEATH(
        static_cast<void>(cudaMemcpyAsync(array.data(), pinned.data(), 16, cudaMemcpyDeviceToHost, stream.get())),
        "dst is to be 16 bytes of pinned memory");
    EXPECT_DEATH(
        static_cast<void>(cudaMemcpyAsync(array.data() + 1, array.data(), 12, cudaMemcpyDeviceToDevice, stream.get())),
        "dst and src share memory");
}

}  // namespace
}  // namespace cuda_sim::test
