// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/meta_network.hpp"

#include <utility>

#include "atnas/engine/stored_encodes.hpp"
#include "atnas/engine/stored_weights.hpp"
#include "atnas/io/tuning_file.hpp"

namespace atnas::engine {

MetaNetwork::MetaNetwork(TaskSource data, const MetaNetworkOptions& options, const comm::Communicator& communicator)
    : communicator_(communicator),
      data_(std::move(data)),
      network_(data_.fitted(options.network)),
      space_(space::make_search_space(network_)),
      costs_(network_),
      backend_(make_replica_backend(options.replica, communicator)),
      supernet_(*backend_, network_, options.seed, lanes_of(options.replica, *backend_)),
      plans_(supernet_) {}

void MetaNetwork::load(const io::CheckpointState& state, const std::filesystem::path& checkpoint,
                       ExitCode other_network) {
    // Rank 0 holds the encodes of the histories as well.
    comm::on_root(communicator_, [&] { expect_legal_encodes(state, checkpoint, *space_); });
    backend_->tune(io::read_tuning(checkpoint.parent_path(), communicator_));
    load_weights(state, checkpoint, other_network, supernet_);
}

}  // namespace atnas::engine
