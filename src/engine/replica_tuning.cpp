// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/replica_tuning.hpp"

#include "atnas/backend/device_services.hpp"
#include "atnas/core/log.hpp"
#include "atnas/io/tuning_file.hpp"

namespace atnas::engine {

void tune(backend::Backend& backend, const std::filesystem::path& folder, const comm::Communicator& communicator) {
    if (backend::DeviceServices* const device = backend.services()) device->tune(io::read_tuning(folder, communicator));
}

void keep_tuning(const TunedReplica& replica, const std::filesystem::path& folder,
                 io::Reproducibility& reproducibility) {
    const backend::DeviceServices* const device = replica.backend.services();
    if (device == nullptr ||
        io::write_tuning(folder, device->tuning(), replica.communicator) == io::TuningChoices::equal)
        return;
    if (reproducibility.holds())
        world_log().warn(
            "not reproducible from its deck any more: ranks compute convolutions of one shape by different algorithms, "
            "because one failed on some of them (tuning.json)");
    reproducibility.lose("an algorithm of cuDNN failed on some ranks, which use others");
}

}  // namespace atnas::engine
