// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Images between images: mixup (Zhang et al. 2018, "mixup: Beyond Empirical Risk Minimization").

#include <cstdint>
#include <vector>

namespace atnas::data {

struct MixupOptions {
    /// A of the distribution Beta(A, A) of the weights: the smaller, the more of a mixed image is one of the two.
    /// Above 0; 1 is uniform.
    double alpha{1};
    std::uint64_t seed{1};
};

/// How a mini-batch is mixed.
struct Mixture {
    float weight;                         ///< of each image itself, 0 ... 1; the rest is its partner's
    std::vector<std::uint32_t> partners;  ///< a permutation of the images
};

/// Mixes each mini-batch with a permutation of itself, all images by the same weight. Everything is a function of the
/// seed and of the number of the mini-batch.
class Mixup {
  public:
    explicit Mixup(const MixupOptions& options);

    Mixture mixture(std::uint64_t number, int images) const;
    /// Row n = weight x row n + (1 - weight) x row partners[n], in place. \pre as many rows as partners
    void mix(const Mixture& mixture, std::vector<float>& rows);

  private:
    MixupOptions options_;
    std::vector<float> unmixed_;
};

}  // namespace atnas::data
