// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Problems of which there may be any number, from inputs of any size.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "atnas/core/error.hpp"

namespace atnas {

/// What a message quotes of \p text that somebody gave: all of it, or the start of a long one with its length. Control
/// characters are written as "\x00".
std::string excerpt(std::string_view text);

/// Keeps the first problems and counts the others.
class ProblemList {
  public:
    static constexpr std::size_t usual = 50;

    explicit ProblemList(std::size_t most = usual) : most_(most) {}

    /// Calls \p make for a problem that is kept only: finding out what was meant takes time.
    template <class Make>
    void add(const Make& make) {
        ++count_;
        if (problems_.size() < most_) problems_.push_back(make());
    }

    /// Those kept, then one that says how many more there are in \p where.
    std::vector<Problem> take(const std::string& where) &&;

  private:
    std::size_t most_;
    std::size_t count_{0};
    std::vector<Problem> problems_;
};

}  // namespace atnas
