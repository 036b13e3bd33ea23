// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The built-in synthetic task set: characters of a few pen strokes drawn from a seeded program.

#include <cstdint>

#include "atnas/data/image_set.hpp"

namespace atnas::data {

struct StrokesOptions {
    int classes{200};
    int classes_per_group{
        20};  ///< "alphabets": their characters share stroke primitives, so they are harder to tell apart
    int images_per_class{20};  ///< drawings: the class's strokes with the tremor, slant and size of one drawer
    int size{28};              ///< pixels, square, one channel, ink = 255 on 0
    std::uint64_t seed{1};
};

/// A function of the options alone; class c does not depend on how many classes there are, nor drawing i on how many
/// drawings. Drawing i of every class is by drawer i. Only additions, products, quotients and square roots are used, so
/// the pixels are the same on every machine. Throws Error(bad_deck) for counts below 1 and sizes outside 8 .. 1024.
ImageSet make_strokes(const StrokesOptions& options);

}  // namespace atnas::data
