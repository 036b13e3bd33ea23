// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Which classes are taken for which others.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "atnas/comm/communicator.hpp"

namespace atnas::engine {

/// A confusion matrix over some classes of a data set: how many queries of one were taken for another, over many tasks.
/// Exact counts, so that it does not depend on who counted what. Classes go by their place among those given.
class Confusion {
  public:
    /// \p classes are numbers in the data set, without repetition.
    explicit Confusion(std::span<const int> classes);

    /// What was said of the queries of a task.
    struct Answers {
        std::span<const int> classes;    ///< number in the data set, by label
        std::span<const int> labels;     ///< of the queries
        std::span<const int> predicted;  ///< labels that they were given; empty where nothing was recognised
    };
    /// \pre the classes are among those given
    void add(const Answers& answers);
    /// Adds up what all ranks counted, on every rank. Collective.
    void sum(const comm::Communicator& communicator);

    int classes() const noexcept { return static_cast<int>(queries_.size()); }
    std::int64_t queries(int of) const { return queries_[static_cast<std::size_t>(of)]; }
    std::int64_t count(int of, int taken_for) const { return table_[place(of, taken_for)]; }
    std::span<const std::int64_t> queries() const noexcept { return queries_; }  ///< [classes]
    /// [classes, classes]: rows are what queries show, columns what they were taken for. A row sums up to the queries,
    /// but for those of tasks in which nothing was recognised.
    std::span<const std::int64_t> table() const noexcept { return table_; }

    /// Queries of one class that were taken for another.
    struct Mistake {
        int of, taken_for;
        std::int64_t times;
    };
    /// The most frequent ones, in order; by the order of classes where they are equally frequent.
    std::vector<Mistake> mistakes(std::size_t most) const;

  private:
    std::size_t place(int row, int column) const noexcept {
        return static_cast<std::size_t>(row) * queries_.size() + static_cast<std::size_t>(column);
    }

    std::vector<int> place_of_class_;  ///< by number in the data set; -1 = not among those given
    std::vector<std::int64_t> queries_, table_;
};

}  // namespace atnas::engine
