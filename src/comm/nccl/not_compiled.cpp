// SPDX-License-Identifier: Apache-2.0
#include "atnas/comm/nccl_reducer.hpp"
#include "atnas/core/contract.hpp"
#include "atnas/core/error.hpp"

namespace atnas::comm {

bool nccl_compiled() noexcept {
    return false;
}

std::unique_ptr<GradientReducer> make_nccl_reducer(const Communicator& /*communicator*/, backend::Backend& /*backend*/,
                                                   const NcclOptions& /*options*/) {
    throw Error(ExitCode::bad_deck, Problem{"reductions by NCCL cannot be had", "this program was built without NCCL",
                                            "build it with -DATNAS_NCCL=ON"});
}

}  // namespace atnas::comm
