// SPDX-License-Identifier: Apache-2.0
#pragma once
// A random order.

#include <cstdint>
#include <utility>
#include <vector>

#include "atnas/core/random.hpp"

namespace atnas::data {

/// All orders are equally likely (Fisher & Yates 1938, in the form of Durstenfeld 1964).
template <class T>
void shuffle(std::vector<T>& values, RandomStream& stream) {
    for (std::size_t left = values.size(); left > 1; --left)
        std::swap(values[left - 1], values[stream.index(static_cast<std::uint32_t>(left))]);
}

template <class T>
void shuffle(std::vector<T>& values, const RandomKey& key) {
    RandomStream stream(key);
    shuffle(values, stream);
}

}  // namespace atnas::data
