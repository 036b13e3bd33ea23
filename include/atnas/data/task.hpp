// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// One few-shot task: some labelled images to learn from, others to be judged by.

#include <vector>

namespace atnas::data {

/// Images with the number of each one's class, in any order.
struct LabelledImages {
    std::vector<float> images;  ///< [n, channels, height, width], in [0, 1]
    std::vector<int> labels;    ///< [n], 0 .. way - 1

    int count() const noexcept { return static_cast<int>(labels.size()); }
};

/// A value: drawn by a sampler, or put together from somebody's own images. Classes may have unequal numbers of images
/// (ragged shots), but each has one to learn from.
struct Task {
    int way{0};                ///< classes
    LabelledImages support{};  ///< to learn from
    LabelledImages query{};    ///< to be judged by
    // Where a sampler took them from; empty otherwise.
    std::vector<int> classes{};    ///< class in the image set, per label
    std::vector<int> rotations{};  ///< quarter turns counter-clockwise, per label
};

/// All labels are classes of the task, and every class has a support image.
bool labels_fit(const Task& task) noexcept;

}  // namespace atnas::data
