#include "atnas/comm/own_devices.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "atnas/core/error.hpp"
#include "atnas/core/provenance.hpp"

namespace atnas::comm {

void expect_own_devices(const Communicator& communicator, const std::string& device_id) {
    const std::vector<std::string> devices = communicator.all_gather_line(
        device_id.empty() ? std::string() : fmt::format("{} on host {}", device_id, host_name()));
    for (auto rank = devices.begin(); rank != devices.end(); ++rank) {
        const auto other = std::find(devices.begin(), rank, *rank);
        if (rank->empty() || other == rank) continue;
        throw Error(
            ExitCode::bad_deck,
            {fmt::format("ranks {} and {} have the same GPU, {}", other - devices.begin(), rank - devices.begin(),
                         *rank),
             "every rank needs a GPU of its own",
             "start fewer ranks per host, or let the launcher show each rank one GPU (srun --gpus-per-task=1) or "
             "all ranks all of them"});
    }
}

}  // namespace atnas::comm
