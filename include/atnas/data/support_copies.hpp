// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// More support images for a task out of its own: copies that are changed as training images are.

#include "atnas/core/random.hpp"
#include "atnas/data/augmenter.hpp"
#include "atnas/data/copy_options.hpp"
#include "atnas/data/task.hpp"
#include "atnas/space/shape.hpp"

namespace atnas::data {

/// One image tells little about its class; copies of it, turned and moved a little, tell what does not matter. Queries
/// stay as they are.
class SupportCopies {
  public:
    /// Throws Error(bad_deck) as Augmenter does. \pre options.count >= 0
    SupportCopies(const space::ImageShape& shape, const CopyOptions& options);

    /// Puts the copies behind the image that they are of, in new memory. A function of \p task and \p key, by
    /// augment_stream(). \pre images have the shape
    void add(Task& task, const RandomKey& key) const;

  private:
    int count_;
    Augmenter augmenter_;
};

}  // namespace atnas::data
