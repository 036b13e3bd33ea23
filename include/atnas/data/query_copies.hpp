// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The queries of a task once more, changed as training images are, to be told apart together with themselves.

#include "atnas/core/random.hpp"
#include "atnas/data/augmenter.hpp"
#include "atnas/data/copy_options.hpp"
#include "atnas/data/task.hpp"
#include "atnas/space/shape.hpp"

namespace atnas::data {

/// What a network says of an image differs a little when the image is turned or moved a little; the mean of several
/// answers is right more often than one (test-time augmentation).
class QueryCopies {
  public:
    /// Throws Error(bad_deck) as Augmenter does. \pre options.count >= 0
    QueryCopies(const space::ImageShape& shape, const CopyOptions& options);

    int count() const noexcept { return count_; }
    /// All queries in their order, each changed at random: a function of the queries, \p key and the \p number of the
    /// copy. Other changes than those of SupportCopies by the same key. \pre 0 <= number < count(); images have the
    /// shape; the key has no island and no iteration
    LabelledImages copy(const LabelledImages& queries, const RandomKey& key, int number) const;

  private:
    int count_;
    Augmenter augmenter_;
};

}  // namespace atnas::data
