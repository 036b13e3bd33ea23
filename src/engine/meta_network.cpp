// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/meta_network.hpp"

#include <utility>

#include <fmt/format.h>

#include "atnas/core/error.hpp"
#include "atnas/engine/replica_tuning.hpp"
#include "atnas/engine/stored_encodes.hpp"
#include "atnas/engine/stored_weights.hpp"

namespace atnas::engine {

namespace {

/// Its head for pretraining has the classes that it was trained on, whatever the data are now.
space::NetworkOptions network_of(const TaskSource& data, const MetaNetworkOptions& options,
                                 const io::CheckpointState* stored) {
    space::NetworkOptions network = data.fitted(options.network);
    if (stored != nullptr)
        network.pretrain_classes = pretrain_classes(*stored);
    else if (options.pretrains == Pretrains::yes)
        network.pretrain_classes = data.pretrain_classes();
    return network;
}

/// Rank 0 checks, for it alone holds the encodes of the histories.
std::unique_ptr<space::SearchSpace> space_of(const space::NetworkOptions& network, const io::CheckpointState* stored,
                                             const comm::Communicator& communicator) {
    auto space = space::make_search_space(network);
    if (stored != nullptr) comm::on_root(communicator, [&] { expect_legal_encodes(*stored, *space); });
    return space;
}

/// Plans that each of so many lanes keeps. Two are in use at a time where statistics are measured before a task: none
/// may go while its work is only queued.
std::size_t plans_of_lane(int plans, int lanes) {
    constexpr int fewest = 2;
    if (plans == 0) return meta::usual_plans;
    if (plans < fewest * lanes)
        throw Error(ExitCode::bad_deck,
                    {fmt::format("runtime.plans = {}", plans),
                     fmt::format("a rank has {} task(s) in flight, and each may use {} plans", lanes, fewest),
                     fmt::format("give {} or more, or 0 for the usual number", fewest * lanes)});
    return static_cast<std::size_t>(plans / lanes);
}

}  // namespace

MetaNetwork MetaNetwork::found(TaskSource data, const MetaNetworkOptions& options,
                               const comm::Communicator& communicator) {
    return {nullptr, std::move(data), options, communicator};
}

MetaNetwork MetaNetwork::open(const io::CheckpointState& stored, TaskSource data, const MetaNetworkOptions& options,
                              const comm::Communicator& communicator) {
    return {&stored, std::move(data), options, communicator};
}

MetaNetwork::MetaNetwork(const io::CheckpointState* stored, TaskSource data, const MetaNetworkOptions& options,
                         const comm::Communicator& communicator)
    : data_(std::move(data)),
      network_(network_of(data_, options, stored)),
      space_(space_of(network_, stored, communicator)),
      costs_(network_),
      backend_(make_replica_backend(options.replica, communicator)),
      supernet_(*backend_, network_, options.seed, lanes_of(options.replica, *backend_), options.rates),
      plans_(supernet_, options.inner_loop, plans_of_lane(options.plans, supernet_.lanes())) {
    if (stored == nullptr) return;
    tune(*backend_, stored->path.parent_path(), communicator);
    load_weights(*stored, supernet_);
}

}  // namespace atnas::engine
