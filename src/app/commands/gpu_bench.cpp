// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/commands/gpu_bench.hpp"

#include <algorithm>
#include <memory>

#include "atnas/app/deck/engine_options.hpp"
#include "atnas/core/timer.hpp"
#include "atnas/engine/replica_backend.hpp"
#include "atnas/engine/replica_reducer.hpp"
#include "atnas/meta/meta_gradient.hpp"
#include "atnas/meta/tasks_in_flight.hpp"
#include "atnas/supernet/supernet.hpp"

namespace atnas::app {
namespace {

/// A replica that does one task over and over, with as many of it in flight as it has lanes.
class Rig {
  public:
    Rig(const BenchCase& c, backend::Backend& backend, int lanes)
        : case_(c),
          device_(*backend.services()),
          supernet_(backend, c.network, 1, lanes),
          plans_(supernet_),
          gradient_(backend, supernet_.context(), supernet_.weights(), 1),
          learner_(meta::make_meta_learner(meta::Learner::fomaml, meta::Adaptation(c.adaptation))) {
        // Compiles, grows and loads what the first tasks need.
        run(0.0);
        intervals_.clear();
    }

    /// For about so long; how many tasks.
    int run(double seconds) {
        meta::TasksInFlight in_flight(supernet_);
        int tasks = 0;
        for (const Stopwatch watch; tasks < 3 * supernet_.lanes() || watch.seconds() < seconds; ++tasks) {
            const int lane = in_flight.next();
            meta::TaskPlan& plan = plans_.plan(case_.genotype, case_.shape, lane);
            learner_->run(plan, case_.task);
            in_flight.wait_for_previous(lane);
            learner_->contribute(plan, gradient_.sum());
            in_flight.started([this, lane, &plan] {
                static_cast<void>(plan.query_result());
                // Task by task: what times one serves the next one.
                std::ranges::copy(device_.intervals(supernet_.context(lane)), std::back_inserter(intervals_));
            });
        }
        in_flight.finish();
        return tasks;
    }

    /// When the device was at work in run(), where the backend measures that.
    const std::vector<backend::DeviceInterval>& intervals() const noexcept { return intervals_; }

    /// One task whose gradient is summed over the ranks while it is computed.
    void reduce(comm::GradientReducer& reducer) {
        backend::Context& context = supernet_.context();
        meta::TaskPlan& plan = plans_.plan(case_.genotype, case_.shape);
        gradient_.clear();
        reducer.begin(gradient_.sum());
        learner_->run_last(
            plan, case_.task, gradient_.sum(), [] {}, [&](std::size_t first) { reducer.ready(context, first); });
        static_cast<void>(plan.query_result());
        gradient_.seal();
        reducer.finish(context);
    }

    supernet::Supernet& supernet() noexcept { return supernet_; }

  private:
    const BenchCase& case_;
    backend::DeviceServices& device_;
    supernet::Supernet supernet_;
    meta::TaskPlans plans_;
    meta::MetaGradient gradient_;
    std::unique_ptr<meta::MetaLearner> learner_;
    std::vector<backend::DeviceInterval> intervals_;
};

void measure_work(const BenchCase& c, backend::Backend& profiled, int lanes, double seconds, GpuFigures& figures) {
    {
        Rig rig(c, profiled, 1);
        const int tasks = rig.run(seconds);
        const Busy busy = busy_of(rig.intervals());
        figures.kernel_seconds = busy.sum / tasks;
        figures.gap_seconds = (busy.span - busy.seconds) / tasks;
        if (busy.span > 0) figures.busy_share = busy.seconds / busy.span;
    }
    Rig rig(c, profiled, lanes);
    rig.run(seconds);
    const Busy busy = busy_of(rig.intervals());
    if (busy.span > 0) figures.busy_share_in_flight = busy.seconds / busy.span;
}

double tasks_per_second(const BenchCase& c, backend::Backend& backend, int lanes, double seconds) {
    Rig rig(c, backend, lanes);
    const Stopwatch watch;
    const int tasks = rig.run(seconds);
    return tasks / watch.seconds();
}

void measure_reduction(const BenchCase& c, const Deck& deck, backend::Backend& backend,
                       const comm::Communicator& communicator, GpuFigures& figures) {
    Rig rig(c, backend, 1);
    const auto reducer =
        engine::make_replica_reducer(reducer_options(deck), communicator, backend, rig.supernet().weights().size());
    for (int warm_up = 0; warm_up < 2; ++warm_up) rig.reduce(*reducer);  // connects the ranks
    const comm::ReductionFigures before = reducer->figures();
    constexpr int repeats = 5;
    for (int i = 0; i < repeats; ++i) rig.reduce(*reducer);
    const comm::ReductionFigures after = reducer->figures();
    const double device = after.device_seconds - before.device_seconds;
    // Through host memory all of it is waited for.
    const double seconds = device > 0 ? device : after.waited_seconds - before.waited_seconds;
    if (seconds <= 0) return;
    figures.reduced_per_second = static_cast<double>(after.bytes - before.bytes) / seconds;
    figures.hidden_share = (after.hidden_seconds - before.hidden_seconds) / seconds;
}

}  // namespace

Busy busy_of(std::vector<backend::DeviceInterval> intervals) {
    Busy busy;
    if (intervals.empty()) return busy;
    std::ranges::sort(intervals, {}, &backend::DeviceInterval::begin);
    double end = intervals.front().begin;  // of what was looked at
    for (const auto& interval : intervals) {
        busy.sum += interval.end - interval.begin;
        busy.seconds += std::max(0.0, interval.end - std::max(end, interval.begin));
        end = std::max(end, interval.end);
    }
    busy.span = end - intervals.front().begin;
    return busy;
}

GpuFigures measure_gpu(const BenchCase& c, const Deck& deck, backend::Backend& backend, double seconds,
                       const comm::Communicator& communicator) {
    GpuFigures figures;
    const int lanes = deck.cuda.streams;
    measure_work(c, *engine::make_replica_backend(replica_options(deck, backend::Profile::yes), communicator), lanes,
                 seconds, figures);
    figures.tasks_per_second = tasks_per_second(c, backend, lanes, seconds);
    communicator.barrier();
    measure_reduction(c, deck, backend, communicator, figures);
    return figures;
}

}  // namespace atnas::app
