// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/progress.hpp"

#include <cmath>
#include <cstdio>

#include <fmt/format.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include "atnas/core/log.hpp"
#include "atnas/io/run_folder.hpp"

namespace atnas::app {
namespace {

std::string duration(double seconds) {
    const auto s = static_cast<long>(seconds + 0.5);
    if (s >= 3600) return fmt::format("{}h{:02}m", s / 3600, s % 3600 / 60);
    return fmt::format("{}m{:02}s", s / 60, s % 60);
}

std::string count_text(std::int64_t value) {
    if (value >= 10'000'000) return fmt::format("{:.0f} M", 1e-6 * static_cast<double>(value));
    if (value >= 1'000'000) return fmt::format("{:.1f} M", 1e-6 * static_cast<double>(value));
    return fmt::format("{:.1f} k", 1e-3 * static_cast<double>(value));
}

}  // namespace

void Progress::start(int iteration, std::int64_t tasks, io::OpenMode mode) {
    first_iteration_ = iteration;
    first_tasks_ = tasks;
    on_root(communicator_,
            [&] { metrics_ = std::make_unique<io::MetricsFile>(io::metrics_path(deck_.run.folder), mode); });
    clock_ = Stopwatch();
}

double Progress::tasks_per_second(std::int64_t tasks) const noexcept {
    return static_cast<double>(tasks - first_tasks_) / seconds();
}

std::string Progress::remaining(int done) const {
    if (iterations(done) <= 0) return "?";  // a generation that the run before left
    const double per_iteration = seconds() / (done - first_iteration_);
    return duration(per_iteration * (deck_.run.iterations - done));
}

void Progress::iteration(int done, std::int64_t tasks, double loss) {
    bar(done);
    if (deck_.run.log_every > 0 && done % deck_.run.log_every == 0)
        world_log().info("{}iteration {}/{}: {:.1f} tasks/s, loss {:.3f}, {} left",
                         pretraining(done) ? "pretraining, " : "", done, deck_.run.iterations, tasks_per_second(tasks),
                         loss, remaining(done));
    if (done == deck_.meta.pretraining.iterations)
        world_log().info("pretraining ended after {} iterations, at a loss of {:.3f}", done, loss);
}

void Progress::bar(int done) const {
    if (!communicator_.is_root() || isatty(STDERR_FILENO) == 0) return;
    constexpr int width = 40;
    const int filled = width * done / deck_.run.iterations;
    fmt::print(stderr, "\r[{:#<{}}{:.<{}}] {}/{}\r", "", filled, "", width - filled, done, deck_.run.iterations);
    std::fflush(stderr);
}

void Progress::generation(const GenerationReport& r, const engine::EvaluationFigures& evaluations) {
    std::string surrogate;
    if (r.surrogate_correlation)
        surrogate = std::isnan(*r.surrogate_correlation)
                        ? "surrogate not compared, "
                        : fmt::format("surrogate's rank correlation {:.2f}, ", *r.surrogate_correlation);
    const std::string fitness =
        r.best_fitness > evo::worst_fitness
            ? fmt::format("fitness best {:.2f} % mean {:.2f} %", 100 * r.best_fitness, 100 * r.mean_fitness)
        : deck_.evo.max_latency > 0 ? "no individual has a fitness (no loss was finite, or all exceed evo.max_latency)"
                                    : "no individual has a fitness (no loss was finite)";
    const std::string front =
        r.front.empty() ? "" : fmt::format(", front of {} with hypervolume {:.4f}", r.front.size(), r.hypervolume);
    world_log().info(
        "generation {} at iteration {}/{}: {:.1f} tasks/s, loss {:.3f}, {}, best has {} MACs and {} parameters{}, {}{} "
        "left",
        r.generation, r.iteration, deck_.run.iterations, tasks_per_second(r.tasks), r.loss, fitness, count_text(r.macs),
        count_text(r.parameters), front, surrogate, remaining(static_cast<int>(r.iteration)));
    if (evaluations.saved > 0)
        world_log().info("racing spared {} of {} evaluations", evaluations.saved, evaluations.made + evaluations.saved);
    nlohmann::json line = json_of(r);
    line["evaluations"] = evaluations.made;
    line["evaluations_saved"] = evaluations.saved;
    line["pretraining"] = pretraining(static_cast<int>(r.iteration));
    line["seconds"] = seconds();
    line["tasks_per_s"] = tasks_per_second(r.tasks);
    on_root(communicator_, [&] { metrics_->append(line); });
}

}  // namespace atnas::app
