// SPDX-License-Identifier: Apache-2.0
#include "grid.cuh"
#include "head.hpp"

namespace atnas::backend::cuda {

__global__ void repeat_row(const float* row, float* y, unsigned columns, std::size_t count) {
    for (std::size_t i = first_element(); i < count; i += grid_stride()) y[i] = row[i % columns];
}

__global__ void sum_rows(const float* x, unsigned rows, unsigned columns, float* result) {
    for (std::size_t c = first_element(); c < columns; c += grid_stride()) {
        float sum = 0.0f;
        for (std::size_t r = 0; r < rows; ++r) sum += x[r * columns + c];
        result[c] = sum;
    }
}

namespace {

/// Of one row of logits: log(sum of the exponentials) = largest + rest, without overflow.
struct LogTotal {
    float largest;
    float rest;
};
__device__ LogTotal log_total(const float* row, unsigned classes) {
    float largest = row[0];
    for (unsigned c = 1; c < classes; ++c)
        if (row[c] > largest) largest = row[c];
    float sum = 0.0f;
    for (unsigned c = 0; c < classes; ++c) sum += expf(row[c] - largest);
    return {largest, logf(sum)};
}

}  // namespace

__global__ void loss(Scores scores, float* result) {
    __shared__ double losses[block_threads];
    __shared__ double hits[block_threads];
    double own_loss = 0.0;
    double own_hits = 0.0;
    for (std::size_t n = threadIdx.x; n < scores.images; n += blockDim.x) {
        const float* const row = scores.logits + n * scores.classes;
        const auto label = static_cast<unsigned>(scores.labels[n]);
        unsigned winner = 0;
        for (unsigned c = 1; c < scores.classes; ++c)
            if (row[c] > row[winner]) winner = c;
        const LogTotal total = log_total(row, scores.classes);
        if (scores.targets == nullptr) {
            own_loss += total.rest - (row[label] - total.largest);
        } else {
            for (unsigned c = 0; c < scores.classes; ++c)
                own_loss += scores.targets[n * scores.classes + c] * (total.rest - (row[c] - total.largest));
        }
        if (winner == label) own_hits += 1.0;
    }
    losses[threadIdx.x] = own_loss;
    hits[threadIdx.x] = own_hits;
    add_up_groups(blockDim.x, losses, hits);
    if (threadIdx.x == 0) {
        result[0] = static_cast<float>(losses[0] / scores.images);
        result[1] = static_cast<float>(hits[0]);
    }
}

__global__ void loss_gradient(Scores scores, float* dlogits) {
    for (std::size_t n = first_element(); n < scores.images; n += grid_stride()) {
        const float* const row = scores.logits + n * scores.classes;
        const auto label = static_cast<unsigned>(scores.labels[n]);
        const LogTotal total = log_total(row, scores.classes);
        for (unsigned c = 0; c < scores.classes; ++c) {
            const float of_label = c == label ? 1.0f : 0.0f;
            const float target = scores.targets == nullptr ? of_label : scores.targets[n * scores.classes + c];
            const float probability = expf(row[c] - total.largest - total.rest);
            dlogits[n * scores.classes + c] = (probability - target) / static_cast<float>(scores.images);
        }
    }
}

}  // namespace atnas::backend::cuda
