// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The queries of a task once more, changed as training images are, to be told apart together with themselves.

#include <vector>

#include "atnas/core/random.hpp"
#include "atnas/data/augmenter.hpp"
#include "atnas/data/copy_options.hpp"
#include "atnas/data/task.hpp"
#include "atnas/space/shape.hpp"

namespace atnas::data {

/// What a network says of an image that is turned and moved a little differs by chance; the mean of several such
/// answers is right more often than one (test-time augmentation).
class QueryCopies {
  public:
    /// Throws Error(bad_deck) as Augmenter does. \pre options.count >= 0
    QueryCopies(const space::ImageShape& shape, const CopyOptions& options);

    /// `count` times all of them, each image changed by chance: a function of the queries and \p key, other than the
    /// changes of SupportCopies. \pre images have the shape; the key has no island
    std::vector<LabelledImages> of(const LabelledImages& queries, const RandomKey& key) const;

  private:
    int count_;
    Augmenter augmenter_;
};

}  // namespace atnas::data
