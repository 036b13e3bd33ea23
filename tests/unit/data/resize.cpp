// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/resize.hpp"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

namespace atnas::data {
namespace {

using Samples = std::vector<std::uint8_t>;

TEST(Resize, AreaIsTheMeanOfWholeBlocks) {
    const Bitmap source{1, 2, 4, {0, 10, 100, 200, 20, 30, 0, 100}};
    EXPECT_EQ(resize(source, 1, 2, Resample::area).samples, (Samples{15, 100}));
}

TEST(Resize, AreaSharesPixelsByTheirCoveredPart) {
    // 3 -> 2: outputs cover [0, 1.5) and [1.5, 3)
    const Bitmap row{1, 1, 3, {0, 90, 240}};
    EXPECT_EQ(resize(row, 1, 2, Resample::area).samples, (Samples{30, 190}));
    const Bitmap column{1, 3, 1, {0, 90, 240}};
    EXPECT_EQ(resize(column, 2, 1, Resample::area).samples, (Samples{30, 190}));
}

TEST(Resize, AreaRepeatsPixelsWhenEnlarging) {
    const Bitmap source{1, 1, 2, {10, 50}};
    EXPECT_EQ(resize(source, 2, 4, Resample::area).samples, (Samples{10, 10, 50, 50, 10, 10, 50, 50}));
}

TEST(Resize, AreaKeepsTheMean) {
    Bitmap source{1, 105, 105, {}};
    for (int i = 0; i < 105 * 105; ++i) source.samples.push_back(static_cast<std::uint8_t>(i * 37 % 256));
    const auto small = resize(source, 28, 28, Resample::area);
    const auto mean = [](const Samples& s) {
        return std::accumulate(s.begin(), s.end(), 0.0) / static_cast<double>(s.size());
    };
    EXPECT_NEAR(mean(small.samples), mean(source.samples), 0.1);
}

TEST(Resize, BothFiltersKeepConstantsAndExtremes) {
    for (const auto resample : {Resample::area, Resample::lanczos}) {
        for (const int size : {1, 3, 28, 105, 200}) {
            const Bitmap white{1, 50, 70, Samples(50 * 70, 255)};
            const auto result = resize(white, size, size, resample);
            EXPECT_EQ(result.samples, Samples(static_cast<std::size_t>(size) * static_cast<std::size_t>(size), 255));
        }
    }
}

TEST(Resize, SameSizeChangesNothing) {
    const Bitmap source{1, 2, 2, {1, 2, 3, 4}};
    for (const auto resample : {Resample::area, Resample::lanczos}) {
        EXPECT_EQ(resize(source, 2, 2, resample).samples, source.samples);
    }
}

TEST(Resize, ChannelsStayApart) {
    const Bitmap source{3, 1, 2, {0, 20, 100, 120, 200, 220}};
    const auto result = resize(source, 1, 1, Resample::area);
    EXPECT_EQ(result.channels, 3);
    EXPECT_EQ(result.samples, (Samples{10, 110, 210}));
}

TEST(Resize, LanczosFollowsTheWindowedSinc) {
    // One bright pixel at 4 of 9, shrunk to 3. Output 1 is centred on it: weight L(0) / sum of L((i - 4) / 3).
    // L(1/3) = 0.8106, L(2/3) = 0.3699..., L(1) = 0, L(4/3) = -0.1351
    const Bitmap source{1, 1, 9, {0, 0, 0, 0, 255, 0, 0, 0, 0}};
    const auto result = resize(source, 1, 3, Resample::lanczos);
    const auto weight = [](double x) {
        const double a = 3.14159265358979 * x;
        return x == 0 ? 1.0 : 3 * std::sin(a) * std::sin(a / 3) / (a * a);
    };
    double sum = 0;
    for (int i = 0; i < 9; ++i) sum += weight((i - 4) / 3.0);
    EXPECT_NEAR(result.samples[1], 255 / sum, 0.51);
    EXPECT_EQ(result.samples[0], result.samples[2]);
    EXPECT_EQ(result.samples[0], 0);  // weight L(1) = 0
}

TEST(Resize, LanczosClampsItsRinging) {
    const Bitmap step{1, 1, 8, {0, 0, 0, 0, 255, 255, 255, 255}};
    const auto result = resize(step, 1, 16, Resample::lanczos);
    EXPECT_EQ(result.samples.front(), 0);
    EXPECT_EQ(result.samples[6], 0);    // undershoot, clamped
    EXPECT_EQ(result.samples[9], 255);  // overshoot, clamped
}

}  // namespace
}  // namespace atnas::data
