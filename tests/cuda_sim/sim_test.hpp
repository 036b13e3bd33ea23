// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What the tests of the simulated device share: owners of its resources, and a check of every call.

#include <cuda_runtime_api.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

namespace cuda_sim::test {

inline void check(cudaError_t error) {
    ASSERT_EQ(error, cudaSuccess) << cudaGetErrorString(error);
}

/// Each test that dies starts in a process of its own, which has read nothing from the environment yet.
class SimTest : public testing::Test {
  protected:
    SimTest() { testing::GTEST_FLAG(death_test_style) = "threadsafe"; }
};

class Stream {
  public:
    Stream() { check(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking)); }
    ~Stream() { check(cudaStreamDestroy(stream_)); }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    cudaStream_t get() const noexcept { return stream_; }
    void wait() const { check(cudaStreamSynchronize(stream_)); }

  private:
    cudaStream_t stream_{};
};

class Event {
  public:
    explicit Event(unsigned flags = cudaEventDisableTiming) { check(cudaEventCreateWithFlags(&event_, flags)); }
    ~Event() { check(cudaEventDestroy(event_)); }
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;
    cudaEvent_t get() const noexcept { return event_; }

  private:
    cudaEvent_t event_{};
};

/// Elements of pinned host memory.
class Pinned {
  public:
    explicit Pinned(std::size_t count) : count_(count) {
        void* memory = nullptr;
        check(cudaHostAlloc(&memory, count * sizeof(float), cudaHostAllocDefault));
        data_ = static_cast<float*>(memory);
    }
    ~Pinned() { check(cudaFreeHost(data_)); }
    Pinned(const Pinned&) = delete;
    Pinned& operator=(const Pinned&) = delete;
    float* data() const noexcept { return data_; }
    float& operator[](std::size_t i) const noexcept { return data_[i]; }
    std::vector<float> values() const { return {data_, data_ + count_}; }

  private:
    std::size_t count_;
    float* data_{};
};

/// Elements of device memory, with transfers that wait.
class Array {
  public:
    explicit Array(std::size_t count) : count_(count) {
        void* memory = nullptr;
        check(cudaMalloc(&memory, count * sizeof(float)));
        data_ = static_cast<float*>(memory);
    }
    explicit Array(const std::vector<float>& values) : Array(values.size()) { write(values); }
    ~Array() { check(cudaFree(data_)); }
    Array(const Array&) = delete;
    Array& operator=(const Array&) = delete;

    float* data() const noexcept { return data_; }
    std::size_t bytes() const noexcept { return count_ * sizeof(float); }
    void write(const std::vector<float>& values) const {
        const Stream stream;
        const Pinned staging(count_);
        std::copy(values.begin(), values.end(), staging.data());
        check(cudaMemcpyAsync(data_, staging.data(), bytes(), cudaMemcpyHostToDevice, stream.get()));
        stream.wait();
    }
    /// What was queued elsewhere has to be waited for first.
    std::vector<float> read() const {
        const Stream stream;
        const Pinned staging(count_);
        check(cudaMemcpyAsync(staging.data(), data_, bytes(), cudaMemcpyDeviceToHost, stream.get()));
        stream.wait();
        return staging.values();
    }

  private:
    std::size_t count_;
    float* data_{};
};

/// n values that differ from each other and whose mean is near 0.
inline std::vector<float> sample(std::size_t n, float seed = 1.0f) {
    std::vector<float> values(n);
    for (std::size_t i = 0; i < n; ++i) values[i] = static_cast<float>((i * 37 + 11) % 101) / 50.0f - seed;
    return values;
}

}  // namespace cuda_sim::test
