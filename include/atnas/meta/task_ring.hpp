#pragma once
/// \file
/// Tasks in flight: while a device computes one, others are queued.

#include <functional>
#include <vector>

#include "atnas/supernet/supernet.hpp"

namespace atnas::meta {

/// Hands out the lanes of a supernet in turn. With one lane tasks come one after another.
class TaskRing {
  public:
    /// Is given the plan of a task when it is time to read the task's result.
    using Done = std::function<void(nn::Plan&)>;

    /// What is queued on the lanes from now on comes after what is queued on lane 0 so far: the weights that all tasks
    /// begin with. \pre no task is in flight. Keeps a reference.
    explicit TaskRing(supernet::Supernet& supernet);

    supernet::Supernet& supernet() noexcept { return supernet_; }
    /// The lane of the next task; what was in flight there is done.
    int next();
    /// The task of the lane of the last next() is queued. \p done follows when the lane's turn comes again or in
    /// finish(): for all tasks in the order in which these were started. \pre once per next()
    void started(nn::Plan& plan, Done done);
    /// Everything that is in flight is done.
    void finish();
    /// What is queued on \p lane from now on comes after what is queued on the lane before it so far: tasks that begin
    /// to add to one sum like that do so one after another.
    void wait_for_previous(int lane);
    /// What is queued on \p lane from now on comes after what is queued on all others so far.
    void wait_for_others(int lane);

  private:
    struct InFlight {
        nn::Plan* plan{nullptr};
        Done done{};
    };
    void collect(InFlight& task);

    supernet::Supernet& supernet_;
    std::vector<InFlight> lanes_;
    std::size_t last_;  ///< lane of the last next()
};

}  // namespace atnas::meta
