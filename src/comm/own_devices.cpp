#include "atnas/comm/own_devices.hpp"

#include <vector>

#include <fmt/format.h>

#include "atnas/core/error.hpp"
#include "atnas/core/provenance.hpp"

namespace atnas::comm {

void expect_own_devices(const Communicator& communicator, const std::string& device_id) {
    const std::vector<std::string> devices = communicator.all_gather_line(device_id);
    const std::vector<std::string> names = communicator.all_gather_line(host_name());
    const std::vector<int> hosts = communicator.hosts();
    for (std::size_t rank = 0; rank < devices.size(); ++rank) {
        if (devices[rank].empty()) continue;
        for (std::size_t other = 0; other < rank; ++other) {
            if (hosts[other] != hosts[rank] || devices[other] != devices[rank]) continue;
            throw Error(ExitCode::bad_deck, {fmt::format("ranks {} and {} have the same GPU, {} on host {}", other,
                                                         rank, devices[rank], names[rank]),
                                             "every rank needs a GPU of its own",
                                             "start fewer ranks per host, or let the launcher show each rank one GPU "
                                             "(srun --gpus-per-task=1) or all ranks all of them"});
        }
    }
}

}  // namespace atnas::comm
