// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the simulated NCCL has to find, one scenario per run: nccl_subject SCENARIO RANKS. Processes are forked before
/// any call of CUDA; each prints what it got. test_nccl.py knows what has to come out.

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <cuda_runtime_api.h>
#include <nccl.h>

namespace {

/// One rank: its communicator, a stream, and two device buffers of 300 floats.
struct Rank {
    int rank;
    int size;
    ncclComm_t comm{};
    cudaStream_t stream{};
    float* a{};
    float* b{};

    ncclResult_t state() const {
        ncclResult_t result = ncclSuccess;
        return ncclCommGetAsyncError(comm, &result) == ncclSuccess ? result : ncclInternalError;
    }
    ncclResult_t settle() const {
        ncclResult_t result = state();
        for (; result == ncclInProgress; result = state()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return result;
    }
    /// Until the stream is done or an error shows; gives up after \p seconds.
    const char* wait(double seconds = 8) const {
        const auto start = std::chrono::steady_clock::now();
        while (cudaStreamQuery(stream) == cudaErrorNotReady) {
            const ncclResult_t result = comm == nullptr ? ncclSuccess : state();
            if (result != ncclSuccess) return ncclGetErrorString(result);
            if (std::chrono::steady_clock::now() - start > std::chrono::duration<double>(seconds)) return "not ready";
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        return "done";
    }
    /// The first error of the communicator within so many seconds.
    ncclResult_t error(double seconds) const {
        const auto start = std::chrono::steady_clock::now();
        ncclResult_t result = state();
        while (result == ncclSuccess &&
               std::chrono::steady_clock::now() - start < std::chrono::duration<double>(seconds)) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
            result = state();
        }
        return result;
    }
    void fill(float* to, float value) const {
        const std::vector<float> values(300, value);
        void* pinned = nullptr;
        cudaHostAlloc(&pinned, values.size() * sizeof(float), cudaHostAllocDefault);
        std::memcpy(pinned, values.data(), values.size() * sizeof(float));
        cudaMemcpyAsync(to, pinned, values.size() * sizeof(float), cudaMemcpyHostToDevice, stream);
        cudaStreamSynchronize(stream);
        cudaFreeHost(pinned);
    }
    float read(const float* from) const {
        void* pinned = nullptr;
        cudaHostAlloc(&pinned, sizeof(float), cudaHostAllocDefault);
        cudaMemcpyAsync(pinned, from, sizeof(float), cudaMemcpyDeviceToHost, stream);
        cudaStreamSynchronize(stream);
        const float value = *static_cast<float*>(pinned);
        cudaFreeHost(pinned);
        return value;
    }

    template <class... Values>
    void say(const char* format, Values... values) const {
        char text[400];
        std::snprintf(text, sizeof text, format, values...);
        std::printf("rank %d: %s\n", rank, text);
        std::fflush(stdout);
    }
};

using Scenario = void (*)(Rank&);

void sums(Rank& r) {
    r.fill(r.a, static_cast<float>(r.rank + 1));
    ncclAllReduce(r.a, r.a, 300, ncclFloat32, ncclSum, r.comm, r.stream);
    r.settle();
    r.say("%s", r.wait());
    r.say("sum %g", static_cast<double>(r.read(r.a)));
}

/// Nothing is in the stream before the communicator says so.
void unsettled(Rank& r) {
    ncclAllReduce(r.a, r.a, 10, ncclFloat32, ncclSum, r.comm, r.stream);
    r.say("stream %s", cudaStreamQuery(r.stream) == cudaSuccess ? "empty" : "busy");
    r.say("second call: %s", ncclGetErrorString(ncclAllReduce(r.b, r.b, 10, ncclFloat32, ncclSum, r.comm, r.stream)));
    r.settle();
    r.say("%s", r.wait());
}

void enqueues_unsettled(Rank& r) {
    ncclAllReduce(r.a, r.a, 10, ncclFloat32, ncclSum, r.comm, r.stream);
    cudaMemsetAsync(r.b, 0, sizeof(float), r.stream);
}

void counts_differ(Rank& r) {
    ncclAllReduce(r.a, r.a, r.rank == 0 ? 10 : 11, ncclFloat32, ncclSum, r.comm, r.stream);
    r.settle();
    r.say("%s", r.wait());
}

void types_differ(Rank& r) {
    ncclAllReduce(r.a, r.a, 10, r.rank == 0 ? ncclFloat32 : ncclInt64, ncclSum, r.comm, r.stream);
    r.settle();
    r.say("%s", r.wait());
}

void host_pointer(Rank& r) {
    std::vector<float> values(10);
    ncclAllReduce(values.data(), values.data(), 10, ncclFloat32, ncclSum, r.comm, r.stream);
}

void too_long(Rank& r) {
    ncclAllReduce(r.a, r.b + 1, 300, ncclFloat32, ncclSum, r.comm, r.stream);
}

void overlapping(Rank& r) {
    ncclAllReduce(r.a, r.a + 5, 10, ncclFloat32, ncclSum, r.comm, r.stream);
}

void after_abort(Rank& r) {
    ncclCommAbort(r.comm);
    ncclAllReduce(r.a, r.a, 10, ncclFloat32, ncclSum, r.comm, r.stream);
}

/// Rank 0 aborts alone: it waits in the call, while its stream goes on.
void aborts_alone(Rank& r) {
    if (r.rank != 0) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5000));
        r.say("still here");
        ncclCommAbort(r.comm);
        r.comm = nullptr;
        return;
    }
    ncclAllReduce(r.a, r.a, 10, ncclFloat32, ncclSum, r.comm, r.stream);
    r.settle();
    std::atomic<bool> back{false};
    std::thread helper([&, comm = std::exchange(r.comm, nullptr)] {
        ncclCommAbort(comm);
        back = true;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    r.say("stream %s, abort %s", r.wait(1), back ? "returned" : "waits");
    helper.join();
    r.say("abort returned");
}

/// The process ends while a thread of it waits in the call.
void leaves_from_abort(Rank& r) {
    if (r.rank != 0) {
        r.say("%s", ncclGetErrorString(r.error(5)));
        ncclCommAbort(r.comm);
        r.comm = nullptr;
        return;
    }
    std::thread([comm = r.comm] { ncclCommAbort(comm); }).detach();
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    r.say("leaves");
    std::_Exit(7);
}

void dies(Rank& r) {
    if (r.rank == 1) {
        std::this_thread::sleep_for(std::chrono::milliseconds(3000));
        _exit(0);
    }
    ncclAllReduce(r.a, r.a, 10, ncclFloat32, ncclSum, r.comm, r.stream);
    r.settle();
    r.say("%s", r.wait());
    r.say("last error: %s", ncclGetLastError(r.comm));
    ncclCommAbort(r.comm);
    r.comm = nullptr;
    r.say("%s", r.wait(1));
}

/// With ATNAS_SIM_NCCL_HANG=2: only the second one hangs, and the abort lets the stream go on.
void hangs(Rank& r) {
    for (int i = 0; i < 2; ++i) {
        ncclAllReduce(r.a, r.a, 10, ncclFloat32, ncclSum, r.comm, r.stream);
        r.settle();
        r.say("%s", r.wait(r.rank == 0 ? 0.5 : 5));
    }
    ncclCommAbort(r.comm);
    r.comm = nullptr;
    r.say("%s", r.wait(1));
}

void leaks(Rank& r) {
    r.say("leaves it");
    r.comm = nullptr;
}

void nothing(Rank& r) {
    r.say("nothing");
}

const std::map<std::string, Scenario>& scenarios() {
    static const std::map<std::string, Scenario> all{
        {"sums", sums},
        {"unsettled", unsettled},
        {"enqueues_unsettled", enqueues_unsettled},
        {"counts_differ", counts_differ},
        {"types_differ", types_differ},
        {"host_pointer", host_pointer},
        {"too_long", too_long},
        {"overlapping", overlapping},
        {"after_abort", after_abort},
        {"aborts_alone", aborts_alone},
        {"leaves_from_abort", leaves_from_abort},
        {"dies", dies},
        {"hangs", hangs},
        {"leaks", leaks},
        {"one_device", nothing},
        {"nothing", nothing},
    };
    return all;
}

int run(const std::string& name, Rank r, const ncclUniqueId& id) {
    cudaSetDevice(name == "one_device" ? 0 : r.rank);
    ncclConfig_t config = NCCL_CONFIG_INITIALIZER;
    config.blocking = 0;
    if (const auto begun = ncclCommInitRankConfig(&r.comm, r.size, id, r.rank, &config); begun != ncclInProgress) {
        r.say("init: %s", ncclGetErrorString(begun));
        return 1;
    }
    if (const auto ready = r.settle(); ready != ncclSuccess) {
        r.say("init: %s (%s)", ncclGetErrorString(ready), ncclGetLastError(r.comm));
        ncclCommAbort(r.comm);
        return 1;
    }
    cudaStreamCreateWithFlags(&r.stream, cudaStreamNonBlocking);
    void* memory = nullptr;
    for (float** buffer : {&r.a, &r.b}) {
        cudaMalloc(&memory, 300 * sizeof(float));
        *buffer = static_cast<float*>(memory);
        r.fill(*buffer, 0.0f);
    }
    scenarios().at(name)(r);
    if (r.comm != nullptr) {
        ncclCommFinalize(r.comm);
        r.say("final: %s", ncclGetErrorString(r.settle()));
        ncclCommDestroy(r.comm);
    }
    cudaFree(r.a);
    cudaFree(r.b);
    cudaStreamDestroy(r.stream);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3 || !scenarios().contains(argv[1])) return 2;
    const int size = std::atoi(argv[2]);
    ncclUniqueId id{};
    if (ncclGetUniqueId(&id) != ncclSuccess) return 2;
    std::vector<pid_t> children;
    for (int rank = 0; rank < size; ++rank) {
        const pid_t child = fork();
        if (child == 0) std::exit(run(argv[1], {.rank = rank, .size = size}, id));
        children.push_back(child);
    }
    for (int rank = 0; rank < size; ++rank) {
        int status = 0;
        waitpid(children[static_cast<std::size_t>(rank)], &status, 0);
        if (WIFSIGNALED(status)) std::printf("rank %d ended by signal %d\n", rank, WTERMSIG(status));
        if (WIFEXITED(status)) std::printf("rank %d ended with %d\n", rank, WEXITSTATUS(status));
    }
    return 0;
}
