// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/tasks_in_flight.hpp"

#include <utility>

#include "atnas/core/contract.hpp"

namespace atnas::meta {
namespace {

void collect(TasksInFlight::Done& task) {
    if (const TasksInFlight::Done done = std::exchange(task, nullptr)) done();
}

}  // namespace

TasksInFlight::TasksInFlight(supernet::Supernet& supernet)
    : supernet_(supernet), lanes_(static_cast<std::size_t>(supernet.lanes())), last_(lanes_.size() - 1) {
    for (int lane = 1; lane < supernet_.lanes(); ++lane)
        supernet_.backend().wait(supernet_.context(lane), supernet_.context());
}

int TasksInFlight::next() {
    last_ = (last_ + 1) % lanes_.size();
    collect(lanes_[last_]);
    return static_cast<int>(last_);
}

void TasksInFlight::started(Done done) {
    ATNAS_EXPECT(!lanes_[last_]);
    lanes_[last_] = std::move(done);
}

void TasksInFlight::finish() {
    for (std::size_t k = 1; k <= lanes_.size(); ++k) collect(lanes_[(last_ + k) % lanes_.size()]);
}

void TasksInFlight::wait_for_previous(int lane) {
    if (supernet_.lanes() == 1) return;
    const int previous = (lane + supernet_.lanes() - 1) % supernet_.lanes();
    supernet_.backend().wait(supernet_.context(lane), supernet_.context(previous));
}

void TasksInFlight::wait_for_others(int lane) {
    for (int other = 0; other < supernet_.lanes(); ++other)
        if (other != lane) supernet_.backend().wait(supernet_.context(lane), supernet_.context(other));
}

}  // namespace atnas::meta
