// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What `atnas train` does: looks for an encode, trains its network, tests it once.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "atnas/app/report/train_plan.hpp"
#include "atnas/app/report/train_progress.hpp"
#include "atnas/app/report/train_report.hpp"
#include "atnas/app/run_requests.hpp"
#include "atnas/app/train_inputs.hpp"
#include "atnas/app/train_options.hpp"
#include "atnas/backend/backend.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/comm/gradient_reducer.hpp"
#include "atnas/core/provenance.hpp"
#include "atnas/core/timer.hpp"
#include "atnas/engine/network_training.hpp"
#include "atnas/engine/work_sharing.hpp"
#include "atnas/evo/fitness_model.hpp"
#include "atnas/io/checkpoint.hpp"
#include "atnas/space/cost_model.hpp"
#include "atnas/space/search_space.hpp"
#include "atnas/supernet/supernet.hpp"

namespace atnas::app {

/// One per rank, all in step. Results do not depend on the number of ranks, nor on stops and restarts, unless the
/// number of steps follows from a time. Neither copied nor moved.
class Train {
  public:
    /// \p inputs and \p communicator outlive it. \p stored: what a run before this one left; none = begins. Throws
    /// Error on every rank, restart_refused for a checkpoint of other settings, data or meta-network. Collective.
    Train(const TrainInputs& inputs, const TrainOptions& options, const std::optional<io::CheckpointState>& stored,
          const comm::Communicator& communicator);
    Train(const Train&) = delete;
    Train& operator=(const Train&) = delete;

    /// To the end, or to where it is asked to stop. Writes checkpoints; the caller writes the network. Collective.
    ExitCode run(RunRequests& requests, const Provenance& provenance);
    /// What run() would do.
    TrainPlan plan() const;

    /// What was found. \pre run() is done
    const TrainFigures& figures() const noexcept { return figures_; }
    io::NetworkFile network_file(const Provenance& provenance) const;
    /// Removes this run's checkpoints, which the network makes superfluous. One process.
    void remove_checkpoints() const;

  private:
    enum class Phase { search, training };
    enum class Outcome { done, stopped };

    void restore(const io::CheckpointState& stored);
    void expect_continues(const io::CheckpointState& stored) const;
    /// Of a checkpoint: settings_of() and which meta-network.
    std::vector<std::pair<std::string, std::string>> settings() const;
    /// Collective.
    io::CheckpointState state(const Provenance& provenance);
    void save(RunRequests& requests, const Provenance& provenance);
    /// Throws Error(failed) on every rank where they differ, or are not finite any more. Collective.
    void compare_replicas();
    ExitCode stopped(const RunRequests& requests) const;

    Outcome search(RunRequests& requests, const Provenance& provenance);
    /// Tries what nobody knows yet, as far as evaluations are left. Collective.
    Outcome try_encodes(engine::EncodeTrials& trials, std::span<const space::Genotype> asked, RunRequests& requests);
    /// Collective.
    bool search_is_over() const;
    /// Of what a search may take, by this rank's clock.
    bool is_out_of_time() const;
    /// Of the encodes that were tried, or what is trained without a search.
    space::Genotype winner() const;
    const evo::Judged* best() const;

    void begin_training();
    int affordable_steps();
    /// Of training, by the epochs.
    int most_steps() const;
    Outcome train(RunRequests& requests, const Provenance& provenance);
    void report_progress();
    void test();
    /// Adds the time since the last call to that of the phase.
    void count_time();
    double seconds() const noexcept { return seconds_before_ + clock_.seconds(); }
    /// A run that begins anew has no line of another in its metrics.
    io::OpenMode metrics_mode() const noexcept;

    const TrainInputs& inputs_;
    TrainOptions options_;
    const comm::Communicator& communicator_;
    std::unique_ptr<space::SearchSpace> space_;
    space::CostModel costs_;
    std::vector<space::Genotype> elite_;  ///< of the meta-network, best first
    std::unique_ptr<backend::Backend> backend_;
    engine::WorkSharing sharing_;

    Phase phase_{Phase::search};
    bool out_of_time_{false};                    ///< of a search
    std::vector<evo::Judged> judged_;            ///< encodes that were tried, in that order
    std::optional<supernet::Supernet> network_;  ///< the winner's
    std::unique_ptr<comm::GradientReducer> reducer_;
    std::unique_ptr<engine::NetworkTraining> training_;
    int steps_{0};      ///< of all training; 0 = not known yet
    int iteration_{0};  ///< steps done
    int skipped_in_a_row_{0};
    std::vector<double> losses_;  ///< by step
    io::Reproducibility reproducibility_;

    Stopwatch clock_, phase_clock_;
    double seconds_before_{0};  ///< of runs before this one
    int first_iteration_{0};    ///< of this run
    double stepping_{0};        ///< seconds of this run's steps
    TrainFigures figures_;
    TrainProgress progress_;
    io::NetworkRecord record_;
};

}  // namespace atnas::app
