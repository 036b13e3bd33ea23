// SPDX-License-Identifier: Apache-2.0
#include "diagnostics.hpp"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <sstream>
#include <utility>
#include <vector>

#include "devices.hpp"

namespace cuda_sim {
namespace {

// After these a real device answers every call of the process with the same error (CUDA Runtime API, cudaError_t).
constexpr std::array sticky_errors{cudaErrorDevicesUnavailable,
                                   cudaErrorECCUncorrectable,
                                   cudaErrorIllegalAddress,
                                   cudaErrorLaunchTimeout,
                                   cudaErrorAssert,
                                   cudaErrorHardwareStackError,
                                   cudaErrorIllegalInstruction,
                                   cudaErrorMisalignedAddress,
                                   cudaErrorInvalidAddressSpace,
                                   cudaErrorInvalidPc,
                                   cudaErrorLaunchFailure,
                                   cudaErrorContained,
                                   cudaErrorUnknown};

cudaError_t sticky = cudaSuccess;
thread_local cudaError_t last_error = cudaSuccess;

struct Injection {
    std::string call;
    long number;
    int error;
};

/// "CALL:N:ERROR[,CALL:N:ERROR...]"
std::vector<Injection> read_injections() {
    std::vector<Injection> found;
    const char* text = std::getenv("ATNAS_SIM_FAIL");
    if (text == nullptr || !this_rank_is_meant()) return found;
    std::istringstream list(text);
    for (std::string entry; std::getline(list, entry, ',');) {
        const auto first = entry.find(':');
        const auto second = entry.find(':', first + 1);
        if (first == std::string::npos || second == std::string::npos) {
            violation("ATNAS_SIM_FAIL='" + entry + "' is not CALL:N:ERROR");
        }
        found.push_back(
            {entry.substr(0, first), std::atol(entry.c_str() + first + 1), std::atoi(entry.c_str() + second + 1)});
    }
    return found;
}

int open_log() {
    const char* path = std::getenv("ATNAS_SIM_LOG");
    if (path == nullptr) return -1;
    const int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (file < 0) violation(std::string("ATNAS_SIM_LOG: cannot write to ") + path);
    return file;
}

}  // namespace

bool this_rank_is_meant() {
    const char* wanted = std::getenv("ATNAS_SIM_RANK");
    if (wanted == nullptr) return true;
    for (const char* name : {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "SLURM_PROCID"}) {
        if (const char* rank = std::getenv(name)) return std::strcmp(rank, wanted) == 0;
    }
    return std::strcmp(wanted, "0") == 0;
}

RunOrder run_order() {
    static const RunOrder order = [] {
        const char* text = std::getenv("ATNAS_SIM_ORDER");
        return text != nullptr && std::strcmp(text, "reverse") == 0 ? RunOrder::reverse : RunOrder::lazy;
    }();
    return order;
}

std::recursive_mutex& device_lock() {
    // Never destroyed: calls come in until the very end of the process.
    static auto* lock = new std::recursive_mutex;
    return *lock;
}

void violation(const std::string& text) {
    std::fflush(nullptr);
    std::fprintf(stderr, "cuda_sim: %s\n", text.c_str());
    std::abort();
}

void log_call(const char* call) {
    static const int file = open_log();
    if (file < 0) return;
    // One write per line, so that lines of several threads and processes do not mix.
    std::array<char, 256> line{};
    const int length = std::snprintf(line.data(), line.size(), "%s\n", call);
    if (length > 0) {
        const auto size = std::min(static_cast<std::size_t>(length), line.size() - 1);
        if (write(file, line.data(), size) < 0) violation("ATNAS_SIM_LOG: cannot write");
    }
}

bool injected(const char* call, int& error) {
    static const auto injections = read_injections();
    if (injections.empty()) return false;
    const std::lock_guard lock(device_lock());
    static std::map<std::string, long> counts;
    const long number = ++counts[call];
    for (const auto& injection : injections) {
        if (injection.call != call || injection.number != number) continue;
        error = injection.error;
        // Numbers of cuDNN, cuBLAS and NCCL are their own.
        if (std::strncmp(call, "cuda", 4) == 0 && std::find(sticky_errors.begin(), sticky_errors.end(),
                                                            static_cast<cudaError_t>(error)) != sticky_errors.end()) {
            sticky = static_cast<cudaError_t>(error);
        }
        return true;
    }
    return false;
}

cudaError_t device_error() {
    const std::lock_guard lock(device_lock());
    return sticky != cudaSuccess ? sticky : devices().error;
}

Call::Call(const char* name, Needs needs) : lock_(device_lock()), name_(name) {
    log_call(name);
    int error = cudaSuccess;
    if (injected(name, error)) {
        fail(static_cast<cudaError_t>(error));
    } else if (needs == Needs::device && device_error() != cudaSuccess) {
        fail(device_error());
    }
}

cudaError_t Call::fail(cudaError_t error) noexcept {
    error_ = error;
    if (error != cudaSuccess) last_error = error;
    return error;
}

void Call::pause() {
    lock_.unlock();
    sched_yield();
    lock_.lock();
}

cudaError_t take_last_error() noexcept {
    if (sticky != cudaSuccess) return sticky;
    return std::exchange(last_error, cudaSuccess);
}

}  // namespace cuda_sim
