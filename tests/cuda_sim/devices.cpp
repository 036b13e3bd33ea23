// SPDX-License-Identifier: Apache-2.0
#include "devices.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sstream>

#include "diagnostics.hpp"
#include "memory.hpp"
#include "stream.hpp"

namespace cuda_sim {
namespace {

thread_local int current = 0;

Devices find_devices() {
    const char* text = std::getenv("ATNAS_SIM_DEVICES");
    if (text != nullptr && std::strcmp(text, "nodriver") == 0) return {{}, cudaErrorInsufficientDriver};
    const int count = text != nullptr ? std::atoi(text) : 2;
    Devices found;
    if (const char* visible = std::getenv("CUDA_VISIBLE_DEVICES")) {
        std::istringstream list(visible);
        for (std::string entry; std::getline(list, entry, ',');) {
            char* end = nullptr;
            const long number = std::strtol(entry.c_str(), &end, 10);
            // As documented: what follows the first invalid entry is invisible.
            if (end == entry.c_str() || number < 0 || number >= count) break;
            found.physical.push_back(static_cast<int>(number));
        }
    } else {
        for (int i = 0; i < count; ++i) found.physical.push_back(i);
    }
    if (found.physical.empty()) found.error = cudaErrorNoDevice;
    return found;
}

bool exists(int device) {
    return device >= 0 && device < static_cast<int>(devices().physical.size());
}

}  // namespace

const Devices& devices() {
    static const auto found = find_devices();
    return found;
}

int current_device() noexcept {
    return current;
}

namespace {

/// On the bus, from 1 on; ATNAS_SIM_SLICES devices are slices of one GPU.
unsigned bus_number(int device) {
    const char* text = std::getenv("ATNAS_SIM_SLICES");
    const int slices = text != nullptr ? std::atoi(text) : 1;
    return static_cast<unsigned>(devices().physical[static_cast<std::size_t>(device)] / slices + 1);
}

}  // namespace

std::string pci_bus_id(int device) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "0000:%02X:00.0", bus_number(device));
    return text.data();
}

std::size_t device_capacity() {
    static const std::size_t bytes = [] {
        const char* text = std::getenv("ATNAS_SIM_MEMORY");
        return text != nullptr && this_rank_is_meant() ? static_cast<std::size_t>(std::strtoull(text, nullptr, 10))
                                                       : std::size_t{4} << 30;
    }();
    return bytes;
}

}  // namespace cuda_sim

using namespace cuda_sim;

extern "C" {

cudaError_t cudaGetDeviceCount(int* count) {
    Call call("cudaGetDeviceCount");
    if (count == nullptr) return call.fail(cudaErrorInvalidValue);
    *count = call.refused() ? 0 : static_cast<int>(devices().physical.size());
    return call.error();
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int device) {
    Call call("cudaGetDeviceProperties");
    if (call.refused()) return call.error();
    if (properties == nullptr) return call.fail(cudaErrorInvalidValue);
    if (!exists(device)) return call.fail(cudaErrorInvalidDevice);
    *properties = {};
    std::snprintf(properties->name, sizeof properties->name, "Simulated GPU");
    properties->totalGlobalMem = device_capacity();
    properties->sharedMemPerBlock = 48 << 10;
    properties->sharedMemPerMultiprocessor = 228 << 10;
    properties->sharedMemPerBlockOptin = 227 << 10;
    properties->regsPerBlock = 65536;
    properties->warpSize = 32;
    properties->maxThreadsPerBlock = 1024;
    properties->maxThreadsPerMultiProcessor = 2048;
    properties->maxThreadsDim[0] = properties->maxThreadsDim[1] = 1024;
    properties->maxThreadsDim[2] = 64;
    properties->maxGridSize[0] = 0x7fffffff;
    properties->maxGridSize[1] = properties->maxGridSize[2] = 65535;
    properties->major = 9;
    properties->minor = 0;
    properties->multiProcessorCount = 132;
    properties->unifiedAddressing = 1;
    properties->asyncEngineCount = 2;
    properties->concurrentKernels = 1;
    properties->pciBusID = static_cast<int>(bus_number(device));
    properties->uuid.bytes[0] = 0x51;
    properties->uuid.bytes[15] = static_cast<char>(devices().physical[static_cast<std::size_t>(device)]);
    return cudaSuccess;
}

cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int device) {
    Call call("cudaDeviceGetAttribute");
    if (call.refused()) return call.error();
    if (value == nullptr) return call.fail(cudaErrorInvalidValue);
    if (!exists(device)) return call.fail(cudaErrorInvalidDevice);
    if (attribute != cudaDevAttrComputeMode) violation("cudaDeviceGetAttribute: an attribute that is not simulated");
    const char* mode = std::getenv("ATNAS_SIM_COMPUTE_MODE");
    *value = mode != nullptr ? std::atoi(mode) : static_cast<int>(cudaComputeModeDefault);
    return cudaSuccess;
}

cudaError_t cudaDeviceGetPCIBusId(char* text, int length, int device) {
    Call call("cudaDeviceGetPCIBusId");
    if (call.refused()) return call.error();
    if (text == nullptr || length < 13) return call.fail(cudaErrorInvalidValue);
    if (!exists(device)) return call.fail(cudaErrorInvalidDevice);
    std::snprintf(text, static_cast<std::size_t>(length), "%s", pci_bus_id(device).c_str());
    return cudaSuccess;
}

cudaError_t cudaSetDevice(int device) {
    Call call("cudaSetDevice");
    if (call.refused()) return call.error();
    if (!exists(device)) return call.fail(cudaErrorInvalidDevice);
    current = device;
    return cudaSuccess;
}

cudaError_t cudaGetDevice(int* device) {
    Call call("cudaGetDevice");
    if (call.refused()) return call.error();
    if (device == nullptr) return call.fail(cudaErrorInvalidValue);
    *device = current;
    return cudaSuccess;
}

cudaError_t cudaDriverGetVersion(int* version) {
    Call call("cudaDriverGetVersion", Needs::nothing);
    if (version == nullptr) return call.fail(cudaErrorInvalidValue);
    // 0 stands for "no driver" (CUDA Runtime API).
    *version = devices().error == cudaErrorInsufficientDriver ? 0 : CUDART_VERSION;
    return call.error();
}

cudaError_t cudaGetLastError() {
    log_call("cudaGetLastError");
    return take_last_error();
}

}  // extern "C"
