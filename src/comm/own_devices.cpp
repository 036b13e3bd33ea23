// SPDX-License-Identifier: Apache-2.0
#include "atnas/comm/own_devices.hpp"

#include <string>
#include <vector>

#include <fmt/format.h>

#include "atnas/core/error.hpp"
#include "atnas/core/provenance.hpp"

namespace atnas::comm {
namespace {

std::vector<backend::DeviceId> all_of(const Communicator& communicator, const backend::DeviceId& own) {
    const std::vector<std::string> addresses = communicator.all_gather_line(own.pci_address);
    const std::vector<std::string> uuids = communicator.all_gather_line(own.uuid);
    std::vector<backend::DeviceId> all;
    for (std::size_t rank = 0; rank < addresses.size(); ++rank) all.push_back({addresses[rank], uuids[rank]});
    return all;
}

/// Slices of one GPU have its address, so the UUID comes with it where there is one.
std::string label_of(const backend::DeviceId& device) {
    return device.uuid.empty() ? device.pci_address : fmt::format("{} {}", device.pci_address, device.uuid);
}

}  // namespace

void expect_own_devices(const Communicator& communicator, const backend::DeviceId& device) {
    const std::vector<backend::DeviceId> devices = all_of(communicator, device);
    const std::vector<std::string> names = communicator.all_gather_line(host_name());
    const std::vector<int> hosts = communicator.hosts();
    for (std::size_t rank = 0; rank < devices.size(); ++rank) {
        if (devices[rank] == backend::DeviceId{}) continue;
        for (std::size_t other = 0; other < rank; ++other) {
            if (hosts[other] != hosts[rank] || devices[other] != devices[rank]) continue;
            throw Error(ExitCode::bad_deck, {fmt::format("ranks {} and {} have the same GPU, {} on host {}", other,
                                                         rank, label_of(devices[rank]), names[rank]),
                                             "every rank needs a GPU of its own",
                                             "start fewer ranks per host, or let the launcher show each rank one GPU "
                                             "(srun --gpus-per-task=1) or all ranks all of them"});
        }
    }
}

bool share_gpus(const Communicator& communicator, const backend::DeviceId& device) {
    const std::vector<backend::DeviceId> devices = all_of(communicator, device);
    const std::vector<int> hosts = communicator.hosts();
    for (std::size_t rank = 0; rank < devices.size(); ++rank)
        for (std::size_t other = 0; other < rank; ++other)
            if (hosts[other] == hosts[rank] && devices[other].pci_address == devices[rank].pci_address &&
                devices[other].uuid != devices[rank].uuid)
                return true;
    return false;
}

}  // namespace atnas::comm
