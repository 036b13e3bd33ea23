// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Pareto dominance between rows of values, all of which are minimised.

#include <cstddef>
#include <span>
#include <vector>

namespace atnas::evo {

/// One value per objective, numbers all.
using ValueRow = std::vector<double>;

/// Whether \p a is nowhere larger than \p b and somewhere smaller. \pre of one length
bool dominates(std::span<const double> a, std::span<const double> b) noexcept;

/// Indices of rows, by front: nobody dominates those of the first one, only they dominate those of the second, and so
/// on. Every row once; ascending within a front. These are the fronts of the fast non-dominated sort (Deb, Pratap,
/// Agarwal, Meyarivan, "A fast and elitist multiobjective genetic algorithm: NSGA-II", IEEE TEC 6(2), 2002), found by
/// the efficient one (Zhang, Tian, Cheng, Jin, IEEE TEC 19(2), 2015): at most as many comparisons, one pass.
/// \pre all rows have one length, and no value is NaN
std::vector<std::vector<std::size_t>> fronts_of(std::span<const ValueRow> rows);

/// How far the neighbours on a front are from each of its rows, in the order of \p front: the sum over the objectives
/// of the distance between the two, in units of the front's range (Deb et al. 2002); infinite at the ends of every
/// objective. Where several rows have the same value, the one of smaller index counts as the smaller. An objective in
/// which all are equal has no ends and adds nothing. Of equal rows the first one has the distance and the others have
/// 0, so that copies do not crowd others out (distances between distinct rows: Fortin and Parizeau, GECCO 2013).
/// \pre finite values; indices of \p front are ascending
std::vector<double> crowding_distances(std::span<const ValueRow> rows, std::span<const std::size_t> front);

}  // namespace atnas::evo
