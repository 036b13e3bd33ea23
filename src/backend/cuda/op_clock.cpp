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
        timed(context, [&] { op_->forward(context); });
    }
    void backward(Context& context) override {
        timed(context, [&] { op_->backward(context); });
    }

  private:
    template <class Work>
    void timed(Context& context, Work work) {
        CudaContext& on = cuda(context);
        on.clock().start(on.stream());
        work();
        on.clock().stop(on.stream());
    }
    std::unique_ptr<Op> op_;
};

}  // namespace

void OpClock::record(cudaStream_t stream) {
    if (used_ == events_.size())
        events_.push_back(make<Event>(cudaEventCreateWithFlags, "cudaEventCreateWithFlags", cudaEventDefault));
    check(cudaEventRecord(events_[used_++].get(), stream), "cudaEventRecord");
}

DeviceTimes OpClock::read() {
    DeviceTimes times;
    times.operations = used_ / 2;
    for (std::size_t i = 0; i + 1 < used_; i += 2) times.busy_seconds += seconds_between(events_[i], events_[i + 1]);
    if (used_ > 0) times.span_seconds = seconds_between(events_.front(), events_[used_ - 1]);
    used_ = 0;
    return times;
}

std::unique_ptr<Op> make_timed(std::unique_ptr<Op> op) {
    return std::make_unique<TimedOp>(std::move(op));
}

}  // namespace atnas::backend::cuda
