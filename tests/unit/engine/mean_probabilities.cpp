// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/mean_probabilities.hpp"

#include <gtest/gtest.h>

namespace atnas::engine {
namespace {

TEST(MeanProbabilities, AreTheMeanOfWhatWasAdded) {
    MeanProbabilities mean;
    mean.add(std::vector{0.5F, 0.5F});
    EXPECT_EQ(mean.values(), (std::vector{0.5F, 0.5F}));
    mean.add(std::vector{1.0F, 0.0F});
    mean.add(std::vector{0.75F, 0.25F});
    EXPECT_EQ(mean.values(), (std::vector{0.75F, 0.25F}));
}

}  // namespace
}  // namespace atnas::engine
