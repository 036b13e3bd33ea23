// SPDX-License-Identifier: Apache-2.0
/// \file
/// Registration of kernels, as code from nvcc does it, and their launches.

#include <cxxabi.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>

#include "devices.hpp"
#include "diagnostics.hpp"
#include "grid.hpp"
#include "host_kernel.hpp"
#include "memory.hpp"
#include "stream.hpp"

using namespace cuda_sim;

namespace {

/// What one __cudaRegisterFunction said.
struct RegisteredKernel {
    std::string name;  ///< qualified, without parameters
};

std::map<const void*, RegisteredKernel>& registered() {
    // Programs register before main and after the destructors of this library may have run.
    static auto* kernels = new std::map<const void*, RegisteredKernel>;
    return *kernels;
}

std::string readable(const char* mangled) {
    int status = 0;
    char* text = abi::__cxa_demangle(mangled, nullptr, nullptr, &status);
    std::string name = status == 0 ? text : mangled;
    std::free(text);
    return name.substr(0, name.find('('));
}

struct Configuration {
    dim3 grid, block;
    std::size_t shared;
    cudaStream_t stream;
};
thread_local std::vector<Configuration> configurations;

bool valid(const dim3& grid, const dim3& block) {
    const auto nonzero = [](const dim3& size) { return size.x > 0 && size.y > 0 && size.z > 0; };
    return nonzero(grid) && nonzero(block) && grid.x <= 0x7fffffffu && grid.y <= 65535 && grid.z <= 65535 &&
           block.x <= 1024 && block.y <= 1024 && block.z <= 64 && block.x * block.y * block.z <= 1024;
}

/// Whether a value is an address of freed memory, and not a number that looks like one from afar.
bool is_inside(const void* pointer, const Allocation* allocation) {
    if (allocation == nullptr || reinterpret_cast<std::uintptr_t>(pointer) % sizeof(float) != 0) return false;
    const auto* address = static_cast<const std::byte*>(pointer);
    return address >= allocation->data && address < allocation->data + allocation->bytes;
}

/// Memory that the arguments name. A pointer among them has to be of the device or pinned; values are searched for
/// addresses, since a struct may hold some.
std::vector<Operand> operands_of(const std::string& name, const HostKernel& kernel, void** arguments) {
    std::vector<Operand> operands;
    for (std::size_t i = 0; i < kernel.arguments.size(); ++i) {
        const auto& [kind, bytes, alignment] = kernel.arguments[i];
        for (std::size_t offset = 0; offset + sizeof(void*) <= bytes; offset += sizeof(void*)) {
            const void* pointer = nullptr;
            std::memcpy(&pointer, static_cast<const std::byte*>(arguments[i]) + offset, sizeof pointer);
            if (pointer == nullptr) continue;
            if (reinterpret_cast<std::uintptr_t>(pointer) % alignment != 0) {
                violation("kernel " + name + ": argument " + std::to_string(i) + " is not aligned to " +
                          std::to_string(alignment) + " bytes");
            }
            const auto* allocation = find_allocation(pointer);
            if (allocation != nullptr && allocation->state == AllocationState::live) {
                operands.push_back({allocation->data, allocation->bytes});
            } else if (kind == ArgumentKind::pointer || is_inside(pointer, allocation)) {
                violation("kernel " + name + ": argument " + std::to_string(i) + " is " + describe(pointer));
            }
        }
    }
    return operands;
}

cudaError_t launch(const void* function, dim3 grid, dim3 block, void** arguments, std::size_t shared,
                   cudaStream_t stream) {
    Call call("cudaLaunchKernel");
    if (call.refused()) return call.error();
    const auto found = registered().find(function);
    if (found == registered().end()) return call.fail(cudaErrorInvalidDeviceFunction);
    const auto& name = found->second.name;
    static const auto kernels = make_kernel_table();
    const auto kernel = kernels.find(name);
    if (kernel == kernels.end()) violation("cudaLaunchKernel: the simulated device has no kernel " + name);
    if (!valid(grid, block)) return call.fail(cudaErrorInvalidConfiguration);
    if (shared != 0) violation("kernel " + name + ": dynamic shared memory is not simulated");
    // As documented, the stream's device has to be the current one.
    if (get_stream(stream, ("kernel " + name).c_str())->device != current_device()) {
        return call.fail(cudaErrorInvalidResourceHandle);
    }
    auto operands = operands_of(name, kernel->second, arguments);
    enqueue(
        stream, name.c_str(), [=, thread = kernel->second.bind(arguments)] { run_grid(name, grid, block, thread); },
        std::move(operands));
    return cudaSuccess;
}

}  // namespace

extern "C" {

cudaError_t cudaLaunchKernel(const void* function, dim3 grid, dim3 block, void** arguments, std::size_t shared,
                             cudaStream_t stream) {
    return launch(function, grid, block, arguments, shared, stream);
}

// What follows is called by code that nvcc generates (crt/host_runtime.h, crt/device_functions.h).

void** __cudaRegisterFatBinary(void*) {
    static void* handle = nullptr;
    return &handle;
}
void __cudaRegisterFatBinaryEnd(void**) {}
void __cudaUnregisterFatBinary(void**) {}
char __cudaInitModule(void**) {
    return 1;
}

void __cudaRegisterFunction(void**, const char* host_function, char*, const char* device_name, int, uint3*, uint3*,
                            dim3*, dim3*, int*) {
    const std::lock_guard lock(device_lock());
    registered()[host_function] = {readable(device_name)};
}

unsigned __cudaPushCallConfiguration(dim3 grid, dim3 block, std::size_t shared, CUstream_st* stream) {
    configurations.push_back({grid, block, shared, stream});
    return 0;
}

cudaError_t __cudaPopCallConfiguration(dim3* grid, dim3* block, std::size_t* shared, void* stream) {
    if (configurations.empty()) return cudaErrorMissingConfiguration;
    const auto [pushed_grid, pushed_block, pushed_shared, pushed_stream] = configurations.back();
    configurations.pop_back();
    *grid = pushed_grid;
    *block = pushed_block;
    *shared = pushed_shared;
    *static_cast<cudaStream_t*>(stream) = pushed_stream;
    return cudaSuccess;
}

cudaError_t __cudaGetKernel(cudaKernel_t* kernel, const void* function) {
    *kernel = reinterpret_cast<cudaKernel_t>(const_cast<void*>(function));
    return cudaSuccess;
}

cudaError_t __cudaLaunchKernel(cudaKernel_t kernel, dim3 grid, dim3 block, void** arguments, std::size_t shared,
                               cudaStream_t stream) {
    return launch(kernel, grid, block, arguments, shared, stream);
}

}  // extern "C"
