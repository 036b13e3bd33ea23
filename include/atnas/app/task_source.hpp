#pragma once
/// \file
/// Where the tasks of a run come from: the data set, its split, and samplers over them.

#include "atnas/app/deck/deck.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/data/episode_sampler.hpp"
#include "atnas/data/image_set.hpp"
#include "atnas/data/split.hpp"
#include "atnas/io/checkpoint.hpp"

namespace atnas::app {

class TaskSource {
  public:
    /// Loads or draws the images and divides them. Throws Error on every rank. Collective.
    TaskSource(const DataOptions& options, const comm::Communicator& communicator);

    const data::ImageSet& images() const noexcept { return images_; }
    const data::Split& split() const noexcept { return split_; }
    /// What checkpoints and evaluations keep of it.
    const io::DataRecord& record() const noexcept { return record_; }

    /// Tasks to meta-train on: the training classes, with rotations and jitter.
    data::EpisodeSampler training(const TaskOptions& task) const;
    /// Tasks to judge by: classes as they are. Throws Error(bad_deck) when the classes cannot give such tasks.
    data::EpisodeSampler held_out(const TaskOptions& task, data::Role role) const;
    /// The network of the deck on these images.
    space::NetworkOptions network(const Deck& deck) const;

  private:
    DataOptions options_;
    data::ImageSet images_;
    data::Split split_;
    io::DataRecord record_;
};

/// What forbids to go on with these data from a checkpoint of a search that learned from \p stored: other images, or
/// other classes to train on, to choose encodes by or to test. The name of the data set does not matter.
std::vector<Problem> data_problems(const io::DataRecord& now, const io::DataRecord& stored);

}  // namespace atnas::app
