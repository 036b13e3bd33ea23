// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Training of one network on a whole classification data set, by mini-batches.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "atnas/comm/communicator.hpp"
#include "atnas/comm/gradient_reducer.hpp"
#include "atnas/core/timer.hpp"
#include "atnas/data/epoch_sampler.hpp"
#include "atnas/data/image_list.hpp"
#include "atnas/data/mixup.hpp"
#include "atnas/data/task.hpp"
#include "atnas/engine/gradient_step.hpp"
#include "atnas/io/network_file.hpp"
#include "atnas/meta/batch_plan.hpp"
#include "atnas/meta/outer_optimizer.hpp"
#include "atnas/space/genotype.hpp"
#include "atnas/supernet/supernet.hpp"

namespace atnas::engine {

struct NetworkTrainingOptions {
    std::uint64_t seed{1};           ///< of the order of images and their changes
    int batches{2};                  ///< mini-batches of a step, its items of work: ranks share them
    int images{64};                  ///< of a mini-batch, which is normalised by its own statistics
    data::AugmentOptions augment{};  ///< of training images
    double label_smoothing{0};       ///< of the loss that is learned from, 0 <= ... < 1
    double mixup{0};                 ///< data::MixupOptions::alpha; 0 = images are not mixed
    /// Probability that an image loses the result of an edge, in the last step: it rises evenly from 0. 0 <= ... < 1
    double drop_path{0};
    meta::OuterOptions outer{};  ///< its iterations are the steps
    /// Mini-batches of training images, as they are, that the statistics of the trained network are averaged over.
    int moment_batches{16};

    std::int64_t images_per_step() const noexcept { return std::int64_t{batches} * images; }
    /// That see every one of \p whole images so often, at least one.
    int steps_for(double epochs, std::size_t whole) const noexcept;
    /// What the loss of a mini-batch compares with.
    nn::Targets targets() const noexcept {
        return label_smoothing > 0 || mixup > 0 ? nn::Targets::soft : nn::Targets::labels;
    }
};

/// Results do not depend on the number of ranks. Neither copied nor moved: its parts refer to each other.
class NetworkTraining {
  public:
    /// Everything that outlives it.
    struct Place {
        supernet::Supernet& network;  ///< made of this genotype, with a linear head for the classes
        comm::GradientReducer& reducer;
        const comm::Communicator& communicator;
    };
    /// Throws Error(bad_deck) for changes that such images cannot have. \pre there are images; labels are less than the
    /// way of the network's options
    NetworkTraining(const Place& place, const space::Genotype& genotype, const data::ImageList& images,
                    const NetworkTrainingOptions& options);

    /// Learns from those mini-batches of step \p step that fall to this rank. Not collective, but every rank calls it.
    void learn(int step);
    struct Step {
        double loss;  ///< mean over its mini-batches, of what is learned from
        bool made;    ///< no: the gradient was not finite or too large for an exact sum; nothing changed
    };
    /// Sums what all ranks learned and steps. Collective.
    Step step(int step);
    /// Of the schedule, for who knows their number from seconds_per_step() only. The rate rises in a tenth of them at
    /// most, however long the warm-up was to be.
    void set_steps(int steps) noexcept {
        options_.outer.iterations = steps;
        options_.outer.warmup = std::min(warmup_, steps / 10);
    }
    /// Seconds that a step takes, found by some that change nothing; differs from rank to rank. Collective.
    double seconds_per_step();

    /// The network as it is, or as the average of its weights where one is kept, with the statistics of training
    /// images. \pre no step is begun. The same on all ranks.
    io::NetworkRecord record();

    meta::OuterOptimizer& optimizer() noexcept { return step_.optimizer(); }
    const NetworkTrainingOptions& options() const noexcept { return options_; }

    /// Edges whose results images may lose.
    int drops() const noexcept { return plan_.drops(); }

  private:
    /// Mini-batch \p number into the plan, for step \p step.
    void write_batch(std::uint64_t number, int step);

    Place place_;
    space::Genotype genotype_;
    NetworkTrainingOptions options_;
    int warmup_{options_.outer.warmup};  ///< as it was asked for
    data::EpochSampler epochs_;
    data::EpochSampler unchanged_;  ///< images as they are
    std::optional<data::Mixup> mixup_;
    meta::BatchPlan plan_;
    GradientStep step_;
    data::LabelledImages batch_;
    std::vector<float> targets_;  ///< [images, classes], with Targets::soft
    std::vector<float> factors_;  ///< [drops, images]
    PhaseTimes times_;
};

}  // namespace atnas::engine
