// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// How right, how sure and how justly sure predictions are. Pure functions.

#include <cstddef>
#include <cstdint>
#include <span>

namespace atnas::engine {

struct Interval {
    double low, high;
};

/// The 95 % interval of a share of which \p right of \p count are known (Wilson, JASA 22, 1927): sensible near 0 and 1,
/// too. \pre 0 <= right <= count, count > 0
Interval wilson_interval(std::int64_t right, std::int64_t count);

/// Index of the most probable class, the first of equal ones. \pre there is one
std::size_t most_probable(std::span<const float> probabilities);

/// The share of images whose most probable class is their label; nothing is recognised where a probability is no
/// number. \p probabilities [n, classes], \p labels [n]. \pre n > 0
double share_right(std::span<const float> probabilities, std::span<const int> labels);

/// - sum p ln p, in nats: 0 = sure, ln(classes) = no idea.
double entropy(std::span<const float> probabilities);

/// - ln of the probability of \p label, in nats. A probability that was rounded to zero counts as the smallest positive
/// float, so that one image does not make a mean infinite; one that is no number gives infinity. \pre it is an index
double cross_entropy(std::span<const float> probabilities, int label);

/// The mean of cross_entropy() over images. \p probabilities [n, classes], \p labels [n]. \pre n > 0
double mean_cross_entropy(std::span<const float> probabilities, std::span<const int> labels);

/// Expected calibration error (Guo et al., ICML 2017): images are put into \p bins of equal width by the probability of
/// their most probable class, and in each the mean of that is compared with the share that was right; the mean of the
/// absolute differences, weighted by images. 0 = probabilities can be taken at their word, 1 = never.
/// \p probabilities [n, classes], \p labels [n]. \pre n > 0
double calibration_error(std::span<const float> probabilities, std::span<const int> labels, std::size_t bins = 15);

}  // namespace atnas::engine
