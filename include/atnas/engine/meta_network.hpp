// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What a search works on and leaves behind: data, search space, backend, and a supernet with its weights.

#include <cstdint>
#include <memory>

#include "atnas/backend/backend.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/engine/replica_backend.hpp"
#include "atnas/engine/task_source.hpp"
#include "atnas/io/checkpoint.hpp"
#include "atnas/meta/task_plans.hpp"
#include "atnas/space/cost_model.hpp"
#include "atnas/space/search_space.hpp"
#include "atnas/supernet/supernet.hpp"

namespace atnas::engine {

enum class Pretrains { no, yes };

struct MetaNetworkOptions {
    /// Its image is the data's, whatever it says.
    space::NetworkOptions network{};
    ReplicaOptions replica{};
    std::uint64_t seed{1};                ///< of the initial weights; those of a checkpoint need none
    meta::InnerLoopOptions inner_loop{};  ///< of all tasks on it
    supernet::RateOptions rates{};        ///< of the inner loop; as many as those of a checkpoint
    int plans{0};  ///< that a replica keeps, see meta::PlanCache; 0 = meta::usual_plans on each lane
    /// A new one has a head for pretraining. One from a checkpoint has what is stored.
    Pretrains pretrains{Pretrains::no};
};

/// One replica of it; every rank has one. Neither copied nor moved: its parts refer to each other.
class MetaNetwork {
  public:
    /// With the initial weights that follow from the seed. What the data forbid is known before, so that it is refused
    /// before a device is taken. Throws Error on every rank: options that describe no network, no backend, too few
    /// plans for its lanes. Collective.
    static MetaNetwork found(TaskSource data, const MetaNetworkOptions& options,
                             const comm::Communicator& communicator);
    /// With the weights of a checkpoint that was read, and what is stored beside it for its device. The data and the
    /// options may be others than those it was made with, as far as its weights fit. Throws Error on every rank, beside
    /// what found() throws: Error(bad_data) for encodes that are none of the space, before a device is taken, and for
    /// weights of another network. Collective.
    static MetaNetwork open(const io::CheckpointState& stored, TaskSource data, const MetaNetworkOptions& options,
                            const comm::Communicator& communicator);
    MetaNetwork(const MetaNetwork&) = delete;
    MetaNetwork& operator=(const MetaNetwork&) = delete;

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
    /// \p stored: null for a new one.
    MetaNetwork(const io::CheckpointState* stored, TaskSource data, const MetaNetworkOptions& options,
                const comm::Communicator& communicator);

    TaskSource data_;
    space::NetworkOptions network_;
    std::unique_ptr<space::SearchSpace> space_;
    space::CostModel costs_;
    std::unique_ptr<backend::Backend> backend_;
    supernet::Supernet supernet_;
    meta::TaskPlans plans_;
};

}  // namespace atnas::engine
