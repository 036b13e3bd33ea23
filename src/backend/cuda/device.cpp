#include "device.hpp"

#include "check.hpp"

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
