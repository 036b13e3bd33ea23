// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What several answers to the same question come to.

#include <span>
#include <vector>

namespace atnas::engine {

class MeanProbabilities {
  public:
    /// \pre as many as in the call before
    void add(std::span<const float> probabilities);
    /// \pre something was added
    std::vector<float> values() const;

  private:
    std::vector<double> sum_;
    int count_{0};
};

}  // namespace atnas::engine
