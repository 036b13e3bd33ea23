// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Analytical gradients against central finite differences, in double.

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace atnas::test {

struct GradientCheck {
    double step{1e-5};
    /// Of the difference, relative to the largest entry of the gradient or to 1. The truncation error is of order
    /// step^2, the rounding error of order 1e-16 / step: both near 1e-10.
    double tolerance{1e-7};
};

/// Checks d scalar / d values entry by entry. \p scalar takes a std::vector<double> and returns a double; it must be
/// smooth within a step around \p values. Reports the worst entry only.
template <class Scalar>
void expect_gradient(const std::string& name, std::vector<double> values, const std::vector<double>& gradient,
                     Scalar&& scalar, const GradientCheck& options = {}) {
    ASSERT_EQ(values.size(), gradient.size()) << name;
    double scale = 1.0;
    for (const double g : gradient) scale = std::max(scale, std::abs(g));

    double worst = -1.0;
    std::size_t worst_place = 0;
    double worst_expected = 0.0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double middle = values[i];
        values[i] = middle + options.step;
        const double above = scalar(values);
        values[i] = middle - options.step;
        const double below = scalar(values);
        values[i] = middle;

        const double expected = (above - below) / (2.0 * options.step);
        const double difference = std::abs(expected - gradient[i]);
        // Written so that a NaN is the worst of all.
        if (!(difference <= worst)) {
            worst = difference;
            worst_place = i;
            worst_expected = expected;
        }
        if (std::isnan(difference)) break;
    }
    EXPECT_LE(worst, options.tolerance * scale)
        << "gradient of " << name << "[" << worst_place << "] is " << gradient[worst_place]
        << ", finite differences say " << worst_expected;
}

}  // namespace atnas::test
