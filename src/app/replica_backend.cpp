#include "atnas/app/replica_backend.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "atnas/backend/factories.hpp"
#include "atnas/comm/own_devices.hpp"
#include "atnas/core/error.hpp"
#include "atnas/core/log.hpp"
#include "atnas/core/provenance.hpp"

namespace atnas::app {
namespace {

using backend::BackendKind;

/// Ranks before this one on the same host.
int local_rank(const comm::Communicator& communicator) {
    const std::vector<std::string> hosts = communicator.all_gather_line(host_name());
    const auto own = hosts.begin() + communicator.rank();
    return static_cast<int>(std::count(hosts.begin(), own, *own));
}

/// What auto stands for, the same on every rank.
BackendKind agreed_kind(const comm::Communicator& communicator) {
    const std::vector<std::string> obstacles = communicator.all_gather_line(backend::obstacle_of(BackendKind::cuda));
    const auto is_free = [](const std::string& obstacle) { return obstacle.empty(); };
    const auto bad = std::find_if_not(obstacles.begin(), obstacles.end(), is_free);
    if (bad == obstacles.end()) return BackendKind::cuda;
    const std::string text =
        fmt::format("backend auto: not cuda, because on rank {} {}", bad - obstacles.begin(), *bad);
    if (std::any_of(obstacles.begin(), obstacles.end(), is_free))
        world_log().warn("{}; other ranks have a GPU, which stays idle", text);
    else
        world_log().info(text);
    return BackendKind::onednn;
}

}  // namespace

std::unique_ptr<backend::Backend> make_replica_backend(const Deck& deck, const comm::Communicator& communicator,
                                                       backend::Profile profile) {
    const BackendKind kind =
        deck.runtime.backend == "auto" ? agreed_kind(communicator) : backend::backend_from_name(deck.runtime.backend);
    std::unique_ptr<backend::Backend> backend;
    const int local = local_rank(communicator);
    comm::together(communicator, [&] {
        backend::CudaOptions options{0, deck.cuda.tf32, deck.cuda.algorithms, profile};
        if (kind == BackendKind::cuda && backend::obstacle_of(kind).empty())
            options.device = backend::choose_cuda_device(local);
        backend = backend::make_backend(kind, backend::Precision::f32, options);
    });
    comm::expect_own_devices(communicator, backend->device_id());
    return backend;
}

int lanes_of(const Deck& deck, const backend::Backend& backend) noexcept {
    return backend.kind() == BackendKind::cuda ? deck.cuda.streams : 1;
}

}  // namespace atnas::app
