// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Tasks made of the labelled images of one task, so that they alone can tell how well a network learns it.

#include <vector>

#include "atnas/core/random.hpp"
#include "atnas/data/augmenter.hpp"
#include "atnas/data/image_set.hpp"
#include "atnas/data/support_copies.hpp"
#include "atnas/data/task.hpp"
#include "atnas/space/shape.hpp"

namespace atnas::data {

struct FoldOptions {
    int most{5};                   ///< folds
    int copies{8};                 ///< of the image of a class that has no other, over all folds
    AugmentOptions changes{};      ///< of these copies
    CopyOptions support_copies{};  ///< added to what is learned from, as in any task that judges
};

/// Small turns, shears, changes of size and shifts, after which a drawing or a photograph still shows the same.
AugmentOptions mild_changes(const space::ImageShape& shape) noexcept;
/// \p changes, or mild ones where there are none.
AugmentOptions changes_or_mild(const AugmentOptions& changes, const space::ImageShape& shape) noexcept;

/// All images of a set, with the numbers of their classes, ordered by class.
LabelledImages labelled(const ImageSet& images);

/// Cross-validation, class by class: a class of n images is divided into min(n, folds) parts at random, and a fold asks
/// for one part of every class and learns from the others; small classes hold the same images out more often, so that
/// every fold asks for every class. As many folds as the largest class has images, at most options.most: with few
/// images that is leave-one-out. A class of one image is learned from it and asked for by changed copies. A function of
/// its arguments; \p key names the task (its seed and item), its purpose does not count. Throws Error(bad_deck) as
/// Augmenter does. \pre every class of the \p way has an image of this shape; options.most > 1, options.copies > 0
std::vector<Task> task_folds(const space::ImageShape& shape, const LabelledImages& images, int way,
                             const FoldOptions& options, const RandomKey& key);

}  // namespace atnas::data
