// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Which reducer sums the meta-gradients of a run.

#include <cstddef>
#include <memory>

#include "atnas/app/deck/deck.hpp"
#include "atnas/backend/backend.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/comm/gradient_reducer.hpp"

namespace atnas::app {

/// For memory of \p backend: MPI on the processor; on GPUs NCCL, or MPI through host memory where the program was built
/// without it or ranks have slices of one GPU. \p weights: elements in front of a meta-gradient's counts. Collective.
/// The arguments outlive the reducer.
std::unique_ptr<comm::GradientReducer> make_reducer(const Deck& deck, const comm::Communicator& communicator,
                                                    backend::Backend& backend, std::size_t weights);

}  // namespace atnas::app
