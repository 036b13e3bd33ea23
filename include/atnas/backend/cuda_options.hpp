// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What a deck says about GPUs. Known in every build, so that every build reads every deck.

namespace atnas::backend {

/// yes: products of matrices and convolutions may round their factors to 10 bits of mantissa, for speed.
enum class Tf32 { no, yes };

/// deterministic: algorithms that give the same bits every time, by a fixed order of preference, not by measurement.
/// fastest: all are measured once per shape and the fastest is taken; results may differ between runs.
/// Where cuDNN has no algorithm for a shape, both fall back on the program's own kernels.
enum class CudaAlgorithms { deterministic, fastest };

/// yes: what tasks consist of, operations, copies and steps, is timed on the device, which costs two events each.
enum class Profile { no, yes };

struct CudaOptions {
    int device{0};  ///< among those that this process sees
    Tf32 tf32{Tf32::no};
    CudaAlgorithms algorithms{CudaAlgorithms::deterministic};
    Profile profile{Profile::no};
};

}  // namespace atnas::backend
