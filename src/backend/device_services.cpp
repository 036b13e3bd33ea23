// SPDX-License-Identifier: Apache-2.0
#include "atnas/backend/device_services.hpp"

#include "atnas/backend/backend.hpp"

namespace atnas::backend {

PhaseObserver* phase_observer_of(Backend& backend) noexcept {
    DeviceServices* const services = backend.services();
    return services != nullptr ? &services->phase_observer() : nullptr;
}

}  // namespace atnas::backend
