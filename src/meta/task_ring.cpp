#include "atnas/meta/task_ring.hpp"

#include <utility>

#include "atnas/core/contract.hpp"

namespace atnas::meta {

TaskRing::TaskRing(supernet::Supernet& supernet)
    : supernet_(supernet), lanes_(static_cast<std::size_t>(supernet.lanes())), last_(lanes_.size() - 1) {
    for (int lane = 1; lane < supernet.lanes(); ++lane)
        supernet.backend().wait(supernet.context(lane), supernet.context());
}

int TaskRing::next() {
    last_ = (last_ + 1) % lanes_.size();
    collect(lanes_[last_]);
    return static_cast<int>(last_);
}

void TaskRing::started(nn::Plan& plan, Done done) {
    ATNAS_EXPECT(lanes_[last_].plan == nullptr);
    lanes_[last_] = {&plan, std::move(done)};
}

void TaskRing::finish() {
    for (std::size_t k = 1; k <= lanes_.size(); ++k) collect(lanes_[(last_ + k) % lanes_.size()]);
}

void TaskRing::wait_for_previous(int lane) {
    if (supernet_.lanes() == 1) return;
    const int previous = (lane + supernet_.lanes() - 1) % supernet_.lanes();
    supernet_.backend().wait(supernet_.context(lane), supernet_.context(previous));
}

void TaskRing::wait_for_others(int lane) {
    for (int other = 0; other < supernet_.lanes(); ++other)
        if (other != lane) supernet_.backend().wait(supernet_.context(lane), supernet_.context(other));
}

void TaskRing::collect(InFlight& task) {
    if (task.plan == nullptr) return;
    const InFlight over = std::exchange(task, {});
    over.done(*over.plan);
}

}  // namespace atnas::meta
