// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What a search works on and leaves behind: data, search space, backend, and a supernet with its weights.

#include <cstdint>
#include <filesystem>
#include <memory>

#include "atnas/backend/backend.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/core/error.hpp"
#include "atnas/engine/replica_backend.hpp"
#include "atnas/engine/task_source.hpp"
#include "atnas/io/checkpoint.hpp"
#include "atnas/meta/task_plans.hpp"
#include "atnas/space/cost_model.hpp"
#include "atnas/space/search_space.hpp"
#include "atnas/supernet/supernet.hpp"

namespace atnas::engine {

struct MetaNetworkOptions {
    /// Its image is the data's, whatever it says.
    space::NetworkOptions network{};
    ReplicaOptions replica{};
    std::uint64_t seed{1};  ///< of the initial weights
};

/// One replica of it; every rank has one. Neither copied nor moved: its parts refer to each other.
class MetaNetwork {
  public:
    /// Founded: with the initial weights that follow from the seed. What the data forbid is known before, so that it is
    /// refused before a device is taken. Throws Error on every rank: options that describe no network, no backend.
    /// Collective.
    MetaNetwork(TaskSource data, const MetaNetworkOptions& options, const comm::Communicator& communicator);

    /// Takes the weights of a checkpoint that was read. Throws Error(bad_data) for encodes that are none of the space,
    /// Error(\p other_network) for weights of another network. Collective.
    void load(const io::CheckpointState& state, const std::filesystem::path& checkpoint, ExitCode other_network);

    const TaskSource& data() const noexcept { return data_; }
    const space::NetworkOptions& network() const noexcept { return network_; }
    const space::SearchSpace& space() const noexcept { return *space_; }
    const space::CostModel& costs() const noexcept { return costs_; }
    backend::Backend& backend() noexcept { return *backend_; }
    const backend::Backend& backend() const noexcept { return *backend_; }
    supernet::Supernet& supernet() noexcept { return supernet_; }
    const supernet::Supernet& supernet() const noexcept { return supernet_; }
    meta::TaskPlans& plans() noexcept { return plans_; }

  private:
    const comm::Communicator& communicator_;
    TaskSource data_;
    space::NetworkOptions network_;
    std::unique_ptr<space::SearchSpace> space_;
    space::CostModel costs_;
    std::unique_ptr<backend::Backend> backend_;
    supernet::Supernet supernet_;
    meta::TaskPlans plans_;
};

}  // namespace atnas::engine
