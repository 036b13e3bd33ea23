// SPDX-License-Identifier: Apache-2.0
#include "atnas/backend/visible_gpus.hpp"

#include <cstdlib>

#include <cuda_runtime_api.h>
#include <fmt/format.h>

#include "architectures.hpp"
#include "device.hpp"

namespace atnas::backend {
namespace {

/// Errors of these calls are answers: nothing later may find them. \return the text of \p error
std::string forgotten(cudaError_t error) {
    static_cast<void>(cudaGetLastError());
    return cudaGetErrorString(error);
}

std::string none_because(cudaError_t error) {
    const char* list = std::getenv("CUDA_VISIBLE_DEVICES");
    const std::string text = forgotten(error);
    return error == cudaErrorNoDevice && list != nullptr ? fmt::format("{} (CUDA_VISIBLE_DEVICES is '{}')", text, list)
                                                         : text;
}

Gpu gpu_number(int device) {
    Gpu gpu;
    char address[32] = "";
    cudaDeviceProp properties{};
    int mode = cudaComputeModeDefault;
    cudaError_t result = cudaDeviceGetPCIBusId(address, sizeof address, device);
    if (result == cudaSuccess) result = cudaGetDeviceProperties(&properties, device);
    if (result == cudaSuccess) result = cudaDeviceGetAttribute(&mode, cudaDevAttrComputeMode, device);
    gpu.name = properties.name;
    gpu.id = {address, cuda::uuid_of(properties)};
    gpu.memory = properties.totalGlobalMem;
    if (result != cudaSuccess) {
        gpu.obstacle = forgotten(result);
    } else if (mode == cudaComputeModeProhibited) {
        gpu.obstacle = "its compute mode lets no program use it (nvidia-smi --compute-mode)";
    } else if (!cuda::runs_on(ATNAS_CUDA_ARCHITECTURES, {properties.major, properties.minor})) {
        gpu.obstacle = fmt::format("it has compute capability {}.{}, this program was built for {}", properties.major,
                                   properties.minor, ATNAS_CUDA_ARCHITECTURES);
    }
    return gpu;
}

}  // namespace

VisibleGpus visible_gpus() {
    VisibleGpus seen;
    int count = 0;
    const cudaError_t result = cudaGetDeviceCount(&count);
    if (result != cudaSuccess || count == 0)
        seen.obstacle = none_because(result == cudaSuccess ? cudaErrorNoDevice : result);
    for (int device = 0; device < count; ++device) seen.gpus.push_back(gpu_number(device));
    return seen;
}

}  // namespace atnas::backend
