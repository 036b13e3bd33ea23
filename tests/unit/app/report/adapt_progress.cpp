// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/adapt_progress.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace atnas::app {
namespace {

int lines_of(AdaptProgress progress, std::size_t evaluations, double seconds_of_one) {
    int lines = 0;
    for (std::size_t done = 1; done <= evaluations; ++done)
        if (progress.line({done, seconds_of_one * static_cast<double>(done), 0.5})) ++lines;
    return lines;
}

TEST(AdaptProgress, SaysHowFarItIsAndWhatIsBest) {
    AdaptProgress progress({.evaluations = 50, .seconds = 0});
    EXPECT_EQ(progress.line({8, 1.25, std::exp(-0.5)}),
              "search: 8/50 encodes judged, 1.2 s, the best has a loss of 0.5000 on held-out images");
    AdaptProgress timed({.evaluations = 0, .seconds = 10});
    EXPECT_EQ(timed.line({8, 2.5, -1}), "search: 8 encodes judged, 2.5/10.0 s, the best has no finite loss");
}

TEST(AdaptProgress, IsSilentUntilATwentiethIsDone) {
    EXPECT_EQ(lines_of(AdaptProgress({.evaluations = 1000, .seconds = 0}), 1000, 0), 20);
    EXPECT_EQ(lines_of(AdaptProgress({.evaluations = 0, .seconds = 50}), 1000, 0.05), 20);
    EXPECT_EQ(lines_of(AdaptProgress({.evaluations = 10, .seconds = 0}), 10, 0), 10);
    // Whichever of two limits is nearer counts, and after the end there is nothing to say.
    EXPECT_EQ(lines_of(AdaptProgress({.evaluations = 1000, .seconds = 5}), 1000, 0.05), 20);
}

}  // namespace
}  // namespace atnas::app
