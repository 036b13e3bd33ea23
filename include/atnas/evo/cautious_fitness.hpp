// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Fitness that does not take luck for merit.

#include <array>
#include <span>

#include "atnas/evo/individual.hpp"
#include "atnas/evo/objectives.hpp"

namespace atnas::evo {

/// Fitness, of a newcomer less \p caution standard errors of its difference from the best elder: a z value. So that a
/// newcomer comes before that elder only where it is better by more than that, whoever is selected, sent to another
/// island or kept as a finalist. Of an accuracy never below 0, so that a broken member stays the worst. \pre caution >=
/// 0
double cautious_fitness(const Individual& individual, double caution) noexcept;

inline constexpr std::array fitness_alone{ObjectiveName::fitness};

/// The objectives of these names, fitness being cautious; with caution 0 it is fitness itself. \pre at least one name
Objectives cautious_objectives(double caution, std::span<const ObjectiveName> names = fitness_alone);

}  // namespace atnas::evo
