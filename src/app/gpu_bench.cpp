#include "atnas/app/gpu_bench.hpp"

#include <algorithm>
#include <vector>

#include "atnas/app/make_reducer.hpp"
#include "atnas/app/replica_backend.hpp"
#include "atnas/core/timer.hpp"
#include "atnas/meta/meta_gradient.hpp"
#include "atnas/supernet/supernet.hpp"

namespace atnas::app {
namespace {

void measure_gaps(const BenchCase& c, backend::Backend& profiled, double seconds, GpuFigures& figures) {
    supernet::Supernet supernet(profiled, c.network, 1);
    meta::MetaGradient gradient(profiled, supernet.context(), supernet.weights());
    const auto learner = meta::make_meta_learner(meta::Learner::fomaml, c.loop);
    nn::Plan& plan = supernet.plan(c.genotype, c.task);
    for (int warm_up = 0; warm_up < 2; ++warm_up) learner->learn(plan, c.episode, gradient.buffer());
    static_cast<void>(profiled.device_times(supernet.context()));
    int tasks = 0;
    double span = 0.0;
    for (const Stopwatch whole; tasks < 3 || whole.seconds() < seconds; ++tasks) {
        learner->learn(plan, c.episode, gradient.buffer());
        const backend::DeviceTimes times = profiled.device_times(supernet.context());
        figures.kernel_seconds += times.busy_seconds;
        span += times.span_seconds;
    }
    figures.gap_seconds = std::max(0.0, span - figures.kernel_seconds) / tasks;
    figures.kernel_seconds /= tasks;
    const double both = figures.kernel_seconds + figures.gap_seconds;
    figures.busy_share = both > 0 ? figures.kernel_seconds / both : 0.0;
}

void measure_tasks_in_flight(const BenchCase& c, backend::Backend& backend, int lanes, double seconds,
                             GpuFigures& figures) {
    supernet::Supernet supernet(backend, c.network, 1, lanes);
    meta::MetaGradient gradient(backend, supernet.context(), supernet.weights());
    const auto learner = meta::make_meta_learner(meta::Learner::fomaml, c.loop);
    for (int lane = 1; lane < lanes; ++lane) backend.wait(supernet.context(lane), supernet.context());
    std::vector<nn::Plan*> in_flight(static_cast<std::size_t>(lanes));
    int done = 0;
    const auto round = [&] {
        for (int lane = 0; lane < lanes; ++lane) {
            nn::Plan*& plan = in_flight[static_cast<std::size_t>(lane)];
            if (plan != nullptr) {
                static_cast<void>(plan->query_result());
                ++done;
            }
            plan = &supernet.plan(c.genotype, c.task, lane);
            learner->run(*plan, c.episode);
            backend.wait(supernet.context(lane), supernet.context((lane + lanes - 1) % lanes));
            learner->contribute(*plan, gradient.buffer());
        }
    };
    for (int warm_up = 0; warm_up < 2; ++warm_up) round();
    done = 0;
    const Stopwatch watch;
    do round();
    while (watch.seconds() < seconds);
    figures.tasks_per_second = done / watch.seconds();
    for (nn::Plan* plan : in_flight) static_cast<void>(plan->query_result());
}

void measure_reduction(const BenchCase& c, const Deck& deck, backend::Backend& backend,
                       const comm::Communicator& communicator, GpuFigures& figures) {
    supernet::Supernet supernet(backend, c.network, 1);
    meta::MetaGradient gradient(backend, supernet.context(), supernet.weights());
    meta::MetaGradient total(backend, supernet.context(), supernet.weights());
    const auto learner = meta::make_meta_learner(meta::Learner::fomaml, c.loop);
    const auto reducer = make_reducer(deck, communicator, backend, supernet.weights().size());
    nn::Plan& plan = supernet.plan(c.genotype, c.task);
    const std::vector<const backend::Buffer*> mine{&gradient.buffer()};
    comm::ReductionFigures before;
    constexpr int repeats = 5;
    for (int i = -2; i < repeats; ++i) {  // the first connect the ranks
        if (i == 0) before = reducer->figures();
        reducer->begin(mine, total.buffer());
        learner->run_last(plan, c.episode, gradient.buffer(),
                          [&](std::size_t first) { reducer->ready(supernet.context(), first); });
        static_cast<void>(plan.query_result());
        gradient.seal();
        reducer->finish(supernet.context());
    }
    const comm::ReductionFigures after = reducer->figures();
    const double device = after.device_seconds - before.device_seconds;
    if (device <= 0) return;
    figures.reduced_per_second = static_cast<double>(after.bytes - before.bytes) / device;
    if (communicator.size() > 1)
        figures.hidden_share = std::clamp(1.0 - (after.waited_seconds - before.waited_seconds) / device, 0.0, 1.0);
}

}  // namespace

GpuFigures measure_gpu(const BenchCase& c, Deck deck, backend::Backend& backend, double seconds,
                       const comm::Communicator& communicator) {
    GpuFigures figures;
    deck.evo.islands = communicator.size();
    measure_gaps(c, *make_replica_backend(deck, communicator, backend::Profile::yes), seconds, figures);
    measure_tasks_in_flight(c, backend, deck.cuda.streams, seconds, figures);
    communicator.barrier();
    measure_reduction(c, deck, backend, communicator, figures);
    return figures;
}

}  // namespace atnas::app
