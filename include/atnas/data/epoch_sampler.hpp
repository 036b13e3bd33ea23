// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Mini-batches of a whole classification data set: every image once per epoch.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "atnas/data/augmenter.hpp"
#include "atnas/data/image_list.hpp"
#include "atnas/data/task.hpp"

namespace atnas::data {

struct EpochOptions {
    int images{64};  ///< of a mini-batch, >= 1
    AugmentOptions augment{};
    std::uint64_t seed{1};
};

/// The epochs, each in a random order of its own, one after the other make one endless list that is cut into
/// mini-batches: one of them may hold the end of an epoch and the beginning of the next. A mini-batch is a function of
/// its number alone, changes of its images included.
class EpochSampler {
  public:
    /// Throws Error(bad_deck) for changes that such images cannot have. \pre there is an image
    EpochSampler(ImageList images, const EpochOptions& options);

    const EpochOptions& options() const noexcept { return options_; }
    const ImageList& images() const noexcept { return images_; }
    /// Mini-batch \p number, from 0 on; reuses the memory of \p batch.
    void sample(std::uint64_t number, LabelledImages& batch);

  private:
    /// Of the images in that epoch.
    const std::vector<std::uint32_t>& order(std::uint64_t epoch);

    struct Epoch {
        std::uint64_t number;
        std::vector<std::uint32_t> order;  ///< empty = none yet
    };

    ImageList images_;
    EpochOptions options_;
    Augmenter augmenter_;
    Epoch epochs_[2];  ///< an even one and an odd one
};

}  // namespace atnas::data
