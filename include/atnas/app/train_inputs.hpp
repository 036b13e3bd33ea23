// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What `atnas train` works on: a meta-network, and images with labels in three roles.

#include <memory>
#include <optional>

#include "atnas/app/deck/deck.hpp"
#include "atnas/app/train_options.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/data/image_list.hpp"
#include "atnas/data/image_set.hpp"
#include "atnas/data/image_split.hpp"
#include "atnas/engine/encode_trials.hpp"
#include "atnas/io/checkpoint.hpp"
#include "atnas/space/network_options.hpp"

namespace atnas::app {

/// Neither copied nor moved: its lists refer to its images.
class TrainInputs {
  public:
    /// Throws Error on every rank: a file that is no meta-network, images that cannot be learned or do not fit it.
    /// Collective.
    TrainInputs(const TrainOptions& options, const comm::Communicator& communicator);
    TrainInputs(const TrainInputs&) = delete;
    TrainInputs& operator=(const TrainInputs&) = delete;

    const io::CheckpointState& meta_network() const noexcept { return meta_network_; }
    /// That of the meta-network, changed to one classification of these images.
    const Deck& deck() const noexcept { return deck_; }
    /// Of the networks: its image and classes are those of the data.
    const space::NetworkOptions& network() const noexcept { return network_; }
    const data::ImageSet& images() const noexcept { return images_; }
    const data::ImageList& train() const noexcept { return split_->train; }
    const data::ImageList& validation() const noexcept { return split_->validation; }
    const data::ImageList& test() const noexcept { return test_images_ ? *test_list_ : split_->test; }
    /// What checkpoints keep of the data.
    const io::DataRecord& record() const noexcept { return record_; }
    engine::StartingWeights start(TrainFrom from) const noexcept;

  private:
    /// Of the networks: the size is that of the data, but a meta-network's first layer takes so many channels.
    space::ImageShape image_for(TrainFrom from) const;

    io::CheckpointState meta_network_;
    data::ImageSet images_;
    std::optional<data::ImageSet> test_images_;
    Deck deck_;
    space::NetworkOptions network_;
    std::optional<data::ImageSplit> split_;
    std::optional<data::ImageList> test_list_;
    io::DataRecord record_;
};

}  // namespace atnas::app
