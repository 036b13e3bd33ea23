// SPDX-License-Identifier: Apache-2.0
#include "op_clock.hpp"

#include <utility>

#include "context.hpp"

namespace atnas::backend::cuda {
namespace {

double seconds_between(const Event& from, const Event& to) {
    float milliseconds = 0.0f;
    check(cudaEventElapsedTime(&milliseconds, from.get(), to.get()), "cudaEventElapsedTime");
    return 1e-3 * static_cast<double>(milliseconds);
}

class TimedOp final : public Op {
  public:
    explicit TimedOp(std::unique_ptr<Op> op) : op_(std::move(op)) {}
    void forward(Context& context) override {
        cuda(context).timed([&] { op_->forward(context); });
    }
    void backward(Context& context) override {
        cuda(context).timed([&] { op_->backward(context); });
    }

  private:
    std::unique_ptr<Op> op_;
};

}  // namespace

void OpClock::record(cudaStream_t stream) {
    if (used_ == events_.size()) events_.push_back(make_clock_event());
    check(cudaEventRecord(events_[used_++].get(), stream), "cudaEventRecord");
}

std::vector<DeviceInterval> OpClock::read() {
    std::vector<DeviceInterval> intervals;
    for (std::size_t i = 0; i + 1 < used_; i += 2) {
        // From event to event: single precision is too coarse for the time since the origin.
        const double begin = i == 0 ? seconds_between(origin_, events_[0])
                                    : intervals.back().end + seconds_between(events_[i - 1], events_[i]);
        intervals.push_back({begin, begin + seconds_between(events_[i], events_[i + 1])});
    }
    used_ = 0;
    return intervals;
}

std::unique_ptr<Op> make_timed(std::unique_ptr<Op> op) {
    return std::make_unique<TimedOp>(std::move(op));
}

}  // namespace atnas::backend::cuda
