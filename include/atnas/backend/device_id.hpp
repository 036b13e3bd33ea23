// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Which device of a machine it is, whatever number a process knows it by.

#include <string>

namespace atnas::backend {

/// Of a GPU, or of a slice of one (MIG): slices share the address of their GPU and have UUIDs of their own. Both parts
/// are empty for a processor.
struct DeviceId {
    std::string pci_address{};  ///< "0000:17:00.0"
    std::string uuid{};         ///< "1f2e3d4c-..."; empty where the driver tells none
    bool operator==(const DeviceId&) const = default;
    auto operator<=>(const DeviceId&) const = default;
};

}  // namespace atnas::backend
