// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The mean of the values of tasks and how sure it is.

#include <span>

namespace atnas::app {

struct MeanInterval {
    double mean;
    double half;  ///< half width of the 95 % interval, normal approximation; NaN of a single value
};

/// \pre there is a value
MeanInterval mean_interval(std::span<const double> values);

}  // namespace atnas::app
