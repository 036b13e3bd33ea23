// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Plans of a lane that are remembered.

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "atnas/core/contract.hpp"

namespace atnas::meta {

/// Compiling a plan costs milliseconds, keeping one costs its operations: enough for what a rank usually meets again.
constexpr std::size_t usual_plans = 64;

/// Keeps the plans that were used last.
template <class Key, class Plan>
class PlanCache {
  public:
    /// \pre kept > 0
    explicit PlanCache(std::size_t kept = usual_plans) : kept_(kept) { ATNAS_EXPECT(kept > 0); }

    /// The plan of that key, made by make() if it is not remembered; valid until the next call.
    template <class Make>
    Plan& get(const Key& key, const Make& make) {
        const auto known = std::ranges::find(plans_, key, &Remembered::first);
        if (known != plans_.end()) {
            std::rotate(known, known + 1, plans_.end());
        } else {
            if (plans_.size() == kept_) plans_.erase(plans_.begin());
            plans_.emplace_back(key, make());
        }
        return *plans_.back().second;
    }
    void clear() noexcept { plans_.clear(); }

  private:
    using Remembered = std::pair<Key, std::unique_ptr<Plan>>;

    std::size_t kept_;
    std::vector<Remembered> plans_;  ///< most recently used last
};

}  // namespace atnas::meta
