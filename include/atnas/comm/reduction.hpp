// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// How meta-gradients travel between ranks.

namespace atnas::comm {

/// exact: as 64-bit integers, whose sums have the same bits on any number of ranks. fast: as floats, in half the bytes
/// and in whatever order the library sums.
enum class Reduction { exact, fast };

}  // namespace atnas::comm
