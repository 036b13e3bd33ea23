// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What is in a file, object by object, with digests: how a reader knows that it reads what was written.

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "atnas/core/digest.hpp"

namespace atnas::io {

/// One line for every array and attribute: name, type, shape and digest of its value (analysis/FORMAT.md). It depends
/// on the content alone, not on the order of writing, the number of ranks or where things lie in the file.
class Contents {
  public:
    /// \p object: /path of an array, or /path@attribute. \p type: as numpy writes it, e.g. "<f4". Replaces an earlier
    /// line of the same object.
    void add(const std::string& object, const std::string& type, std::span<const std::uint64_t> shape, Digest digest);

    /// "<object> <type> <shape> <digest>", sorted.
    std::vector<std::string> lines() const;

  private:
    std::map<std::string, std::string> rest_;  ///< by object
};

/// Of all lines, each with a newline at its end.
Digest digest_of(std::span<const std::string> lines);

/// The objects, at most three and their number, whose lines are in one list and not in the other; "" when the lists are
/// equal. \pre both sorted
std::string differences(std::span<const std::string> stored, std::span<const std::string> found);

}  // namespace atnas::io
