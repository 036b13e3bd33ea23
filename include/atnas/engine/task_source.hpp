// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Where the tasks of a run come from: the data set, its split, and samplers over them.

#include <string>
#include <vector>

#include "atnas/comm/communicator.hpp"
#include "atnas/data/batch_sampler.hpp"
#include "atnas/data/episode_sampler.hpp"
#include "atnas/data/image_set.hpp"
#include "atnas/data/split.hpp"
#include "atnas/data/strokes.hpp"
#include "atnas/io/checkpoint.hpp"
#include "atnas/meta/task_shape.hpp"
#include "atnas/space/network_options.hpp"

namespace atnas::engine {

/// Images, their split, and what is done to training images alone.
struct DataOptions {
    std::string source{"strokes"};  ///< the built-in set, or a path relative to the working directory
    data::SplitOptions split{};
    data::StrokesOptions strokes{};
    data::Rotations rotations{data::Rotations::none};
    data::AugmentOptions augment{};

    bool built_in() const noexcept { return source == "strokes"; }
};

/// The few-shot tasks.
struct TaskOptions {
    int way{5};
    int shot{1};
    int query{15};  ///< query images per class
    data::WithinGroup within_group{data::WithinGroup::no};
    meta::Statistics statistics{meta::Statistics::query};
    int statistics_tasks{4};  ///< training tasks that running statistics are averaged over
    int support_copies{0};    ///< of a support image, changed as training images are, in tasks that judge
    int query_copies{0};      ///< of a query image in `evaluate`, changed likewise; their mean answer counts
    int train_shot{0};        ///< 0 = shot
    int train_way{0};         ///< 0 = way
    int train_query{0};       ///< 0 = query

    int shot_in_training() const noexcept { return train_shot > 0 ? train_shot : shot; }
    int way_in_training() const noexcept { return train_way > 0 ? train_way : way; }
    int query_in_training() const noexcept { return train_query > 0 ? train_query : query; }
};

class TaskSource {
  public:
    /// Loads or draws the images and divides them. Throws Error on every rank. Collective.
    TaskSource(const DataOptions& options, const comm::Communicator& communicator);
    /// What a search learned from, without its images: their shape and the record, nothing to draw. \pre the record
    /// says what the images are like
    explicit TaskSource(const io::DataRecord& learned);

    const data::ImageSet& images() const noexcept { return images_; }
    const data::Split& split() const noexcept { return split_; }
    /// What checkpoints and evaluations keep of it.
    const io::DataRecord& record() const noexcept { return record_; }

    /// What a search learns from.
    struct Training {
        data::EpisodeSampler episodes;
        std::optional<data::BatchSampler> batches{};  ///< pretraining's
    };
    /// \p batch: images of pretraining's mini-batches; 0 = there is no pretraining. Throws as training().
    Training to_learn(const TaskOptions& task, int batch) const;
    /// Classes that pretraining tells apart: those for training, with their turns.
    int pretrain_classes() const;
    /// Tasks to meta-train on: the training classes, their images turned and changed as the options say.
    /// Throws Error(bad_deck) when the classes cannot give such tasks, or there are none.
    data::EpisodeSampler training(const TaskOptions& task) const;
    /// Tasks to judge by: classes as they are, but for copies of support images. Throws Error(bad_deck) as well.
    data::EpisodeSampler held_out(const TaskOptions& task, data::Role role) const;
    /// Of support images of tasks to judge by.
    data::CopyOptions support_copies(const TaskOptions& task) const noexcept;
    /// Of query images of tasks that evaluate.
    data::CopyOptions query_copies(const TaskOptions& task) const noexcept;
    /// The training tasks that running statistics are averaged over; none where the statistics are others.
    std::vector<data::Task> to_average(const TaskOptions& task, std::uint64_t seed) const;
    /// \p network on these images.
    space::NetworkOptions fitted(space::NetworkOptions network) const;

  private:
    data::EpisodeSampler sampler(data::Role role, const data::EpisodeOptions& options) const;

    DataOptions options_;
    data::ImageSet images_;
    data::Split split_;
    io::DataRecord record_;
};

/// What forbids to go on with these data from a checkpoint of a search that learned from \p stored: other images, or
/// other classes to train on, to choose encodes by or to test. The name of the data set does not matter.
std::vector<Problem> data_problems(const io::DataRecord& now, const io::DataRecord& stored);

}  // namespace atnas::engine
