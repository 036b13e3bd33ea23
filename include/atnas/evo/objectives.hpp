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
enum class ObjectiveName { fitness, macs, parameters };

Objective objective_of(ObjectiveName name);

/// The values that count, the first one most: where it is equal, the next decides. An immutable value.
class Objectives {
  public:
    /// Fitness alone.
    Objectives() : Objectives({{&Individual::fitness, Sense::larger_is_better}}) {}
    /// \pre at least one
    explicit Objectives(std::vector<Objective> objectives);
    explicit Objectives(std::span<const ObjectiveName> names);

    std::size_t count() const noexcept { return objectives_.size(); }
    /// One value each, in their order, of the sense in which smaller is better: negative where larger is.
    std::vector<double> minimised(const Individual& individual) const;
    /// Whether all values are numbers.
    bool are_known(const Individual& individual) const noexcept;
    /// Who is not evaluated comes last, who went further in racing before those who stopped earlier; ties by fewer
    /// MACs, then by genotype, then by id: a total order.
    bool better(const Individual& a, const Individual& b) const noexcept;

  private:
    std::vector<Objective> objectives_;
};

}  // namespace atnas::evo
