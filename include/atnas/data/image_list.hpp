// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Some images of a set, each with its label in one classification.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "atnas/data/image_set.hpp"

namespace atnas::data {

/// In any order; a label is 0 .. classes - 1. Keeps a reference to the set.
class ImageList {
  public:
    /// \pre as many labels as images; images are indices of \p set, labels are not negative
    ImageList(const ImageSet& set, std::vector<std::int64_t> images, std::vector<int> labels);
    /// All images of a set, with labels by the names of their classes. Throws Error(bad_data) for classes that are none
    /// of \p classes; all at once.
    ImageList(const ImageSet& set, std::span<const std::string> classes);

    std::size_t count() const noexcept { return images_.size(); }
    const ImageSet& set() const noexcept { return *set_; }
    std::int64_t image(std::size_t place) const { return images_[place]; }
    int label(std::size_t place) const { return labels_[place]; }
    std::span<const int> labels() const noexcept { return labels_; }
    /// The pixels of \p count images from \p first on, as a network takes them: [count, channels, height, width] of
    /// values in [0, 1]. \pre they are there
    std::vector<float> pixels(std::size_t first, std::size_t count) const;
    /// Its first images, all where there are no more.
    ImageList first(std::size_t count) const;

  private:
    const ImageSet* set_;
    std::vector<std::int64_t> images_;
    std::vector<int> labels_;
};

}  // namespace atnas::data
