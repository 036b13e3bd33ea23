// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What a parametrised test runs on.

#include <iostream>
#include <memory>
#include <ostream>
#include <string>

#include <gtest/gtest.h>

#include "atnas/backend/factories.hpp"

namespace atnas::test {

struct Device {
    std::string name;  ///< fit for GoogleTest
    backend::BackendKind kind;
    backend::Precision precision{backend::Precision::f32};
    backend::CudaOptions cuda{};
    /// Of the largest difference from `reference`, relative to the largest magnitude of the tensor. Sums of up to some
    /// thousand float products in another order differ by a few units of 1e-6.
    double tolerance{2e-5};
    /// In place of make_backend(), for what that cannot make.
    std::unique_ptr<backend::Backend> (*maker)(){nullptr};

    std::unique_ptr<backend::Backend> make() const {
        return maker != nullptr ? maker() : backend::make_backend(kind, precision, cuda);
    }
    /// Why it cannot be used here; empty when it can. Tests skip with it.
    std::string obstacle() const { return kind == backend::BackendKind::cuda ? backend::cuda_obstacle() : ""; }
};

/// Whether it is that of tests/cuda_sim.
inline bool is_simulated(const backend::Backend& device) {
    return device.description().starts_with("Simulated GPU");
}

/// What a real GPU's libraries do beyond their documentation is for the device to say: there this prints whether it is
/// as assumed, for jobs/gpu_check to collect. Everywhere else it has to hold.
inline void expect_assumption(backend::Backend& device, const std::string& assumption, bool holds) {
    if (device.services() != nullptr && !is_simulated(device))
        std::cout << "ASSUMPTION " << assumption << (holds ? ": holds" : ": DOES NOT HOLD") << std::endl;
    else
        EXPECT_TRUE(holds) << assumption;
}

inline void PrintTo(const Device& device, std::ostream* out) {
    *out << device.name;
}

inline const Device reference_f32{"f32", backend::BackendKind::reference, backend::Precision::f32};
inline const Device reference_f64{"f64", backend::BackendKind::reference, backend::Precision::f64};

}  // namespace atnas::test
