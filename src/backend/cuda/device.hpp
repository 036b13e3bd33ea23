// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What the machine says about its GPUs.

#include <string>

#include <cuda_runtime_api.h>

#include "atnas/backend/device_id.hpp"

namespace atnas::backend::cuda {

/// \pre device is one of those that this process sees
cudaDeviceProp properties_of(int device);
/// The UUID as text, as nvidia-smi has it behind "GPU-" or "MIG-".
std::string uuid_of(const cudaDeviceProp& properties);
/// \pre device is one of those that this process sees
DeviceId id_of(int device);

}  // namespace atnas::backend::cuda
