// SPDX-License-Identifier: Apache-2.0
/// \file
/// Races between streams and between threads of a block: found whatever order the simulated device runs things in.

#include "launch_test.hpp"
#include "self_test.hpp"

namespace cuda_sim::test {
namespace {

class Races : public SimTest {};

/// The first stream writes, the second reads; \p between is what is to order them.
template <class Between>
void write_then_read(Between between) {
    const Stream writer, reader;
    const Array array(std::vector<float>{1, 2, 3, 4});
    const Pinned host(4);
    check(cudaMemsetAsync(array.data(), 0, array.bytes(), writer.get()));
    between(writer, reader);
    check(cudaMemcpyAsync(host.data(), array.data(), array.bytes(), cudaMemcpyDeviceToHost, reader.get()));
    reader.wait();
    writer.wait();
    EXPECT_EQ(host.values(), std::vector<float>(4));
}

TEST_F(Races, NothingBetweenTwoStreamsIsARace) {
    EXPECT_DEATH(write_then_read([](const Stream&, const Stream&) {}),
                 "a race: cudaMemsetAsync .item 1 of stream [0-9]+. is to write byte 0 of 16 bytes of device memory, "
                 "which cudaMemcpyAsync .item 1 of stream [0-9]+. read, and nothing orders the two");
}

TEST_F(Races, EventsAndTheHostsWaitsOrder) {
    const Event event;
    write_then_read([&](const Stream& writer, const Stream& reader) {
        check(cudaEventRecord(event.get(), writer.get()));
        check(cudaStreamWaitEvent(reader.get(), event.get(), 0));
    });
    write_then_read([&](const Stream& writer, const Stream&) {
        check(cudaEventRecord(event.get(), writer.get()));
        check(cudaEventSynchronize(event.get()));
    });
    write_then_read([&](const Stream& writer, const Stream&) {
        check(cudaEventRecord(event.get(), writer.get()));
        while (cudaEventQuery(event.get()) != cudaSuccess) static_cast<void>(cudaGetLastError());
    });
    write_then_read([](const Stream& writer, const Stream&) { writer.wait(); });
    write_then_read([](const Stream& writer, const Stream&) {
        while (cudaStreamQuery(writer.get()) != cudaSuccess) static_cast<void>(cudaGetLastError());
    });
    write_then_read([](const Stream&, const Stream&) { check(cudaDeviceSynchronize()); });
}

TEST_F(Races, OrderGoesThroughAThirdStream) {
    const Stream third;
    const Event first, second;
    write_then_read([&](const Stream& writer, const Stream& reader) {
        check(cudaEventRecord(first.get(), writer.get()));
        check(cudaStreamWaitEvent(third.get(), first.get(), 0));
        check(cudaEventRecord(second.get(), third.get()));
        check(cudaStreamWaitEvent(reader.get(), second.get(), 0));
    });
}

TEST_F(Races, AnEventRecordedTooEarlyOrdersNothing) {
    EXPECT_DEATH(
        {
            const Event event;
            write_then_read([&](const Stream& writer, const Stream& reader) {
                check(cudaEventRecord(event.get(), reader.get()));
                check(cudaStreamWaitEvent(writer.get(), event.get(), 0));
            });
        },
        "a race: cudaMemsetAsync");
    EXPECT_DEATH(
        {
            const Event event;
            write_then_read([&](const Stream& writer, const Stream&) {
                // It has passed, but the host has not looked.
                check(cudaEventRecord(event.get(), writer.get()));
                check(cudaEventElapsedTime(nullptr, event.get(), event.get()) == cudaErrorInvalidValue
                          ? cudaSuccess
                          : cudaErrorUnknown);
            });
        },
        "a race: cudaMemsetAsync");
}

TEST_F(Races, ManyMayReadButEveryReaderIsWaitedFor) {
    const Stream first, second, writer;
    const Array array(std::vector<float>{1, 2});
    const Pinned one(2), other(2);
    const Event read_once, read_twice;
    const auto read = [&](const Stream& stream, const Pinned& to, const Event& done) {
        check(cudaMemcpyAsync(to.data(), array.data(), array.bytes(), cudaMemcpyDeviceToHost, stream.get()));
        check(cudaEventRecord(done.get(), stream.get()));
    };
    const auto write = [&] {
        check(cudaMemsetAsync(array.data(), 0, array.bytes(), writer.get()));
        writer.wait();
    };
    read(first, one, read_once);
    read(second, other, read_twice);
    check(cudaStreamWaitEvent(writer.get(), read_twice.get(), 0));
    first.wait();
    EXPECT_EQ(one.values(), (std::vector<float>{1, 2}));
    write();
    EXPECT_DEATH(
        {
            read(first, one, read_once);
            read(second, other, read_twice);
            check(cudaStreamWaitEvent(writer.get(), read_twice.get(), 0));
            write();
            first.wait();
        },
        "a race: cudaMemcpyAsync .* is to read byte 0 of 8 bytes of device memory, which cudaMemsetAsync .* wrote");
    EXPECT_DEATH(
        {
            read(first, one, read_once);
            read(second, other, read_twice);
            // All of it runs before the write does, but nobody says so.
            check(cudaStreamWaitEvent(second.get(), read_once.get(), 0));
            check(cudaMemcpyAsync(other.data(), array.data(), 4, cudaMemcpyDeviceToHost, second.get()));
            second.wait();
            check(cudaStreamWaitEvent(writer.get(), read_once.get(), 0));
            const Stream late;
            check(cudaMemcpyAsync(other.data(), array.data(), 4, cudaMemcpyDeviceToHost, late.get()));
            check(cudaEventRecord(read_once.get(), late.get()));
            write();
            late.wait();
        },
        "a race: cudaMemcpyAsync");
}

TEST_F(Races, PinnedMemoryCounts) {
    EXPECT_DEATH(
        {
            const Stream up;
            const Stream down;
            const Array from(std::vector<float>{1});
            const Array to(1);
            const Pinned staging(1);
            check(cudaMemcpyAsync(staging.data(), from.data(), 4, cudaMemcpyDeviceToHost, down.get()));
            check(cudaMemcpyAsync(to.data(), staging.data(), 4, cudaMemcpyHostToDevice, up.get()));
            down.wait();
            up.wait();
        },
        "a race: cudaMemcpyAsync .* is to read byte 0 of 4 bytes of pinned host memory");
}

TEST_F(Races, PartsOfOneAllocationAreNotTheSame) {
    const Stream one, other;
    const Array array(std::vector<float>{1, 2, 3, 4});
    check(cudaMemsetAsync(array.data(), 0, 8, one.get()));
    check(cudaMemsetAsync(array.data() + 2, 0, 8, other.get()));
    check(cudaDeviceSynchronize());
    EXPECT_EQ(array.read(), std::vector<float>(4));
}

TEST_F(Races, KernelsUseWhatTheyTouch) {
    const Stream one, other;
    const Array x(std::vector<float>{1, 2, 3, 4}), y(std::vector<float>{1, 1, 1, 1});
    const auto add = [&](int first, int count, const Stream& stream) {
        check(launch<float, const float*, float*, int>(self_test::axpy, 1, 4, stream.get(), 1.0f, x.data() + first,
                                                       y.data() + first, count));
    };
    add(0, 2, one);
    add(2, 2, other);
    check(cudaDeviceSynchronize());
    EXPECT_EQ(y.read(), (std::vector<float>{2, 3, 4, 5}));
    if (!watches_kernels()) GTEST_SKIP() << "kernels that another sanitizer watches";
    EXPECT_DEATH(
        {
            add(0, 3, one);
            add(2, 2, other);
            check(cudaDeviceSynchronize());
        },
        "a race: cuda_sim::self_test::axpy .* is to read byte 8 of 16 bytes of device memory, which "
        "cuda_sim::self_test::axpy .* wrote");
}

TEST_F(Races, WhatNothingHasWrittenIsNotRead) {
    if (!watches_kernels()) GTEST_SKIP() << "kernels that another sanitizer watches";
    const Stream stream;
    const Array x(4), y(std::vector<float>{1, 1, 1, 1});
    EXPECT_DEATH(
        {
            check(launch<float, const float*, float*, int>(self_test::axpy, 1, 4, stream.get(), 1.0f, x.data(),
                                                           y.data(), 4));
            stream.wait();
        },
        "axpy .* reads byte 0 of 16 bytes of device memory, which nothing has written");
}

TEST_F(Races, HostMemoryInsideAStructIsFoundWhenItIsTouched) {
    if (!watches_kernels()) GTEST_SKIP() << "kernels that another sanitizer watches";
    const Stream stream;
    const Array device(std::vector<float>{1, 2, 3, 4});
    static float host[4];
    const auto copy = [&](self_test::Pair pair) {
        check(launch<self_test::Pair, int>(self_test::copy_pair, 1, 4, stream.get(), pair, 4));
        stream.wait();
    };
    EXPECT_DEATH(copy({host, device.data()}), "kernel cuda_sim::self_test::copy_pair reads pageable host memory");
    EXPECT_DEATH(copy({device.data(), host}), "kernel cuda_sim::self_test::copy_pair writes pageable host memory");
}

TEST_F(Races, ABarrierIsMissedInEachDirection) {
    if (!watches_kernels()) GTEST_SKIP() << "kernels that another sanitizer watches";
    const Stream stream;
    const Array x(std::vector<float>(32, 1.0f)), y(32);
    const auto shift = [&](void (*kernel)(const float*, float*)) {
        check(launch<const float*, float*>(kernel, 1, 32, stream.get(), x.data(), y.data()));
        stream.wait();
    };
    EXPECT_DEATH(shift(self_test::read_too_early), "thread 1 reads what was written by thread 0 in shared memory");
    EXPECT_DEATH(shift(self_test::write_too_early), "thread 1 writes what was read by thread 0 in shared memory");
}

TEST_F(Races, BlocksFindNothingInSharedMemory) {
    const Stream stream;
    const Array x(std::vector<float>(64, 1.0f)), y(64);
    check(launch<const float*, float*>(self_test::remember, 2, 32, stream.get(), x.data(), y.data()));
    stream.wait();
    for (const float value : y.read()) EXPECT_TRUE(std::isnan(value));
}

}  // namespace
}  // namespace cuda_sim::test
