// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// How much of the space of values a set of rows dominates.

#include <span>

#include "atnas/evo/dominance.hpp"

namespace atnas::evo {

/// Volume of all points that are no better than some row and better than \p reference, in every objective, all of which
/// are minimised (Zitzler and Thiele, "Multiobjective evolutionary algorithms: a comparative case study", IEEE TEC
/// 3(4), 1999). Exact but for rounding, and the same bits for every order of the rows: a sweep for two objectives; for
/// more the sum of what each row adds to those after it (While, Bradstreet, Barone, "A fast way of calculating exact
/// hypervolumes", IEEE TEC 16(1), 2012), which takes milliseconds for a hundred rows of three values and grows steeply
/// with their number. Rows that are not better than the reference in everything, and those that are dominated, add
/// nothing. \pre rows have the length of \p reference, at least 1; no value is NaN
double hypervolume(std::span<const ValueRow> rows, std::span<const double> reference);

}  // namespace atnas::evo
