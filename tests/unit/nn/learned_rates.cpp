// SPDX-License-Identifier: Apache-2.0
#include "atnas/nn/learned_rates.hpp"

#include <array>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace atnas::nn {
namespace {

using List = std::vector<double>;

/// Two blocks, padding between them, and two rates of each.
class LearnedRatesTest : public testing::TestWithParam<backend::BackendKind> {
  protected:
    static constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    static constexpr int size = 8;

    void set(backend::Buffer& to, const List& x) {
        device_->write(*context_, backend::view(to, 0, {1, 1, 1, size}), std::span<const double>(x));
    }
    List get(backend::Buffer& from) {
        List x(size);
        device_->read(*context_, backend::view(from, 0, {1, 1, 1, size}), std::span<double>(x));
        return x;
    }
    LearnedRates make(LearnedRates::Directions kept) {
        constexpr std::array<LearnedRates::Block, 2> blocks{{{{0, 2}, 4}, {{3, 1}, 6}}};
        return {*device_, arena_, *values_, *gradients_, {blocks, 2, kept}};
    }
    void step(LearnedRates& rates, double a, double b, double c) {
        set(*gradients_, {a, b, nan, c, 0, 0, 0, 0});
        rates.step(*context_);
    }

    std::unique_ptr<backend::Backend> device_ = backend::make_backend(GetParam());
    std::unique_ptr<backend::Context> context_ = device_->make_context();
    std::unique_ptr<backend::Buffer> values_ = device_->allocate(size), gradients_ = device_->allocate(size);
    Arena arena_{*device_};
};

TEST_P(LearnedRatesTest, EveryBlockAndStepHasItsRate) {
    for (const auto kept : {LearnedRates::Directions::last, LearnedRates::Directions::all}) {
        LearnedRates rates = make(kept);
        for (int task = 0; task < 2; ++task) {
            set(*values_, {10, 20, nan, 30, 0.5, 0.25, 2, -1});
            rates.begin();
            step(rates, 1, 2, 3);
            EXPECT_EQ(get(*values_)[0], 9.5);
            EXPECT_EQ(get(*values_)[1], 19);
            EXPECT_EQ(get(*values_)[3], 24);
            step(rates, 4, 0, 3);
            EXPECT_EQ(get(*values_)[0], 8.5);
            EXPECT_EQ(get(*values_)[3], 27);
            step(rates, 4, 4, 1);
            EXPECT_EQ(get(*values_)[0], 7.5) << "the last rates serve";
            EXPECT_EQ(get(*values_)[1], 18);
            EXPECT_EQ(get(*values_)[3], 28);
            const List after = get(*values_);
            EXPECT_EQ(List(after.begin() + 4, after.end()), (List{0.5, 0.25, 2, -1})) << "rates do not step";
        }
    }
}

TEST_P(LearnedRatesTest, TheGradientOfARateIsThatOfTheValuesAlongItsStep) {
    LearnedRates rates = make(LearnedRates::Directions::all);
    set(*values_, {10, 20, nan, 30, 0.5, 0.25, 2, -1});
    rates.begin();
    step(rates, 1, 2, 3);
    step(rates, 4, 0, 5);
    set(*gradients_, {10, 100, nan, -1, 77, 77, 77, 77});
    rates.backward(*context_);
    const List after = get(*gradients_);
    EXPECT_EQ(List(after.begin() + 4, after.end()), (List{-210, -40, 3, 5}));
    EXPECT_EQ(after[0], 10);
    EXPECT_EQ(after[3], -1);

    rates.begin();
    step(rates, 1, 2, 3);
    set(*gradients_, {10, 100, nan, -1, 77, 77, 77, 77});
    rates.backward(*context_);
    const List of_one = get(*gradients_);
    EXPECT_EQ(List(of_one.begin() + 4, of_one.end()), (List{-210, 0, 3, 0})) << "no second step was made";
}

TEST_P(LearnedRatesTest, KeepsDirectionsWhereAsked) {
    EXPECT_FALSE(make(LearnedRates::Directions::last).keeps_directions());
    const std::size_t before = arena_.most_taken();
    EXPECT_TRUE(make(LearnedRates::Directions::all).keeps_directions());
    EXPECT_EQ(arena_.most_taken() - before, before / 2 * 3) << "two directions instead of one, beside one more array";
}

INSTANTIATE_TEST_SUITE_P(Backends, LearnedRatesTest,
                         testing::Values(backend::BackendKind::reference, backend::BackendKind::onednn),
                         [](const auto& test) { return std::string(backend::name_of(test.param)); });

}  // namespace
}  // namespace atnas::nn
