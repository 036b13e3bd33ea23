// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// To judge by the average of the weights instead of them.

#include "atnas/nn/param_store.hpp"

namespace atnas::nn {

/// While it lives the values of a store are their average, where one is kept. When it begins and when it ends, nothing
/// that is queued on another context than that of the weights uses the values.
class AveragedValues {
  public:
    /// Keeps a reference.
    explicit AveragedValues(ParamStore& store) noexcept : store_(store) { swap(); }
    ~AveragedValues() { swap(); }
    AveragedValues(const AveragedValues&) = delete;
    AveragedValues& operator=(const AveragedValues&) = delete;

  private:
    void swap() noexcept {
        if (store_.average_) store_.values_.swap(store_.average_);
    }

    ParamStore& store_;
};

}  // namespace atnas::nn
