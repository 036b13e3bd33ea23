// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Which reducer sums the meta-gradients of the replicas.

#include <cstddef>
#include <memory>

#include "atnas/backend/backend.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/comm/gradient_reducer.hpp"

namespace atnas::engine {

struct ReducerOptions {
    comm::Reduction reduction{comm::Reduction::exact};
    double timeout_seconds{0};  ///< that ranks wait for each other; 0 = for ever. Of NCCL alone
};

/// For memory of \p backend: MPI on the processor; on GPUs NCCL, or MPI through host memory where the program was built
/// without it or ranks have slices of one GPU. \p weights: elements in front of a meta-gradient's counts. Collective.
/// Communicator and backend outlive the reducer.
std::unique_ptr<comm::GradientReducer> make_replica_reducer(const ReducerOptions& options,
                                                            const comm::Communicator& communicator,
                                                            backend::Backend& backend, std::size_t weights);

}  // namespace atnas::engine
