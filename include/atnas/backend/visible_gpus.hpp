// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The GPUs that this process sees.

#include <cstddef>
#include <string>
#include <vector>

#include "atnas/backend/device_id.hpp"

namespace atnas::backend {

struct Gpu {
    std::string name;
    DeviceId id;            ///< the same in every process of the host
    std::size_t memory{0};  ///< bytes
    std::string obstacle;   ///< why it cannot be used; empty when it can
};

struct VisibleGpus {
    std::vector<Gpu> gpus;  ///< by their numbers in this process
    std::string obstacle;   ///< why there is none (not compiled in, no driver, hidden); empty when there is one
};

/// Asks the driver, in a way that takes no memory on a GPU and works where another process has it to itself. What is
/// wrong with a GPU is its obstacle, never an exception.
VisibleGpus visible_gpus();

}  // namespace atnas::backend
