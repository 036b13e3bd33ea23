// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Changed copies of the images of a task.

#include "atnas/data/augmenter.hpp"

namespace atnas::data {

struct CopyOptions {
    int count{0};              ///< of each image
    AugmentOptions augment{};  ///< what changes them; without any, copies are equal and of no use
};

}  // namespace atnas::data
