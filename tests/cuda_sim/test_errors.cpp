// SPDX-License-Identifier: Apache-2.0
/// \file
/// Devices, errors that the environment injects, and the log of calls. What is read from the environment is read once:
/// hence the processes of their own.

#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "sim_test.hpp"

namespace cuda_sim::test {
namespace {

class Errors : public SimTest {};

/// Ends the process of a death test: 0 if everything was as expected.
[[noreturn]] void verdict(bool good) {
    std::exit(good ? 0 : 1);
}

TEST_F(Errors, DevicesDescribeThemselves) {
    int count = 0;
    check(cudaGetDeviceCount(&count));
    ASSERT_EQ(count, 2);
    std::vector<std::string> addresses;
    for (int i = 0; i < count; ++i) {
        cudaDeviceProp properties{};
        check(cudaGetDeviceProperties(&properties, i));
        EXPECT_STREQ(properties.name, "Simulated GPU");
        EXPECT_EQ(properties.major, 9);
        char address[16];
        check(cudaDeviceGetPCIBusId(address, sizeof address, i));
        addresses.emplace_back(address);
    }
    EXPECT_EQ(addresses, (std::vector<std::string>{"0000:01:00.0", "0000:02:00.0"}));
    EXPECT_EQ(cudaSetDevice(2), cudaErrorInvalidDevice);
    static_cast<void>(cudaGetLastError());
}

TEST_F(Errors, VisibleDevicesAreRespected) {
    EXPECT_EXIT(
        {
            setenv("ATNAS_SIM_DEVICES", "4", 1);
            setenv("CUDA_VISIBLE_DEVICES", "3,1,9,0", 1);
            int count = 0;
            char address[16];
            check(cudaGetDeviceCount(&count));
            check(cudaDeviceGetPCIBusId(address, sizeof address, 0));
            verdict(count == 2 && std::string(address) == "0000:04:00.0");
        },
        testing::ExitedWithCode(0), "");
}

TEST_F(Errors, WithoutADeviceOrADriver) {
    EXPECT_EXIT(
        {
            setenv("ATNAS_SIM_DEVICES", "0", 1);
            int count = -1;
            void* memory = nullptr;
            verdict(cudaGetDeviceCount(&count) == cudaErrorNoDevice && count == 0 &&
                    cudaMalloc(&memory, 4) == cudaErrorNoDevice);
        },
        testing::ExitedWithCode(0), "");
    EXPECT_EXIT(
        {
            setenv("ATNAS_SIM_DEVICES", "nodriver", 1);
            int count = -1;
            int version = -1;
            check(cudaDriverGetVersion(&version));
            verdict(cudaGetDeviceCount(&count) == cudaErrorInsufficientDriver && version == 0);
        },
        testing::ExitedWithCode(0), "");
}

TEST_F(Errors, TheNthCallFails) {
    EXPECT_EXIT(
        {
            setenv("ATNAS_SIM_FAIL", "cudaMalloc:2:2,cudaSetDevice:1:101", 1);
            void* first = nullptr;
            void* second = nullptr;
            check(cudaMalloc(&first, 4));
            const bool failed = cudaMalloc(&second, 4) == cudaErrorMemoryAllocation &&
                                cudaGetLastError() == cudaErrorMemoryAllocation &&
                                cudaSetDevice(0) == cudaErrorInvalidDevice;
            const bool again = cudaMalloc(&second, 4) == cudaSuccess;
            check(cudaFree(first));
            check(cudaFree(second));
            verdict(failed && again);
        },
        testing::ExitedWithCode(0), "");
}

TEST_F(Errors, AStickyErrorStays) {
    EXPECT_EXIT(
        {
            setenv("ATNAS_SIM_FAIL", "cudaStreamSynchronize:1:719", 1);
            cudaStream_t stream{};
            check(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
            void* memory = nullptr;
            // The leaked stream is not held against a program whose device is lost.
            verdict(cudaStreamSynchronize(stream) == cudaErrorLaunchFailure &&
                    cudaMalloc(&memory, 4) == cudaErrorLaunchFailure &&
                    cudaStreamDestroy(stream) == cudaErrorLaunchFailure &&
                    cudaGetLastError() == cudaErrorLaunchFailure && cudaGetLastError() == cudaErrorLaunchFailure);
        },
        testing::ExitedWithCode(0), "");
}

TEST_F(Errors, OnlyTheRankThatIsMeantFails) {
    EXPECT_EXIT(
        {
            setenv("ATNAS_SIM_FAIL", "cudaSetDevice:1:101", 1);
            setenv("ATNAS_SIM_RANK", "1", 1);
            setenv("OMPI_COMM_WORLD_RANK", "0", 1);
            verdict(cudaSetDevice(0) == cudaSuccess);
        },
        testing::ExitedWithCode(0), "");
    EXPECT_EXIT(
        {
            setenv("ATNAS_SIM_FAIL", "cudaSetDevice:1:101", 1);
            setenv("ATNAS_SIM_RANK", "1", 1);
            setenv("OMPI_COMM_WORLD_RANK", "1", 1);
            verdict(cudaSetDevice(0) == cudaErrorInvalidDevice);
        },
        testing::ExitedWithCode(0), "");
}

TEST_F(Errors, CallsAreLogged) {
    // The process of the death test comes here as well, and keeps the name of its parent's file.
    const std::string own = testing::TempDir() + "cuda_sim_log_" + std::to_string(::getpid());
    setenv("ATNAS_SIM_LOG", own.c_str(), 0);
    const std::string path = std::getenv("ATNAS_SIM_LOG");
    EXPECT_EXIT(
        {
            {
                const Array first(4);
                const Array second(4);
            }
            std::exit(0);
        },
        testing::ExitedWithCode(0), "");
    unsetenv("ATNAS_SIM_LOG");
    std::ifstream file(path);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    EXPECT_EQ(lines, (std::vector<std::string>{"cudaMalloc", "cudaMalloc", "cudaFree", "cudaFree"}));
    std::remove(path.c_str());
}

}  // namespace
}  // namespace cuda_sim::test
