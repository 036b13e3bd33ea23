// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What a person sees while a search runs: a line per generation, a bar on a terminal, metrics.jsonl.

#include <memory>
#include <string>

#include "atnas/app/deck/deck.hpp"
#include "atnas/app/report/generation_report.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/core/timer.hpp"
#include "atnas/engine/generation.hpp"
#include "atnas/io/metrics.hpp"

namespace atnas::app {

class Progress {
  public:
    Progress(const Deck& deck, const comm::Communicator& communicator) : deck_(deck), communicator_(communicator) {}

    /// Opens metrics.jsonl: fresh or, after a restart, to append. Starts the clock. Collective.
    void start(int iteration, std::int64_t tasks, io::OpenMode mode);
    /// After every meta-iteration: moves the bar, and logs where run.log_every asks for it.
    void iteration(int done, std::int64_t tasks, double loss);
    /// After every generation: log line and metrics. Collective.
    void generation(const GenerationReport& report, const engine::EvaluationFigures& evaluations);
    double seconds() const noexcept { return clock_.seconds(); }
    double tasks_per_second(std::int64_t tasks) const noexcept;
    /// Of this process, when \p done are.
    int iterations(int done) const noexcept { return done - first_iteration_; }

  private:
    /// Whether the last of the iterations that are done was one of pretraining.
    bool pretraining(int done) const noexcept { return done <= deck_.meta.pretraining.iterations; }
    void bar(int done) const;
    std::string remaining(int done) const;

    const Deck& deck_;
    const comm::Communicator& communicator_;
    Stopwatch clock_;
    int first_iteration_{0};
    std::int64_t first_tasks_{0};
    std::unique_ptr<io::MetricsFile> metrics_;  ///< rank 0 only
};

}  // namespace atnas::app
