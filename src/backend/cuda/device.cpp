#include <string>

#include <fmt/format.h>

#include "atnas/backend/factories.hpp"
#include "atnas/core/error.hpp"
#include "check.hpp"
#include "device.hpp"

namespace atnas::backend {
namespace {

/// Compute capability of the oldest GPU that the kernels are built for.
constexpr int oldest_major = 8;

}  // namespace

std::string cuda_obstacle() {
    int count = 0;
    if (const cudaError_t result = cudaGetDeviceCount(&count); result != cudaSuccess) return cudaGetErrorString(result);
    if (count == 0) return "no GPU is visible (CUDA_VISIBLE_DEVICES, or the job asked for none)";
    const cudaDeviceProp properties = cuda::properties_of(0);
    if (properties.major < oldest_major)
        return fmt::format("{} has compute capability {}.{}, the program needs {}.0", properties.name, properties.major,
                           properties.minor, oldest_major);
    return {};
}

int choose_cuda_device(int local_rank) {
    int count = 0;
    cuda::check(cudaGetDeviceCount(&count), "cudaGetDeviceCount");
    if (count == 1) return 0;
    if (local_rank < count) return local_rank;
    throw Error(ExitCode::bad_deck,
                {fmt::format("rank {} of this host has no GPU: it sees {}", local_rank, count),
                 "every rank needs a GPU of its own",
                 "start as many ranks per host as it has GPUs (srun --gpus-per-task=1), or runtime.backend = onednn"});
}

}  // namespace atnas::backend

namespace atnas::backend::cuda {

cudaDeviceProp properties_of(int device) {
    cudaDeviceProp properties{};
    check(cudaGetDeviceProperties(&properties, device), "cudaGetDeviceProperties");
    return properties;
}

std::string pci_address_of(int device) {
    char text[32] = "";
    check(cudaDeviceGetPCIBusId(text, sizeof text, device), "cudaDeviceGetPCIBusId");
    return text;
}

}  // namespace atnas::backend::cuda
