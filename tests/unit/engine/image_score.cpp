// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/image_score.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "support/small_classification.hpp"

namespace atnas::engine {
namespace {

TEST(ImageScore, IsWhatTheProbabilitiesSay) {
    test::SmallTraining small(test::small_training(3));
    small.run(0, 3);
    Predictor network(*small.device, test::small_network(), small.training.record(), 5);
    const ImageScore found = score(network, small.list, 5, small.communicator);
    const std::vector<float> probabilities = network.probabilities(small.list.pixels(0, small.list.count()));
    std::int64_t right = 0;
    double loss = 0;
    for (std::size_t n = 0; n < small.list.count(); ++n) {
        const float* const row = probabilities.data() + 3 * n;
        const int label = small.list.label(n);
        right += row[label] >= std::max({row[0], row[1], row[2]}) ? 1 : 0;
        loss -= std::log(static_cast<double>(row[label])) / static_cast<double>(small.list.count());
    }
    EXPECT_EQ(found.images, 72);
    EXPECT_EQ(found.right, right);
    EXPECT_NEAR(found.loss, loss, 1e-8);
}

TEST(ImageScore, ALossWithoutANumberIsInfinite) {
    test::SmallTraining small(test::small_training(1));
    io::NetworkRecord record = small.training.record();
    for (float& weight : record.weights) weight = std::numeric_limits<float>::quiet_NaN();
    Predictor network(*small.device, test::small_network(), record, 5);
    const ImageScore found = score(network, small.list, 5, small.communicator);
    EXPECT_TRUE(std::isinf(found.loss));
    EXPECT_EQ(found.right, 0);
}

TEST(ImageScore, IntervalOfAnAccuracy) {
    const ImageScore some{.images = 400, .right = 300};
    EXPECT_DOUBLE_EQ(some.accuracy(), 0.75);
    EXPECT_NEAR(some.interval().high - some.interval().low, 2 * 1.96 * std::sqrt(0.75 * 0.25 / 400), 1e-3);
    const ImageScore all{.images = 20, .right = 20};
    EXPECT_LT(all.interval().low, 0.9) << "twenty images leave doubt";
}

}  // namespace
}  // namespace atnas::engine
