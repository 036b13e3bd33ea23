// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// N-way K-shot tasks out of an image set.

#include <span>
#include <vector>

#include "atnas/core/random.hpp"
#include "atnas/data/augmenter.hpp"
#include "atnas/data/image_set.hpp"
#include "atnas/data/support_copies.hpp"
#include "atnas/data/task.hpp"

namespace atnas::data {

enum class WithinGroup { no, yes };  ///< yes: all classes of a task from one group (alphabet)
/// quarter: every class also as itself turned by 90, 180, 270 degrees; mirrored: and each of these left to right.
enum class Rotations { none, quarter, mirrored };

struct EpisodeOptions {
    int way{5};
    int shot{1};    ///< support images per class
    int query{15};  ///< query images per class
    WithinGroup within_group{WithinGroup::no};
    Rotations rotations{Rotations::none};
    AugmentOptions augment{};  ///< of all images
    CopyOptions copies{};      ///< beside the support images
};

/// Draws tasks from some classes of an image set, each an episode with equal numbers of images per class, ordered by
/// label; copies of support images are added in the end. A task is a function of its key alone, and part of every
/// result: a test holds the hash of one, so that no later version draws other tasks from the same key unnoticed.
///
/// The key's stream gives the pool (group), then `way` distinct pairs (class, quarter turn), then per label the
/// shot + query distinct images. Two turns of one class are two classes and may meet in a task, as in the MAML papers.
/// Changes of the images come from the same address with Purpose::augment, so turning them on changes no choice.
class EpisodeSampler {
  public:
    /// Keeps a reference to \p images. Throws Error(bad_deck) when the classes cannot give such tasks (too few classes,
    /// too few images in a class, no group with enough classes, quarter turns of oblong images, changes that such
    /// images cannot have), naming the figures. Within groups, those with too few classes are passed over and the
    /// others are equally likely. \pre classes are indices of \p images, without repetition
    EpisodeSampler(const ImageSet& images, std::span<const int> classes, const EpisodeOptions& options);

    const EpisodeOptions& options() const noexcept { return options_; }
    /// Fills \p task, reusing its memory where no copies are added.
    void sample(const RandomKey& key, Task& task) const;

  private:
    const ImageSet& images_;
    EpisodeOptions options_;
    std::vector<std::vector<int>> pools_;  ///< classes a task may choose from: one pool, or one per usable group
    Augmenter augmenter_;
    SupportCopies copies_;
};

}  // namespace atnas::data
