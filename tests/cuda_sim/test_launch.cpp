// SPDX-License-Identifier: Apache-2.0
/// \file
/// Kernels on the simulated device: the unmodified nvcc code of this program, run on the host.

#include "launch_test.hpp"
#include "self_test.hpp"

namespace cuda_sim::self_test {
const void* address_of_unlisted();
}

namespace cuda_sim::test {
namespace {

class Launch : public SimTest {};

TEST_F(Launch, KernelsRunOverTheirGrid) {
    const Stream stream;
    const Array x(sample(1000)), y(std::vector<float>(1000, 1.0f));
    // The arguments are copied: they are gone before the kernel runs.
    check(launch<float, const float*, float*, int>(self_test::axpy, 4, 256, stream.get(), 2.0f, x.data(), y.data(),
                                                   1000));
    stream.wait();
    const auto expected = sample(1000);
    const auto got = y.read();
    for (std::size_t i = 0; i < got.size(); ++i) EXPECT_EQ(got[i], 1.0f + 2.0f * expected[i]);
}

TEST_F(Launch, IndicesOfTwoDimensions) {
    const Stream stream;
    const Array x(6 * 10);
    check(launch<int*, int>(self_test::indices, dim3(3, 2), dim3(4, 3), stream.get(), reinterpret_cast<int*>(x.data()),
                            10));
    stream.wait();
    const auto values = x.read();
    for (int i = 0; i < 60; ++i) {
        int value = -1;
        std::copy_n(reinterpret_cast<const char*>(&values[static_cast<std::size_t>(i)]), sizeof value,
                    reinterpret_cast<char*>(&value));
        EXPECT_EQ(value, i);
    }
}

TEST_F(Launch, ThreadsOfABlockMeetAtBarriers) {
    const Stream stream;
    std::vector<float> values(3 * 128);
    std::iota(values.begin(), values.end(), 0.0f);
    const Array x(values), sums(3);
    check(launch<const float*, float*>(self_test::block_sum, 3, 128, stream.get(), x.data(), sums.data()));
    stream.wait();
    EXPECT_EQ(sums.read(), (std::vector<float>{8128.0f, 24512.0f, 40896.0f}));
}

TEST_F(Launch, ABarrierThatSomeThreadsMissIsAViolation) {
    const Stream stream;
    const Array x(32);
    EXPECT_DEATH(
        {
            static_cast<void>(launch<float*>(self_test::uneven_barrier, 1, 32, stream.get(), x.data()));
            stream.wait();
        },
        "kernel cuda_sim::self_test::uneven_barrier: a barrier that only some threads of the block reach");
}

TEST_F(Launch, WritesBehindTheEndAreFound) {
    EXPECT_DEATH(
        {
            // 4096 bytes fill a page; behind it nothing can be touched.
            const Stream stream;
            const Array x(1024);
            static_cast<void>(launch<float*, int>(self_test::overrun, 1, 1, stream.get(), x.data(), 1024));
            stream.wait();
        },
        "work of a stream touches byte 4096 of 4096 bytes of device memory");
    EXPECT_DEATH(
        {
            const Stream stream;
            const Array x(3);
            static_cast<void>(launch<float*, int>(self_test::overrun, 1, 1, stream.get(), x.data(), 3));
            stream.wait();
        },
        "something was written outside an allocation of 12 bytes");
}

TEST_F(Launch, HostPointersAndFreedOnesAreViolations) {
    const Stream stream;
    const Array y(4);
    static float host[4];
    EXPECT_DEATH(static_cast<void>(launch<float, const float*, float*, int>(self_test::axpy, 1, 4, stream.get(), 1.0f,
                                                                            host, y.data(), 4)),
                 "kernel cuda_sim::self_test::axpy: argument 1 is pageable host memory");
    EXPECT_DEATH(
        {
            self_test::Pair pair{};
            {
                const Array gone(4);
                pair.from = gone.data();
                pair.to = y.data();
            }
            static_cast<void>(launch<self_test::Pair, int>(self_test::copy_pair, 1, 4, stream.get(), pair, 4));
        },
        "argument 0 is byte 0 of 16 bytes of device memory that was freed");
}

TEST_F(Launch, MisalignedPointersAreViolations) {
    const Stream stream;
    const Array x(std::vector<float>(4)), y(std::vector<float>(4));
    const auto* odd = reinterpret_cast<const float*>(reinterpret_cast<const char*>(x.data()) + 2);
    EXPECT_DEATH(static_cast<void>(launch<float, const float*, float*, int>(self_test::axpy, 1, 1, stream.get(), 1.0f,
                                                                            odd, y.data(), 1)),
                 "axpy: argument 1 is not aligned to 4 bytes");
}

TEST_F(Launch, ThreadsAndBlocksHaveNoOrder) {
    const auto last = [] {
        const Stream stream;
        const Array x(1);
        check(launch<float*>(self_test::last_one, 3, 32, stream.get(), x.data()));
        stream.wait();
        return x.read()[0];
    };
    EXPECT_EXIT(
        {
            setenv("ATNAS_SIM_ORDER", "reverse", 1);
            std::exit(last() == 0.0f ? 0 : 1);
        },
        testing::ExitedWithCode(0), "");
    EXPECT_EQ(last(), 95.0f);
}

TEST_F(Launch, PointersInsideStructsHoldTheirMemory) {
    EXPECT_DEATH(
        {
            const Stream stream;
            const Array from(4);
            auto* to = new Array(4);
            self_test::Pair pair{};
            pair.from = from.data();
            pair.to = to->data();
            static_cast<void>(launch<self_test::Pair, int>(self_test::copy_pair, 1, 4, stream.get(), pair, 4));
            delete to;
        },
        "while queued work is going to use it");
}

TEST_F(Launch, AnUnknownKernelIsNamed) {
    const Stream stream;
    const Array x(1);
    EXPECT_DEATH(
        {
            float* pointer = x.data();
            void* arguments[] = {&pointer};
            static_cast<void>(cudaLaunchKernel(self_test::address_of_unlisted(), 1, 1, arguments, 0, stream.get()));
        },
        "the simulated device has no kernel cuda_sim::self_test::unlisted");
}

TEST_F(Launch, BadConfigurationsAreErrors) {
    const Stream stream;
    const Array x(1);
    for (const auto& [grid, block] : {std::pair<dim3, dim3>{0, 32}, {1, 0}, {1, 1025}, {dim3(1, 65536), 1}}) {
        EXPECT_EQ((launch<float*, int>(self_test::overrun, grid, block, stream.get(), x.data(), 0)),
                  cudaErrorInvalidConfiguration);
    }
    EXPECT_EQ(cudaGetLastError(), cudaErrorInvalidConfiguration);
    EXPECT_EQ(cudaGetLastError(), cudaSuccess);
}

TEST_F(Launch, TheStreamsDeviceHasToBeTheCurrentOne) {
    const Stream stream;
    const Array x(1);
    check(cudaSetDevice(1));
    EXPECT_EQ((launch<float*, int>(self_test::overrun, 1, 1, stream.get(), x.data(), 0)),
              cudaErrorInvalidResourceHandle);
    check(cudaSetDevice(0));
    static_cast<void>(cudaGetLastError());
}

}  // namespace
}  // namespace cuda_sim::test
