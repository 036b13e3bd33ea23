// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The search loop: meta-learning of the shared weights, evolution of the encodes on islands, checkpoints.

#include <memory>
#include <optional>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "atnas/app/deck/deck.hpp"
#include "atnas/app/report/progress.hpp"
#include "atnas/app/report/startup_times.hpp"
#include "atnas/app/report/work_report.hpp"
#include "atnas/app/run_requests.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/comm/gradient_reducer.hpp"
#include "atnas/core/provenance.hpp"
#include "atnas/core/timer.hpp"
#include "atnas/engine/generation.hpp"
#include "atnas/engine/island.hpp"
#include "atnas/engine/latency_table.hpp"
#include "atnas/engine/meta_network.hpp"
#include "atnas/engine/meta_training.hpp"
#include "atnas/engine/migration.hpp"
#include "atnas/engine/work_sharing.hpp"
#include "atnas/evo/evolution.hpp"
#include "atnas/evo/fitness_model.hpp"
#include "atnas/evo/genealogy.hpp"
#include "atnas/evo/selection.hpp"
#include "atnas/io/checkpoint.hpp"

namespace atnas::app {

/// All methods that are not const are collective.
class Search {
  public:
    /// Loads data and makes the initial state, or goes on from the one that is \p stored. Throws Error(bad_deck): more
    /// ranks than tasks, impossible tasks; Error(restart_refused) when the deck or the data forbid to go on, with all
    /// conflicts; Error(bad_data) when what is stored cannot be.
    Search(const Deck& deck, Provenance provenance, const std::optional<io::CheckpointState>& stored,
           const comm::Communicator& communicator);

    /// What would be run, for people.
    std::string plan();
    /// Who works where; a warning where the machine is too small.
    void describe_ranks();
    /// Runs to the last iteration. done, or stopped when \p requests asked for it before. Throws Error(failed), with a
    /// checkpoint of the last finite state, after meta.skip_limit skipped steps in a row or when nothing was learned at
    /// all, and without one when the replicas have drifted apart.
    /// The parts of \p startup from here on: warm-up, and iteration with the generation that the run before left
    /// undone.
    ExitCode run(RunRequests& requests, StartupTimes& startup);

    int iteration() const noexcept { return iteration_; }
    /// Figures of this process's run: times, rate, ranks. Collective.
    nlohmann::json figures();
    /// Figures of the newest generation, also of one before a restart; on rank 0, which alone keeps the history.
    GenerationReport latest() const;
    std::filesystem::path checkpoint() const { return last_checkpoint_; }

  private:
    /// Takes the memory of a GPU and chooses its algorithms before anything is timed.
    void warm_up();
    void learn(RunRequests& requests);
    /// The fitness of all, then the next populations.
    void evolve(RunRequests& requests);
    /// Fitness of all, and of newcomers what was predicted of it; who is new is remembered.
    void judge();
    /// Migration and variation.
    void vary();
    /// Leaves the finalists.
    void narrow();
    void agree(RunRequests& requests);
    /// The islands, ranked, and who has migrated between them.
    void record_generation(std::span<const evo::MigrationRecord> migrants);
    /// What they offer to choose from, where there are several objectives. On rank 0.
    void record_front();
    void compare_replicas();
    /// Throws Error(failed) when nothing came of the whole run: all steps skipped, or no individual with a fitness.
    /// Collective.
    void expect_learned() const;
    /// Collective.
    void report_phases() const;
    void warn_of_idle_ranks() const;
    std::string plans_text();
    RankWork own_work() const;
    void save(RunRequests& requests);
    void save_latencies() const;
    std::size_t checkpoint_bytes();
    io::CheckpointState state();
    /// Founded, or opened from what is stored, once nothing forbids to go on from that.
    static engine::MetaNetwork meta_network(const Deck& deck, const std::optional<io::CheckpointState>& stored,
                                            const comm::Communicator& communicator);
    /// None where latencies do not count. Once the deck, the provenance and the network are there. Collective.
    std::optional<engine::LatencyTable> latency_table(const std::optional<io::CheckpointState>& stored);
    /// The rest of what is stored.
    void restore(const io::CheckpointState& state);
    void restore_counts(const io::CheckpointState& state);

    Deck deck_;
    Provenance provenance_;
    const comm::Communicator& communicator_;
    engine::MetaNetwork net_;
    PhaseTimes times_;
    engine::WorkSharing sharing_;
    std::unique_ptr<comm::GradientReducer> reducer_;
    engine::MetaTraining training_;
    engine::Generation generation_;
    std::optional<engine::LatencyTable> latencies_;  ///< where they count
    std::unique_ptr<evo::Selection> selection_;
    evo::Evolution evolution_;
    std::optional<evo::FitnessModel> fitness_model_;  ///< where evo.surrogate is one
    engine::Migration migration_;
    std::vector<engine::Island> islands_;

    int iteration_{0};
    int generation_number_{0};
    bool generation_due_{false};  ///< the iteration is done, its generation is not
    std::int64_t task_count_{0};
    std::int64_t skipped_steps_{0};
    int skipped_in_a_row_{0};
    int ranks_per_host_{0};  ///< the most; 0 = describe_ranks() was not called
    /// Of the state so far; a checkpoint that is not makes this one not either.
    io::Reproducibility reproducibility_{deck_.reproducibility()};
    // Histories, on rank 0 alone: others need none, and a restart gives them none.
    std::vector<io::HistoryRecord> history_;
    std::vector<io::FrontRecord> fronts_;
    std::vector<evo::MigrationRecord> migrations_;
    evo::Genealogy genealogy_;
    std::vector<double> losses_;    ///< by meta-iteration
    std::vector<double> task_cpu_;  ///< seconds of this rank's tasks, per iteration of this process

    Progress progress_;
    std::filesystem::path last_checkpoint_;
};

}  // namespace atnas::app
