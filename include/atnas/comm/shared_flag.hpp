// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// How one rank tells something to ranks that are busy with work of their own.

#include <vector>

#include "atnas/comm/communicator.hpp"

namespace atnas::comm {

/// A flag that any rank raises without waiting. Ranks are the nodes of a tree: each tells its neighbours there, without
/// content, as soon as it raises the flag or finds between two pieces of work that a neighbour did. So a rank sends a
/// message to each neighbour and gets one, however many ranks raise the flag at a time. Up and down again it is raised
/// once.
class SharedFlag {
  public:
    /// \p children: of a node, one at least. Few make a deep tree, in which the word spreads slowly; many make much to
    /// send for one rank. Collective.
    explicit SharedFlag(const Communicator& communicator, int children = 32);

    void raise();
    /// Whether this rank has raised it, or has heard that another one did. Does not wait.
    bool is_raised();
    /// Waits until everybody has heard of it; then it is down. Collective. Must have been called since the last raise()
    /// when the object goes.
    void lower();

  private:
    struct Neighbour {
        int rank;
        bool heard;  ///< its message has come
    };
    /// Waits for its message.
    void hear(Neighbour& neighbour);
    Neighbour& sender(const MPI_Status& status);

    Communicator communicator_;  ///< own, so that no other message can be taken for one of the flag
    std::vector<Neighbour> neighbours_;
    bool raised_{false};
    std::vector<MPI_Request> requests_;
};

}  // namespace atnas::comm
