// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What individuals are judged by.

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "atnas/evo/individual.hpp"

namespace atnas::evo {

enum class Sense { larger_is_better, smaller_is_better };

/// One value of an individual that evolution improves.
struct Objective {
    std::function<double(const Individual&)> value;  ///< a field, or what follows from several; NaN = not evaluated
    Sense sense;
};

/// Values that a search may improve.
enum class ObjectiveName { fitness, macs, parameters, memory, latency };

Objective objective_of(ObjectiveName name);

/// What an individual must not exceed to count as a solution (constrained domination: Deb et al. 2002, section VI).
struct Limit {
    std::function<double(const Individual&)> value;  ///< NaN = not measured, and not exceeded
    double most;
};

/// The values that count, the first one most: where it is equal, the next decides. An immutable value.
class Objectives {
  public:
    /// Fitness alone.
    Objectives() : Objectives({{&Individual::fitness, Sense::larger_is_better}}) {}
    /// \pre at least one
    explicit Objectives(std::vector<Objective> objectives);
    explicit Objectives(std::span<const ObjectiveName> names);

    std::size_t count() const noexcept { return objectives_.size(); }
    /// The same with another limit.
    Objectives within(Limit limit) const;
    /// One value each, in their order, of the sense in which smaller is better: negative where larger is.
    std::vector<double> minimised(const Individual& individual) const;
    /// Whether all values are numbers.
    bool are_known(const Individual& individual) const noexcept;
    /// By how much it exceeds limits, the sum of the excesses relative to them; 0 = it keeps them all.
    double excess(const Individual& individual) const noexcept;
    /// Its fitness; worst_fitness where it exceeds a limit, so that it is nobody's best beside those who keep them.
    double fitness_within_limits(const Individual& individual) const noexcept;
    /// Who is not evaluated comes last; before them who exceeds a limit, the least excess first; who went further in
    /// racing comes before those who stopped earlier; ties by fewer MACs, then by genotype, then by id: a total order.
    bool better(const Individual& a, const Individual& b) const noexcept;

  private:
    std::vector<Objective> objectives_;
    std::vector<Limit> limits_;
};

}  // namespace atnas::evo
