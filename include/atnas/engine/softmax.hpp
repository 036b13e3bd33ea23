// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Logits -> probabilities, on the host.

#include <cstddef>
#include <span>
#include <vector>

namespace atnas::engine {

/// Of every row of \p logits [n, classes]; all NaN where one of the row is NaN or plus infinity. \pre whole rows,
/// classes > 0
std::vector<float> softmax(std::span<const float> logits, std::size_t classes);

}  // namespace atnas::engine
