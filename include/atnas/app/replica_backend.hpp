#pragma once
/// \file
/// Which backend and which device a rank's replica computes on.

#include <memory>

#include "atnas/app/deck/deck.hpp"
#include "atnas/backend/backend.hpp"
#include "atnas/comm/communicator.hpp"

namespace atnas::app {

/// The backend that runtime.backend asks for. auto: cuda where every rank has a usable GPU of its own, for replicas
/// that compute differently would drift apart; else the fastest on the processor, with a line in the log that says why.
/// gpu_choice.hpp says which GPU is whose. Throws Error(bad_deck), the same on all ranks: backend not usable, no GPU of
/// its own for every rank. Collective.
std::unique_ptr<backend::Backend> make_replica_backend(const Deck& deck, const comm::Communicator& communicator,
                                                       backend::Profile profile = backend::Profile::no);

/// Tasks of a rank that this backend works on at a time: cuda.streams on a GPU, one on a processor.
int lanes_of(const Deck& deck, const backend::Backend& backend) noexcept;

}  // namespace atnas::app
