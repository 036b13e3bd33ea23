// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Tasks in flight: while a device computes one, others are queued behind it, so that it never waits for the host.

#include <functional>
#include <vector>

#include "atnas/supernet/supernet.hpp"

namespace atnas::meta {

/// A pipeline as deep as the supernet has lanes, each the context and memory of one task. next() gives a lane, whose
/// task of before is done by then; the caller queues a task there and says so by started(). With one lane, tasks come
/// one after another.
class TasksInFlight {
  public:
    /// Called when it is time to read the task's result.
    using Done = std::function<void()>;

    /// What is queued on the lanes from now on comes after what is queued on lane 0 so far: the weights that all tasks
    /// begin with. \pre no task is in flight. Keeps a reference.
    explicit TasksInFlight(supernet::Supernet& supernet);
    /// The lane of the next task, in turn; what was in flight there is done.
    int next();
    /// The task of the lane of the last next() is queued. \p done follows when the lane's turn comes again or in
    /// finish(): for all tasks in the order in which these were started. \pre once per next()
    void started(Done done);
    /// Everything that is in flight is done.
    void finish();
    /// What is queued on \p lane from now on comes after what is queued on the lane before it so far: tasks that begin
    /// to add to one sum like that do so one after another.
    void wait_for_previous(int lane);
    /// What is queued on \p lane from now on comes after what is queued on all others so far.
    void wait_for_others(int lane);

  private:
    supernet::Supernet& supernet_;
    std::vector<Done> lanes_;  ///< empty where nothing is in flight
    std::size_t last_;         ///< lane of the last next()
};

}  // namespace atnas::meta
