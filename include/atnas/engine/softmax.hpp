// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Logits -> probabilities, on the host.

#include <cstddef>
#include <span>
#include <vector>

namespace atnas::engine {

/// Of every row of \p logits [n, classes]: not numbers where one of the row is none. \pre n rows; classes > 0
std::vector<float> softmax(std::span<const float> logits, std::size_t classes);

}  // namespace atnas::engine
