// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What the probabilities of classes should be, where a label says too much.

#include <span>
#include <vector>

namespace atnas::data {

/// targets[n, c] = (1 - smoothing) [c is the label of n] + smoothing / classes (label smoothing: Szegedy et al. 2016,
/// "Rethinking the Inception Architecture for Computer Vision"). Reuses the memory of \p targets.
/// \pre labels are in 0 ... classes - 1; 0 <= smoothing < 1
void smooth_targets(std::span<const int> labels, int classes, double smoothing, std::vector<float>& targets);

}  // namespace atnas::data
