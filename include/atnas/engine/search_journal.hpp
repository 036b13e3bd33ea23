// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What the search of a task has judged so far, in a file, so that a search that was stopped need not judge it again.

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "atnas/comm/communicator.hpp"
#include "atnas/engine/fold_fitness.hpp"
#include "atnas/space/genotype.hpp"

namespace atnas::engine {

/// A search asks for the same encodes again when it begins anew, and gets what the journal knows of them. Text: a line
/// with the key, then a line for each encode: loss and accuracy as hexadecimal floating-point numbers, and the genes.
class SearchJournal {
  public:
    /// Remembers for the life of the object alone.
    SearchJournal() = default;
    /// Takes up what is there if it was written with the same \p key, which stands for all that fitness depends on, in
    /// one line. Anything else, and what was not written to its end, does not count. Nothing is written before add().
    /// Collective.
    SearchJournal(std::filesystem::path path, std::string key, const comm::Communicator& communicator);

    /// Those that are not known yet, in their order. Not collective.
    std::vector<space::Genotype> unknown(std::span<const space::Genotype> encodes) const;
    /// Keeps them; rank 0 writes the file anew and renames it. The same on every rank. A file that cannot be written
    /// costs time only where the search is stopped. \pre one result each
    void add(std::span<const space::Genotype> encodes, std::span<const FoldResult> results);
    /// \pre it is known
    const FoldResult& result(const space::Genotype& encode) const { return known_.at(encode); }
    std::size_t size() const noexcept { return known_.size(); }
    /// The search has ended: removes the file.
    void close();

  private:
    void read(const std::string& text);
    void write();

    std::filesystem::path path_;  ///< empty on other ranks than 0, and without a file
    std::string key_;
    std::map<space::Genotype, FoldResult> known_;
};

}  // namespace atnas::engine
