#pragma once
/// \file
/// What the machine says about its GPUs.

#include <string>

#include <cuda_runtime_api.h>

namespace atnas::backend::cuda {

/// \pre device is one of those that this process sees
cudaDeviceProp properties_of(int device);
/// "0000:17:00.0"
std::string pci_address_of(int device);

}  // namespace atnas::backend::cuda
