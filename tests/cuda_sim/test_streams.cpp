// SPDX-License-Identifier: Apache-2.0
/// \file
/// Streams and events of the simulated device: what is queued runs when somebody waits, in order.

#include <cmath>

#include "sim_test.hpp"

namespace cuda_sim::test {
namespace {

class Streams : public SimTest {};

TEST_F(Streams, WorkWaitsForASynchronisation) {
    const Stream stream;
    const Array array(std::vector<float>{1, 2});
    const Pinned host(2);
    host[0] = host[1] = 5.0f;
    check(cudaMemcpyAsync(host.data(), array.data(), 8, cudaMemcpyDeviceToHost, stream.get()));
    // Neither the old values nor the new ones: who reads now has forgotten to wait.
    EXPECT_TRUE(std::isnan(host[0]));
    stream.wait();
    EXPECT_EQ(host.values(), (std::vector<float>{1, 2}));
}

TEST_F(Streams, NothingIsInPinnedMemoryWhilePartsBesideItAreQueued) {
    const Stream stream;
    const Array array(std::vector<float>{1, 2});
    const Pinned host(2);
    host[0] = host[1] = 5.0f;
    check(cudaMemcpyAsync(host.data(), array.data(), 4, cudaMemcpyDeviceToHost, stream.get()));
    check(cudaMemcpyAsync(host.data() + 1, array.data() + 1, 4, cudaMemcpyDeviceToHost, stream.get()));
    EXPECT_TRUE(std::isnan(host[0]));
    EXPECT_TRUE(std::isnan(host[1]));
    stream.wait();
    EXPECT_EQ(host.values(), (std::vector<float>{1, 2}));
}

TEST_F(Streams, OtherStreamsMayRunFirst) {
    const auto other_has_run = [] {
        const Stream one, other;
        const Array array(2);
        check(cudaMemsetAsync(array.data(), 0, 4, one.get()));
        check(cudaMemsetAsync(array.data() + 1, 0, 4, other.get()));
        one.wait();
        const bool done = cudaStreamQuery(other.get()) == cudaSuccess;
        check(cudaDeviceSynchronize());
        static_cast<void>(cudaGetLastError());
        return done;
    };
    EXPECT_EXIT(
        {
            setenv("ATNAS_SIM_ORDER", "reverse", 1);
            std::exit(other_has_run() ? 0 : 1);
        },
        testing::ExitedWithCode(0), "");
    EXPECT_FALSE(other_has_run());
}

TEST_F(Streams, HostMemoryIsReadWhenTheCopyRuns) {
    const Stream stream;
    const Array array(1);
    const Pinned host(1);
    host[0] = 1.0f;
    check(cudaMemcpyAsync(array.data(), host.data(), 4, cudaMemcpyHostToDevice, stream.get()));
    host[0] = 2.0f;  // too early
    stream.wait();
    EXPECT_EQ(array.read(), std::vector<float>{2.0f});
}

TEST_F(Streams, AnEventPullsInWhatComesBeforeIt) {
    const Stream producer, consumer;
    const Array array(std::vector<float>{1}), behind(1);
    const Pinned host(1);
    const Event done;
    check(cudaMemsetAsync(array.data(), 0, 4, producer.get()));
    check(cudaEventRecord(done.get(), producer.get()));
    check(cudaMemsetAsync(behind.data(), 0, 4, producer.get()));
    check(cudaStreamWaitEvent(consumer.get(), done.get(), 0));
    check(cudaMemcpyAsync(host.data(), array.data(), 4, cudaMemcpyDeviceToHost, consumer.get()));
    consumer.wait();
    EXPECT_EQ(host[0], 0.0f);
    EXPECT_EQ(cudaStreamQuery(producer.get()), cudaErrorNotReady) << "what was queued behind the event";
    static_cast<void>(cudaGetLastError());
    producer.wait();
}

TEST_F(Streams, QueriesLetTheDeviceTakeSteps) {
    const Stream stream;
    const Array array(1);
    EXPECT_EQ(cudaStreamQuery(stream.get()), cudaSuccess);
    check(cudaMemsetAsync(array.data(), 0, 4, stream.get()));
    check(cudaMemsetAsync(array.data(), 0, 4, stream.get()));
    EXPECT_EQ(cudaStreamQuery(stream.get()), cudaErrorNotReady);
    EXPECT_EQ(cudaGetLastError(), cudaErrorNotReady);
    EXPECT_EQ(cudaStreamQuery(stream.get()), cudaErrorNotReady);
    EXPECT_EQ(cudaStreamQuery(stream.get()), cudaSuccess);
    static_cast<void>(cudaGetLastError());
}

TEST_F(Streams, EventsTellTheTime) {
    const Stream stream;
    const Array array(1 << 20);
    const Event before(cudaEventDefault), after(cudaEventDefault), untimed;
    float milliseconds = -1.0f;
    EXPECT_EQ(cudaEventElapsedTime(&milliseconds, before.get(), after.get()), cudaErrorInvalidResourceHandle);
    check(cudaEventRecord(before.get(), stream.get()));
    check(cudaMemsetAsync(array.data(), 0, array.bytes(), stream.get()));
    check(cudaEventRecord(after.get(), stream.get()));
    EXPECT_EQ(cudaEventElapsedTime(&milliseconds, before.get(), after.get()), cudaErrorNotReady);
    EXPECT_EQ(cudaEventQuery(after.get()), cudaErrorNotReady);
    check(cudaEventSynchronize(after.get()));
    EXPECT_EQ(cudaEventQuery(after.get()), cudaSuccess);
    check(cudaEventElapsedTime(&milliseconds, before.get(), after.get()));
    EXPECT_GT(milliseconds, 0.0f);
    EXPECT_LT(milliseconds, 1000.0f);
    EXPECT_EQ(cudaEventElapsedTime(&milliseconds, before.get(), untimed.get()), cudaErrorInvalidResourceHandle);
    static_cast<void>(cudaGetLastError());
}

TEST_F(Streams, TheDefaultStreamIsAViolation) {
    const Array array(1);
    EXPECT_DEATH(static_cast<void>(cudaMemsetAsync(array.data(), 0, 4, nullptr)),
                 "cudaMemsetAsync: work on the default stream");
}

TEST_F(Streams, ADestroyedStreamIsAViolation) {
    const Array array(1);
    EXPECT_DEATH(
        {
            cudaStream_t stream{};
            check(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
            check(cudaStreamDestroy(stream));
            static_cast<void>(cudaMemsetAsync(array.data(), 0, 4, stream));
        },
        "cudaMemsetAsync: the stream is already destroyed");
}

TEST_F(Streams, ADestroyedEventIsAViolation) {
    const Stream stream;
    EXPECT_DEATH(
        {
            cudaEvent_t event{};
            check(cudaEventCreateWithFlags(&event, cudaEventDisableTiming));
            check(cudaEventDestroy(event));
            static_cast<void>(cudaEventRecord(event, stream.get()));
        },
        "cudaEventRecord: the event is already destroyed");
}

TEST_F(Streams, WaitingForAnEventNeverRecordedIsAViolation) {
    const Stream stream;
    const Event event;
    EXPECT_DEATH(static_cast<void>(cudaStreamWaitEvent(stream.get(), event.get(), 0)), "the event was never recorded");
}

TEST_F(Streams, WorkOfADestroyedStreamStillRuns) {
    const Array array(std::vector<float>{1});
    {
        const Stream stream;
        check(cudaMemsetAsync(array.data(), 0, 4, stream.get()));
    }
    check(cudaDeviceSynchronize());
    EXPECT_EQ(array.read(), std::vector<float>{0.0f});
}

TEST_F(Streams, MemoryOfAnotherDeviceIsAViolation) {
    check(cudaSetDevice(1));
    const Array array(1);
    check(cudaSetDevice(0));
    const Stream stream;
    EXPECT_DEATH(static_cast<void>(cudaMemsetAsync(array.data(), 0, 4, stream.get())),
                 "memory of device 1 in a stream of device 0");
}

}  // namespace
}  // namespace cuda_sim::test
