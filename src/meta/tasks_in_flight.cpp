// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/tasks_in_flight.hpp"

#include <utility>

#include "atnas/core/contract.hpp"

namespace atnas::meta {

TasksInFlight::TasksInFlight(TaskPlans& plans)
    : plans_(plans), lanes_(static_cast<std::size_t>(supernet().lanes())), last_(lanes_.size() - 1) {
    for (int lane = 1; lane < supernet().lanes(); ++lane)
        supernet().backend().wait(supernet().context(lane), supernet().context());
}

int TasksInFlight::next() {
    last_ = (last_ + 1) % lanes_.size();
    collect(lanes_[last_]);
    return static_cast<int>(last_);
}

void TasksInFlight::started(TaskPlan& plan, Done done) {
    ATNAS_EXPECT(lanes_[last_].plan == nullptr);
    lanes_[last_] = {&plan, std::move(done)};
}

void TasksInFlight::finish() {
    for (std::size_t k = 1; k <= lanes_.size(); ++k) collect(lanes_[(last_ + k) % lanes_.size()]);
}

void TasksInFlight::wait_for_previous(int lane) {
    if (supernet().lanes() == 1) return;
    const int previous = (lane + supernet().lanes() - 1) % supernet().lanes();
    supernet().backend().wait(supernet().context(lane), supernet().context(previous));
}

void TasksInFlight::wait_for_others(int lane) {
    for (int other = 0; other < supernet().lanes(); ++other)
        if (other != lane) supernet().backend().wait(supernet().context(lane), supernet().context(other));
}

void TasksInFlight::collect(InFlight& task) {
    if (task.plan == nullptr) return;
    const InFlight over = std::exchange(task, {});
    over.done(*over.plan);
}

}  // namespace atnas::meta
