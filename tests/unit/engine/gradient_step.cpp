// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/gradient_step.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "support/small_classification.hpp"

namespace atnas::engine {
namespace {

class GradientStepTest : public testing::Test {
  protected:
    /// An item that used every block, with a gradient of zero and such a loss.
    void add_item(double loss) {
        std::vector<nn::BlockId> blocks(small_.network.manifest().blocks().size());
        for (std::size_t b = 0; b < blocks.size(); ++b) blocks[b] = static_cast<nn::BlockId>(b);
        step_.gradient().count_task(blocks, {loss, 0});
    }
    std::vector<float> weights() {
        return nn::download(*small_.device, small_.network.context(), small_.network.weights().values());
    }

    test::SmallTraining small_{test::small_training(1)};
    PhaseTimes times_;
    meta::OuterOptions options_{.kind = meta::OptimizerKind::sgd, .rate = 0.5, .weight_decay = 0.5};
    GradientStep step_{{small_.network, *small_.reducer}, options_, 4};
};

TEST_F(GradientStepTest, IsMadeOfWhatItsItemsAre) {
    step_.begin();
    add_item(1);
    add_item(3);
    step_.seal();
    const meta::MetaGradient::Summary summary = step_.reduce(times_);
    EXPECT_EQ(summary.tasks, 2);
    EXPECT_DOUBLE_EQ(summary.loss, 2);
    const std::vector<float> before = weights();
    step_.make(summary, 0.5, times_);
    EXPECT_NE(weights(), before) << "weights decay";
    step_.begin();
    step_.seal();
    EXPECT_EQ(step_.reduce(times_).tasks, 0) << "each step begins anew";
}

TEST_F(GradientStepTest, IsNotMadeOfWhatIsNoNumber) {
    step_.begin();
    add_item(std::numeric_limits<double>::quiet_NaN());
    step_.seal();
    const std::vector<float> before = weights();
    step_.make(step_.reduce(times_), 0.5, times_);
    EXPECT_EQ(weights(), before);
    EXPECT_EQ(step_.optimizer().block_steps().front(), 0);
}

}  // namespace
}  // namespace atnas::engine
