// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/resize.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "atnas/core/contract.hpp"

namespace atnas::data {
namespace {

/// The source pixels that make one output pixel along one axis.
struct Taps {
    int first{0};
    std::vector<float> weights;  ///< sum 1
};

double lanczos3(double x) noexcept {
    if (x == 0) return 1;
    if (std::abs(x) >= 3) return 0;
    const double a = std::numbers::pi * x;
    return 3 * std::sin(a) * std::sin(a / 3) / (a * a);
}

Taps make_taps(int output, int from, int to, Resample resample) {
    const double ratio = static_cast<double>(from) / to;
    const double centre = (output + 0.5) * ratio;
    const double widening = std::max(1.0, ratio);
    const double reach = resample == Resample::area ? ratio / 2 : 3 * widening;
    // Exact bounds: with floating-point ones a neighbour could enter with a weight of rounding size.
    const auto low = resample == Resample::area ? static_cast<int>(static_cast<std::int64_t>(output) * from / to)
                                                : std::max(0, static_cast<int>(std::floor(centre - reach)));
    const auto high = resample == Resample::area
                          ? static_cast<int>((static_cast<std::int64_t>(output + 1) * from + to - 1) / to)
                          : std::min(from, static_cast<int>(std::ceil(centre + reach)));
    std::vector<double> weights;
    double sum = 0;
    for (int i = low; i < high; ++i) {
        const double covered = std::min(centre + reach, i + 1.0) - std::max(centre - reach, static_cast<double>(i));
        weights.push_back(resample == Resample::area ? covered : lanczos3((i + 0.5 - centre) / widening));
        sum += weights.back();
    }
    Taps taps{low, {}};
    for (const double weight : weights) taps.weights.push_back(static_cast<float>(weight / sum));
    return taps;
}

std::vector<Taps> make_axis(int from, int to, Resample resample) {
    std::vector<Taps> axis;
    axis.reserve(static_cast<std::size_t>(to));
    for (int output = 0; output < to; ++output) axis.push_back(make_taps(output, from, to, resample));
    return axis;
}

/// Resamples the columns of every row and writes the result transposed, [columns][rows]: called twice, it does both
/// axes.
template <class Sample>
std::vector<float> resample_rows(std::span<const Sample> samples, int rows, int columns,
                                 const std::vector<Taps>& axis) {
    const auto height = static_cast<std::size_t>(rows);
    std::vector<float> result(axis.size() * height);
    for (std::size_t row = 0; row < height; ++row) {
        const auto line = samples.subspan(row * static_cast<std::size_t>(columns), static_cast<std::size_t>(columns));
        for (std::size_t output = 0; output < axis.size(); ++output) {
            float sum = 0;
            const Sample* sample = line.data() + axis[output].first;
            for (const float weight : axis[output].weights) sum += weight * static_cast<float>(*sample++);
            result[output * height + row] = sum;
        }
    }
    return result;
}

}  // namespace

Bitmap resize(const Bitmap& bitmap, int height, int width, Resample resample) {
    ATNAS_EXPECT(height > 0 && width > 0);
    ATNAS_EXPECT(bitmap.height > 0 && bitmap.width > 0 && !bitmap.samples.empty());
    if (height == bitmap.height && width == bitmap.width) return bitmap;

    const auto columns = make_axis(bitmap.width, width, resample);
    const auto rows = make_axis(bitmap.height, height, resample);
    const std::size_t plane = static_cast<std::size_t>(bitmap.height) * static_cast<std::size_t>(bitmap.width);
    Bitmap result{bitmap.channels, height, width, {}};
    result.samples.reserve(static_cast<std::size_t>(bitmap.channels) * columns.size() * rows.size());
    for (std::size_t channel = 0; channel < static_cast<std::size_t>(bitmap.channels); ++channel) {
        const auto source = std::span(bitmap.samples).subspan(channel * plane, plane);
        const auto narrowed = resample_rows<std::uint8_t>(source, bitmap.height, bitmap.width, columns);
        const auto resized = resample_rows<float>(narrowed, width, bitmap.height, rows);
        for (const float value : resized) {
            result.samples.push_back(static_cast<std::uint8_t>(std::clamp(value + 0.5F, 0.0F, 255.0F)));
        }
    }
    return result;
}

}  // namespace atnas::data
