// SPDX-License-Identifier: Apache-2.0
/// \file
/// The algorithms a convolution is offered: as on a device, some are not for every shape, some are not deterministic,
/// and each needs a workspace of its own.

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <span>

#include "cudnn_geometry.hpp"

namespace cuda_sim::dnn {
namespace {

enum class Family { implicit, precomputed, matrix, transform, tiled_transform, winograd, winograd_nonfused, missing };

struct Algorithm {
    int number;
    Family family;
    cudnnDeterminism_t determinism;
};

constexpr auto fixed = CUDNN_DETERMINISTIC;
constexpr auto loose = CUDNN_NON_DETERMINISTIC;

// Which of them are deterministic: tables of cudnnConvolution*Algo_t in the cuDNN API reference.
constexpr std::array forward_algorithms{
    Algorithm{CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM, Family::implicit, fixed},
    Algorithm{CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM, Family::precomputed, fixed},
    Algorithm{CUDNN_CONVOLUTION_FWD_ALGO_GEMM, Family::matrix, fixed},
    Algorithm{CUDNN_CONVOLUTION_FWD_ALGO_DIRECT, Family::missing, fixed},
    Algorithm{CUDNN_CONVOLUTION_FWD_ALGO_FFT, Family::transform, fixed},
    Algorithm{CUDNN_CONVOLUTION_FWD_ALGO_FFT_TILING, Family::tiled_transform, fixed},
    Algorithm{CUDNN_CONVOLUTION_FWD_ALGO_WINOGRAD, Family::winograd, fixed},
    Algorithm{CUDNN_CONVOLUTION_FWD_ALGO_WINOGRAD_NONFUSED, Family::winograd_nonfused, fixed},
};
constexpr std::array backward_data_algorithms{
    Algorithm{CUDNN_CONVOLUTION_BWD_DATA_ALGO_0, Family::implicit, loose},
    Algorithm{CUDNN_CONVOLUTION_BWD_DATA_ALGO_1, Family::precomputed, fixed},
    Algorithm{CUDNN_CONVOLUTION_BWD_DATA_ALGO_FFT, Family::transform, fixed},
    Algorithm{CUDNN_CONVOLUTION_BWD_DATA_ALGO_FFT_TILING, Family::tiled_transform, fixed},
    Algorithm{CUDNN_CONVOLUTION_BWD_DATA_ALGO_WINOGRAD, Family::winograd, fixed},
    Algorithm{CUDNN_CONVOLUTION_BWD_DATA_ALGO_WINOGRAD_NONFUSED, Family::winograd_nonfused, fixed},
};
constexpr std::array backward_filter_algorithms{
    Algorithm{CUDNN_CONVOLUTION_BWD_FILTER_ALGO_0, Family::implicit, loose},
    Algorithm{CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1, Family::precomputed, fixed},
    Algorithm{CUDNN_CONVOLUTION_BWD_FILTER_ALGO_FFT, Family::transform, fixed},
    Algorithm{CUDNN_CONVOLUTION_BWD_FILTER_ALGO_3, Family::precomputed, loose},
    Algorithm{CUDNN_CONVOLUTION_BWD_FILTER_ALGO_WINOGRAD, Family::missing, fixed},
    Algorithm{CUDNN_CONVOLUTION_BWD_FILTER_ALGO_WINOGRAD_NONFUSED, Family::winograd_nonfused, fixed},
    Algorithm{CUDNN_CONVOLUTION_BWD_FILTER_ALGO_FFT_TILING, Family::tiled_transform, fixed},
};

std::span<const Algorithm> algorithms(Direction direction) {
    switch (direction) {
        case Direction::forward:
            return forward_algorithms;
        case Direction::backward_data:
            return backward_data_algorithms;
        default:
            return backward_filter_algorithms;
    }
}

bool supports(Family family, const Geometry& g) {
    const bool dense = g.conv.groups == 1 && g.conv.dilation_h == 1 && g.conv.dilation_w == 1;
    const bool steady = dense && g.conv.stride_h == 1 && g.conv.stride_w == 1;
    switch (family) {
        case Family::implicit:
        case Family::precomputed:
            return true;
        case Family::matrix:
            return dense;
        case Family::transform:
        case Family::tiled_transform:
            return steady && g.w.h <= 32 && g.w.w <= 32;
        case Family::winograd:
            return steady && g.w.h == 3 && g.w.w == 3;
        case Family::winograd_nonfused:
            return steady && g.w.h == g.w.w && (g.w.h == 3 || g.w.h == 5);
        default:
            return false;
    }
}

bool has_tensor_cores(Family family) {
    return family == Family::precomputed || family == Family::winograd_nonfused;
}

/// Made up; what matters is that it differs between algorithms, shapes and math types.
std::size_t workspace_of(Family family, const Geometry& g, bool tensor_cores) {
    const auto bytes = [](double elements) {
        return (static_cast<std::size_t>(elements) * sizeof(float) + 255) / 256 * 256;
    };
    const double images = static_cast<double>(g.x.n) * (g.x.c + g.y.c);
    const double weights = static_cast<double>(g.w.count());
    switch (family) {
        case Family::precomputed:
            return bytes(weights + g.y.n * g.y.h + 64.0) * (tensor_cores ? 2 : 1);
        case Family::matrix:
            return bytes(static_cast<double>(g.w.c) * g.w.h * g.w.w * g.y.h * g.y.w);
        case Family::transform:
            return bytes(4.0 * weights + 8.0 * images);
        case Family::tiled_transform:
            return bytes(2.0 * weights + 4.0 * images);
        case Family::winograd_nonfused:
            return bytes(1.75 * weights + images) * (tensor_cores ? 2 : 1);
        default:
            return 0;
    }
}

/// Whether ATNAS_SIM_CUDNN says so.
bool is_set(const char* word) {
    const char* text = std::getenv("ATNAS_SIM_CUDNN");
    return text != nullptr && std::strcmp(text, word) == 0;
}

float milliseconds_of(const Algorithm& algorithm, const Geometry& g, bool tensor_cores) {
    float factor = 1.0f;
    switch (algorithm.family) {
        case Family::implicit:
            factor = algorithm.determinism == loose ? 0.5f : 2.0f;
            break;
        case Family::precomputed:
            factor = algorithm.determinism == loose ? 0.9f : 1.0f;
            break;
        case Family::winograd:
            factor = 0.7f;
            break;
        case Family::winograd_nonfused:
            factor = 0.6f;
            break;
        case Family::tiled_transform:
            factor = 1.5f;
            break;
        default:
            factor = 3.0f;
    }
    return (tensor_cores ? 0.5f : 1.0f) * factor * (0.005f + static_cast<float>(g.work() * 1e-10));
}

}  // namespace

std::vector<Candidate> list_algorithms(Direction direction, const Geometry& geometry) {
    const bool all_loose = geometry.conv.groups > 1 && is_set("no_deterministic_groups");
    std::vector<Candidate> list;
    for (const auto& algorithm : algorithms(direction)) {
        if (!supports(algorithm.family, geometry)) {
            list.push_back(
                {algorithm.number, CUDNN_STATUS_NOT_SUPPORTED, -1.0f, 0, algorithm.determinism, CUDNN_DEFAULT_MATH});
            continue;
        }
        const auto add = [&](cudnnMathType_t math, bool tensor_cores) {
            list.push_back({algorithm.number, CUDNN_STATUS_SUCCESS, milliseconds_of(algorithm, geometry, tensor_cores),
                            workspace_of(algorithm.family, geometry, tensor_cores),
                            all_loose ? loose : algorithm.determinism, math});
        };
        add(is_set("default_math") ? CUDNN_DEFAULT_MATH : CUDNN_FMA_MATH, false);
        if (has_tensor_cores(algorithm.family) && geometry.conv.math != CUDNN_FMA_MATH) add(CUDNN_TENSOR_OP_MATH, true);
    }
    std::stable_sort(list.begin(), list.end(), [](const Candidate& a, const Candidate& b) {
        const bool a_works = a.status == CUDNN_STATUS_SUCCESS;
        const bool b_works = b.status == CUDNN_STATUS_SUCCESS;
        return a_works != b_works ? a_works : a.milliseconds < b.milliseconds;
    });
    return list;
}

Choice look_up(Direction direction, const Geometry& geometry, int algorithm) {
    for (const auto& known : algorithms(direction)) {
        if (known.number != algorithm) continue;
        if (!supports(known.family, geometry)) return {CUDNN_STATUS_NOT_SUPPORTED, 0, false, known.determinism};
        const bool tensor_cores = has_tensor_cores(known.family) && geometry.conv.math != CUDNN_FMA_MATH;
        return {CUDNN_STATUS_SUCCESS, workspace_of(known.family, geometry, tensor_cores), tensor_cores,
                known.determinism};
    }
    return {CUDNN_STATUS_BAD_PARAM, 0, false, CUDNN_DETERMINISTIC};
}

}  // namespace cuda_sim::dnn
