#pragma once
/// \file
/// How one rank makes itself heard by ranks that are busy with work of their own.

#include <vector>

#include "atnas/comm/communicator.hpp"

namespace atnas::comm {

/// A message without content to every other rank, who find it when they listen between two pieces of work. Between two
/// calls of settle() a rank rings at most once.
class Bell {
  public:
    /// Collective.
    explicit Bell(const Communicator& communicator);

    void ring();
    /// Whether this rank or one that it has heard of has rung. Does not wait.
    bool heard();
    /// Waits until everything rung has been heard by everyone; then nobody has rung. Collective. Must have been called
    /// since the last ring() when the object goes.
    void settle();

  private:
    Communicator communicator_;  ///< own, so that no other message can be taken for a ring
    bool rung_{false};
    int heard_{0};
    std::vector<MPI_Request> requests_;
};

}  // namespace atnas::comm
