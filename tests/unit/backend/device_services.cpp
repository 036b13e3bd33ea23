// SPDX-License-Identifier: Apache-2.0
#include "atnas/backend/device_services.hpp"

#include <gtest/gtest.h>

#include "atnas/backend/factories.hpp"

namespace atnas::backend {
namespace {

TEST(DeviceServices, a_processor_has_none_and_tells_nobody_of_its_phases) {
    for (const Precision precision : {Precision::f32, Precision::f64}) {
        const auto device = make_reference_backend(precision);
        EXPECT_EQ(device->services(), nullptr);
        EXPECT_EQ(phase_observer_of(*device), nullptr);
    }
}

}  // namespace
}  // namespace atnas::backend
