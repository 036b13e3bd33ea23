// SPDX-License-Identifier: Apache-2.0
#include "grid.cuh"
#include "norm.hpp"

namespace atnas::backend::cuda {
namespace {

/// Slice of a channel that a thread works on with its group.
struct Slice {
    unsigned channel;
    unsigned number;      ///< in the channel
    unsigned lane;        ///< of the thread in its group
    unsigned first, end;  ///< values of the channel
    bool exists;          ///< the last block may have more groups than slices are left; they go along to the barriers
};

__device__ Slice own_slice(const NormLayout& layout) {
    const unsigned group = blockIdx.x * (blockDim.x / layout.threads) + threadIdx.x / layout.threads;
    const unsigned channel = group / layout.slices;
    const unsigned number = group % layout.slices;
    const unsigned lane = threadIdx.x % layout.threads;
    if (channel >= layout.channels) return {0, 0, lane, 0, 0, false};
    const unsigned count = layout.images * layout.pixels;
    const unsigned first = number * layout.length;
    const unsigned end = first + layout.length;
    return {channel, number, lane, first < count ? first : count, end < count ? end : count, true};
}

/// Place of value \p i of a channel, counted over images and pixels.
__device__ unsigned place(const NormLayout& layout, unsigned channel, unsigned i) {
    return (i / layout.pixels * layout.channels + channel) * layout.pixels + i % layout.pixels;
}

__device__ float inverse_deviation(float variance, float epsilon) {
    return 1.0f / sqrtf(variance + epsilon);
}

__device__ float scale_of(const NormValues& values, unsigned channel) {
    return values.scale != nullptr ? values.scale[channel] : 1.0f;
}
__device__ float shift_of(const NormValues& values, unsigned channel) {
    return values.shift != nullptr ? values.shift[channel] : 0.0f;
}

__device__ float masked(const NormValues& values, const NormGradients& gradients, unsigned i) {
    return values.relu == NormRelu::yes && !(gradients.y[i] > 0.0f) ? 0.0f : gradients.dy[i];
}

/// Total over the group of what its threads have summed, for all of them. \pre every thread of the block calls it
__device__ NormSums total(const NormLayout& layout, const Slice& slice, NormSums own) {
    __shared__ double first[block_threads];
    __shared__ double second[block_threads];
    first[threadIdx.x] = own.first;
    second[threadIdx.x] = own.second;
    add_up_groups(layout.threads, first, second);
    return {first[threadIdx.x - slice.lane], second[threadIdx.x - slice.lane]};
}

/// What a thread adds of the sums that other blocks have left.
__device__ NormSums own_part(const NormLayout& layout, const Slice& slice, const NormSums* partial) {
    NormSums own{0.0, 0.0};
    if (!slice.exists) return own;
    for (unsigned k = slice.lane; k < layout.slices; k += layout.threads) {
        own.first += partial[slice.channel * layout.slices + k].first;
        own.second += partial[slice.channel * layout.slices + k].second;
    }
    return own;
}

/// Deviations are taken from a value of the channel. Its distance from the mean is at most the root of the number of
/// values times the standard deviation, so that the variance, which is a difference of two sums, keeps all of double's
/// digits but half as many as that number has.
__device__ float centre(const NormLayout& layout, const Slice& slice, const float* x) {
    return slice.exists ? x[place(layout, slice.channel, 0)] : 0.0f;
}

__device__ NormSums own_values(const NormLayout& layout, const Slice& slice, const float* x) {
    const double from = centre(layout, slice, x);
    NormSums own{0.0, 0.0};
    for (unsigned k = slice.first + slice.lane; k < slice.end; k += layout.threads) {
        const double deviation = x[place(layout, slice.channel, k)] - from;
        own.first += deviation;
        own.second += deviation * deviation;
    }
    return own;
}

__device__ NormSums own_gradients(const NormLayout& layout, const Slice& slice, const NormValues& values,
                                  const NormGradients& gradients) {
    NormSums own{0.0, 0.0};
    if (!slice.exists) return own;
    const float mean = values.mean[slice.channel];
    const float inverse = inverse_deviation(values.variance[slice.channel], values.epsilon);
    for (unsigned k = slice.first + slice.lane; k < slice.end; k += layout.threads) {
        const unsigned i = place(layout, slice.channel, k);
        const double gradient = masked(values, gradients, i);
        own.first += gradient;
        own.second += gradient * ((values.x[i] - mean) * inverse);
    }
    return own;
}

__device__ void keep(const NormLayout& layout, const Slice& slice, NormSums sums, NormSums* partial) {
    if (slice.exists && slice.lane == 0) partial[slice.channel * layout.slices + slice.number] = sums;
}

struct Statistics {
    float mean;
    float variance;
};

/// Those of the batch are kept by the first slice of a channel.
__device__ Statistics statistics_of(const NormLayout& layout, const Slice& slice, const NormValues& values,
                                    const NormSums* partial) {
    if (values.statistics == NormStatistics::given) {
        if (!slice.exists) return {0.0f, 0.0f};
        return {values.mean[slice.channel], values.variance[slice.channel]};
    }
    const NormSums sums = total(
        layout, slice, layout.slices == 1 ? own_values(layout, slice, values.x) : own_part(layout, slice, partial));
    const double count = layout.images * layout.pixels;
    const double offset = sums.first / count;
    const double spread = sums.second / count - offset * offset;
    // Rounding may lead below zero. Written so that NaN stays.
    const Statistics result{static_cast<float>(centre(layout, slice, values.x) + offset),
                            static_cast<float>(spread < 0.0 ? 0.0 : spread)};
    if (slice.exists && slice.number == 0 && slice.lane == 0) {
        values.mean[slice.channel] = result.mean;
        values.variance[slice.channel] = result.variance;
    }
    return result;
}

}  // namespace

__global__ void norm_sums(NormLayout layout, const float* x, NormSums* partial) {
    const Slice slice = own_slice(layout);
    keep(layout, slice, total(layout, slice, own_values(layout, slice, x)), partial);
}

__global__ void norm_forward(NormLayout layout, NormValues values, const NormSums* partial, float* y) {
    const Slice slice = own_slice(layout);
    const Statistics statistics = statistics_of(layout, slice, values, partial);
    if (!slice.exists) return;
    const float factor = inverse_deviation(statistics.variance, values.epsilon) * scale_of(values, slice.channel);
    const float shift = shift_of(values, slice.channel);
    for (unsigned k = slice.first + slice.lane; k < slice.end; k += layout.threads) {
        const unsigned i = place(layout, slice.channel, k);
        const float value = (values.x[i] - statistics.mean) * factor + shift;
        y[i] = values.relu == NormRelu::yes && !(value > 0.0f) ? 0.0f : value;
    }
}

__global__ void norm_gradient_sums(NormLayout layout, NormValues values, NormGradients gradients, NormSums* partial) {
    const Slice slice = own_slice(layout);
    keep(layout, slice, total(layout, slice, own_gradients(layout, slice, values, gradients)), partial);
}

__global__ void norm_backward(NormLayout layout, NormValues values, NormGradients gradients, const NormSums* partial) {
    const Slice slice = own_slice(layout);
    const bool through_statistics = gradients.dx != nullptr && values.statistics == NormStatistics::batch;
    NormSums sums{0.0, 0.0};
    if (through_statistics || gradients.dscale != nullptr || gradients.dshift != nullptr)
        sums = total(
            layout, slice,
            layout.slices == 1 ? own_gradients(layout, slice, values, gradients) : own_part(layout, slice, partial));
    if (!slice.exists) return;
    const auto sum = static_cast<float>(sums.first);
    const auto product = static_cast<float>(sums.second);
    if (slice.number == 0 && slice.lane == 0) {
        if (gradients.dshift != nullptr) gradients.dshift[slice.channel] = sum;
        if (gradients.dscale != nullptr) gradients.dscale[slice.channel] = product;
    }
    if (gradients.dx == nullptr) return;
    const float share = 1.0f / static_cast<float>(layout.images * layout.pixels);
    const float mean = values.mean[slice.channel];
    const float inverse = inverse_deviation(values.variance[slice.channel], values.epsilon);
    const float factor = inverse * scale_of(values, slice.channel);
    for (unsigned k = slice.first + slice.lane; k < slice.end; k += layout.threads) {
        const unsigned i = place(layout, slice.channel, k);
        float gradient = masked(values, gradients, i);
        if (through_statistics) gradient = gradient - sum * share - (values.x[i] - mean) * inverse * (product * share);
        gradients.dx[i] = factor * gradient;
    }
}

}  // namespace atnas::backend::cuda
