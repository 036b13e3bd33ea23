// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/replica_tuning.hpp"

#include "atnas/backend/device_services.hpp"
#include "atnas/core/log.hpp"

namespace atnas::engine {

void tune(backend::Backend& backend, const std::filesystem::path& folder, const comm::Communicator& communicator) {
    if (backend::DeviceServices* const device = backend.services()) device->tune(io::read_tuning(folder, communicator));
}

io::TuningChoices keep_tuning(backend::Backend& backend, const std::filesystem::path& folder,
                              const comm::Communicator& communicator) {
    const backend::DeviceServices* const device = backend.services();
    return device == nullptr ? io::TuningChoices::equal : io::write_tuning(folder, device->tuning(), communicator);
}

void warn_of_tuning() {
    world_log().warn(
        "not reproducible from its deck any more: ranks compute convolutions of one shape by different algorithms, "
        "because one failed on some of them (tuning.json)");
}

}  // namespace atnas::engine
