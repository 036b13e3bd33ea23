// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// A rank with a GPU of its own.

#include <cstdlib>

#include "../items.hpp"

namespace atnas::test {

/// Whether all ranks are to share the first GPU, for machines that have one (jobs/gpu_check).
inline bool shared_gpu() {
    return std::getenv("ATNAS_TEST_SHARED_GPU") != nullptr;
}

/// GPU number \p device of the process.
struct Gpu : Replica {
    explicit Gpu(int device)
        : Replica(backend::make_backend(backend::BackendKind::cuda, backend::Precision::f32,
                                        {.device = device, .tf32 = {}, .algorithms = {}})) {}
};

}  // namespace atnas::test
