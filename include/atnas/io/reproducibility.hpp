// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Whether results follow from deck and seed alone (contract 1), and what else took part.

#include <string>
#include <string_view>
#include <vector>

namespace atnas::io {

class File;

/// Once lost it stays lost.
class Reproducibility {
  public:
    bool holds() const noexcept { return reasons_.empty(); }
    /// \p reason: one that completes "it is not reproducible:". Each counts once; a semicolon in it becomes a comma.
    void lose(std::string_view reason);
    /// All that \p other has lost.
    void lose(const Reproducibility& other);
    const std::vector<std::string>& reasons() const noexcept { return reasons_; }
    /// The reasons in one line; empty where it holds.
    std::string text() const;

    friend bool operator==(const Reproducibility&, const Reproducibility&) = default;

  private:
    std::vector<std::string> reasons_;
};

/// The attributes reproducible and, where it does not hold, why_not_reproducible of `/`.
void write_reproducibility(File& file, const Reproducibility& reproducibility);
/// Older programs kept no reason. Throws Error(bad_data) where the attribute is missing.
Reproducibility read_reproducibility(const File& file);

}  // namespace atnas::io
