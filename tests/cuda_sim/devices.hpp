// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The devices this process sees, from ATNAS_SIM_DEVICES and CUDA_VISIBLE_DEVICES.

#include <string>
#include <vector>

#include "device.hpp"

namespace cuda_sim {

struct Devices {
    std::vector<int> physical{};     ///< by ordinal: the number of the device in the machine
    cudaError_t error{cudaSuccess};  ///< why there is none
};

const Devices& devices();
/// The calling thread's current device: each thread starts with 0, as on the real one.
int current_device() noexcept;
std::string pci_bus_id(int device);
/// Bytes one device has (ATNAS_SIM_MEMORY; 4 GiB by default).
std::size_t device_capacity();

}  // namespace cuda_sim
