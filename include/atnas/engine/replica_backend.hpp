// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Which backend and which device a rank's replica computes on.

#include <memory>
#include <string>

#include "atnas/backend/backend.hpp"
#include "atnas/comm/communicator.hpp"

namespace atnas::engine {

struct ReplicaOptions {
    std::string backend{"auto"};  ///< auto or the name of one
    backend::CudaOptions cuda{};  ///< its device is chosen by make_replica_backend()
    int streams{4};               ///< tasks of a rank in flight on a GPU
};

/// The backend that the options ask for. auto: cuda where every rank has a usable GPU of its own, for replicas
/// that compute differently would drift apart; else the fastest on the processor, with a line in the log that says why.
/// gpu_choice.hpp says which GPU is whose. Throws Error(bad_deck), the same on all ranks: backend not usable, no GPU of
/// its own for every rank. Collective.
std::unique_ptr<backend::Backend> make_replica_backend(const ReplicaOptions& options,
                                                       const comm::Communicator& communicator);

/// Tasks of a rank that this backend works on at a time: options.streams on a GPU, one on a processor.
int lanes_of(const ReplicaOptions& options, backend::Backend& backend) noexcept;

}  // namespace atnas::engine
