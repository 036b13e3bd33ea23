// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Which images of every class are for training, validation and test: of one classification, whose classes are all
/// known. split.hpp divides classes.

#include <cstdint>

#include "atnas/data/image_list.hpp"
#include "atnas/data/image_set.hpp"

namespace atnas::data {

struct ImageSplitOptions {
    double validation_fraction{0.1};  ///< of the images of each class, rounded to nearest, at least one; 0 < it < 1
    double test_fraction{0.2};        ///< likewise; 0 = there is no image to test on
    std::uint64_t seed{1};
};

/// Disjoint. Labels are the classes of the set; the order is random, so that the first images of a list are a sample of
/// all of its classes.
struct ImageSplit {
    ImageList train, validation, test;
};

/// Each class has images of each role. A function of set and options alone. Throws Error(bad_data) for a set of one
/// class and with all classes that have too few images, Error(bad_deck) for fractions that leave nothing to train on.
ImageSplit split_images(const ImageSet& images, const ImageSplitOptions& options);

}  // namespace atnas::data
