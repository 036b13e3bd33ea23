// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What kernels and those who start them agree on.

namespace atnas::backend::cuda {

/// Threads of every block; sums over a block have as many partial sums.
inline constexpr unsigned block_threads = 256;

}  // namespace atnas::backend::cuda
