// SPDX-License-Identifier: Apache-2.0
#include "atnas/backend/factories.hpp"
#include "atnas/backend/visible_gpus.hpp"
#include "atnas/core/error.hpp"

namespace atnas::backend {

VisibleGpus visible_gpus() {
    return {{}, "this program was built without CUDA; compiled in are onednn and reference"};
}

std::unique_ptr<Backend> make_cuda_backend(const CudaOptions&) {
    throw Error(ExitCode::bad_deck, Problem{"backend 'cuda' cannot be used", cuda_obstacle(),
                                            "choose backend 'auto', 'onednn' or 'reference'"});
}

}  // namespace atnas::backend
