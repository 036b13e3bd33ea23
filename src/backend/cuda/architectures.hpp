// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What the kernels were compiled for, and where that runs.

#include <string>

namespace atnas::backend::cuda {

struct ComputeCapability {
    int major{0};
    int minor{0};
};

/// Whether one of \p architectures runs on a device: a binary on its own major version from its own minor version on,
/// PTX on everything that is not older. \param architectures as CMake writes them, with blanks between: "80-real 90"
/// (with neither -real nor -virtual both are there); those with a letter (90a, 100f) have rules of their own
bool runs_on(const std::string& architectures, ComputeCapability device);

}  // namespace atnas::backend::cuda
