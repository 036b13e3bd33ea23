// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Mini-batches of one classification over many classes.

#include <span>
#include <vector>

#include "atnas/core/random.hpp"
#include "atnas/data/augmenter.hpp"
#include "atnas/data/episode_sampler.hpp"
#include "atnas/data/image_set.hpp"
#include "atnas/data/task.hpp"

namespace atnas::data {

struct BatchOptions {
    int images{64};  ///< of a batch, >= 1
    Rotations rotations{Rotations::none};
    AugmentOptions augment{};
};

/// Draws images of some classes, each class and each image of a class equally likely, with replacement. With quarter
/// turns every class is four. A batch is a function of its key alone, changes of its images included.
class BatchSampler {
  public:
    /// Keeps a reference to \p images. Throws Error(bad_deck) for quarter turns of oblong images and for changes that
    /// such images cannot have. \pre classes are indices of \p images, without repetition; there is one
    BatchSampler(const ImageSet& images, std::span<const int> classes, const BatchOptions& options);

    const BatchOptions& options() const noexcept { return options_; }
    /// Labels are 0 .. classes() - 1: (place in the list of classes) * turns + quarter turns.
    int classes() const noexcept { return classes_of(static_cast<int>(chosen_.size()), options_.rotations); }
    /// Fills \p batch, reusing its memory.
    void sample(const RandomKey& key, LabelledImages& batch) const;

    /// How many classes \p classes are with their turns.
    static int classes_of(int classes, Rotations rotations) noexcept;

  private:
    const ImageSet& images_;
    BatchOptions options_;
    std::vector<int> chosen_;
    Augmenter augmenter_;
};

}  // namespace atnas::data
