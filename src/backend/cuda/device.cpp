// SPDX-License-Identifier: Apache-2.0
#include "device.hpp"

#include <cstddef>

#include <fmt/format.h>

#include "check.hpp"

namespace atnas::backend::cuda {

cudaDeviceProp properties_of(int device) {
    cudaDeviceProp properties{};
    check(cudaGetDeviceProperties(&properties, device), "cudaGetDeviceProperties");
    return properties;
}

std::string uuid_of(const cudaDeviceProp& properties) {
    constexpr std::size_t groups[] = {4, 2, 2, 2, 6};
    std::string text;
    bool known = false;
    const char* byte = properties.uuid.bytes;
    for (const std::size_t length : groups) {
        if (!text.empty()) text += '-';
        for (std::size_t k = 0; k < length; ++k, ++byte) {
            text += fmt::format("{:02x}", static_cast<unsigned char>(*byte));
            known = known || *byte != 0;
        }
    }
    return known ? text : std::string();
}

DeviceId id_of(int device) {
    char address[32] = "";
    check(cudaDeviceGetPCIBusId(address, sizeof address, device), "cudaDeviceGetPCIBusId");
    return {address, uuid_of(properties_of(device))};
}

}  // namespace atnas::backend::cuda
