// SPDX-License-Identifier: Apache-2.0
/// \file
/// cudaMalloc, cudaFree, cudaHostAlloc, cudaFreeHost, copies and memsets.

#include <cstring>
#include <string>

#include "devices.hpp"
#include "diagnostics.hpp"
#include "memory.hpp"
#include "stream.hpp"

using namespace cuda_sim;

namespace {

void expect_pinned(const void* pointer, std::size_t bytes, const std::string& call, const char* argument) {
    const auto* allocation = find_allocation(pointer);
    if (allocation == nullptr) violation(call + ": " + argument + ": pageable memory in an asynchronous copy");
    if (allocation->place != Place::pinned || find_live(pointer, bytes) == nullptr) {
        violation(call + ": " + argument + " is to be " + std::to_string(bytes) + " bytes of pinned memory, and is " +
                  describe(pointer));
    }
}

void expect_place(const void* pointer, std::size_t bytes, Place place, const char* call, const char* argument) {
    if (place == Place::pinned) return expect_pinned(pointer, bytes, call, argument);
    const auto* allocation = find_live(pointer, bytes);
    if (allocation == nullptr || allocation->place != Place::device) {
        violation(std::string(call) + ": " + argument + " is to be " + std::to_string(bytes) +
                  " bytes of device memory, and is " + describe(pointer));
    }
}

Place infer_place(const void* pointer, const char* call, const char* argument) {
    const auto* allocation = find_allocation(pointer);
    if (allocation == nullptr)
        violation(std::string(call) + ": " + argument + ": pageable memory in an asynchronous copy");
    return allocation->place;
}

cudaError_t copy(Call& call, void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
    const char* name = call.name();
    get_stream(stream, name);
    if (bytes == 0) return cudaSuccess;
    Place to_place{};
    Place from_place{};
    switch (kind) {
        case cudaMemcpyHostToDevice:
            to_place = Place::device, from_place = Place::pinned;
            break;
        case cudaMemcpyDeviceToHost:
            to_place = Place::pinned, from_place = Place::device;
            break;
        case cudaMemcpyDeviceToDevice:
            to_place = from_place = Place::device;
            break;
        case cudaMemcpyHostToHost:
            to_place = from_place = Place::pinned;
            break;
        case cudaMemcpyDefault:
            to_place = infer_place(to, name, "dst");
            from_place = infer_place(from, name, "src");
            break;
        default:
            return call.fail(cudaErrorInvalidMemcpyDirection);
    }
    const Operand target{to, bytes};
    const Operand source{from, bytes};
    expect_place(to, bytes, to_place, name, "dst");
    expect_place(from, bytes, from_place, name, "src");
    expect_apart(target, source, name, "dst and src");
    // What the host finds there before it synchronises is nothing it may rely on.
    if (to_place == Place::pinned && !is_queued(target)) std::memset(to, 0xff, bytes);
    enqueue(stream, name,
            [=] {
                note_read(from, bytes, Content::anything);
                note_write(to, bytes);
                std::memcpy(to, from, bytes);
            },
            {target, source});
    return cudaSuccess;
}

/// What cudaFree and cudaFreeHost share.
cudaError_t free_memory(Call& call, void* pointer, Place place) {
    if (call.refused()) return call.error();
    if (pointer == nullptr) return cudaSuccess;
    auto* allocation = find_allocation(pointer);
    const std::string name = call.name();
    if (allocation == nullptr || allocation->place != place) violation(name + " of " + describe(pointer));
    if (allocation->state == AllocationState::freed) violation(name + ": freed twice: " + describe(pointer));
    if (allocation->data != pointer)
        violation(name + " of " + describe(pointer) + ": only the first byte can be freed");
    if (allocation->queued > 0) violation(name + " of " + describe(pointer) + " while queued work is going to use it");
    release(*allocation);
    return cudaSuccess;
}

}  // namespace

extern "C" {

cudaError_t cudaMalloc(void** pointer, std::size_t bytes) {
    Call call("cudaMalloc");
    if (call.refused()) return call.error();
    if (pointer == nullptr) return call.fail(cudaErrorInvalidValue);
    *pointer = nullptr;
    if (bytes == 0) return cudaSuccess;
    const auto* allocation = allocate(Place::device, bytes, current_device());
    if (allocation == nullptr) return call.fail(cudaErrorMemoryAllocation);
    *pointer = allocation->data;
    return cudaSuccess;
}

cudaError_t cudaFree(void* pointer) {
    Call call("cudaFree");
    return free_memory(call, pointer, Place::device);
}

cudaError_t cudaHostAlloc(void** pointer, std::size_t bytes, unsigned flags) {
    Call call("cudaHostAlloc");
    if (call.refused()) return call.error();
    constexpr unsigned known = cudaHostAllocPortable | cudaHostAllocMapped | cudaHostAllocWriteCombined;
    if (pointer == nullptr || (flags & ~known) != 0) return call.fail(cudaErrorInvalidValue);
    *pointer = nullptr;
    if (bytes == 0) return cudaSuccess;
    const auto* allocation = allocate(Place::pinned, bytes, current_device());
    if (allocation == nullptr) return call.fail(cudaErrorMemoryAllocation);
    *pointer = allocation->data;
    return cudaSuccess;
}

cudaError_t cudaFreeHost(void* pointer) {
    Call call("cudaFreeHost");
    return free_memory(call, pointer, Place::pinned);
}

cudaError_t cudaMemGetInfo(std::size_t* free, std::size_t* total) {
    Call call("cudaMemGetInfo");
    if (call.refused()) return call.error();
    if (free == nullptr || total == nullptr) return call.fail(cudaErrorInvalidValue);
    *total = device_capacity();
    *free = device_capacity() - bytes_in_use(current_device());
    return cudaSuccess;
}

cudaError_t cudaMemcpyAsync(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind, cudaStream_t stream) {
    Call call("cudaMemcpyAsync");
    if (call.refused()) return call.error();
    return copy(call, to, from, bytes, kind, stream);
}

cudaError_t cudaMemsetAsync(void* pointer, int value, std::size_t bytes, cudaStream_t stream) {
    Call call("cudaMemsetAsync");
    if (call.refused()) return call.error();
    get_stream(stream, call.name());
    if (bytes == 0) return cudaSuccess;
    expect_place(pointer, bytes, Place::device, call.name(), "devPtr");
    enqueue(stream, call.name(), [=] { std::memset(pointer, value, bytes); }, {{pointer, bytes, Use::write}});
    return cudaSuccess;
}

}  // extern "C"
