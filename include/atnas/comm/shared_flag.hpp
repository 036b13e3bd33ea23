// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// How one rank tells something to ranks that are busy with work of their own.

#include <vector>

#include "atnas/comm/communicator.hpp"

namespace atnas::comm {

/// A flag that any rank raises without waiting: a message without content to every other rank, who finds it when it
/// looks between two pieces of work. Between two calls of lower() a rank raises it at most once.
class SharedFlag {
  public:
    /// Collective.
    explicit SharedFlag(const Communicator& communicator);

    void raise();
    /// Whether this rank has raised it, or a rank whose message has arrived. Does not wait.
    bool is_raised();
    /// Waits until everybody has heard of everybody who raised it; then it is down. Collective. Must have been called
    /// since the last raise() when the object goes.
    void lower();

  private:
    Communicator communicator_;  ///< own, so that no other message can be taken for one of the flag
    bool raised_here_{false};
    int heard_{0};  ///< messages of other ranks
    std::vector<MPI_Request> requests_;
};

}  // namespace atnas::comm
