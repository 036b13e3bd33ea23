#pragma once
/// \file
/// The search loop: meta-learning of the shared weights, evolution of the encodes on islands, checkpoints.

#include <memory>
#include <vector>

#include "atnas/app/deck.hpp"
#include "atnas/app/island.hpp"
#include "atnas/app/migrator.hpp"
#include "atnas/app/progress.hpp"
#include "atnas/app/task_source.hpp"
#include "atnas/backend/backend.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/comm/gradient_reducer.hpp"
#include "atnas/core/provenance.hpp"
#include "atnas/core/timer.hpp"
#include "atnas/io/checkpoint.hpp"
#include "atnas/meta/outer_optimizer.hpp"
#include "atnas/space/cost_model.hpp"

namespace atnas::app {

/// All methods are collective.
class Search {
  public:
    /// Loads data and makes the initial state. Throws Error(bad_deck): more ranks than islands, impossible tasks.
    Search(const Deck& deck, Provenance provenance, const comm::Communicator& communicator);

    /// Goes on from a checkpoint. Throws Error(restart_refused) when its deck forbids it, with all conflicts.
    void restore(const std::filesystem::path& checkpoint);
    /// What would be run, for people.
    std::string plan();
    /// Runs to the last iteration. done, or stopped when the wall time ran out before.
    ExitCode run();

    int iteration() const noexcept { return iteration_; }
    /// Figures of the newest generation, also of one before a restart.
    GenerationReport latest() const;
    std::filesystem::path checkpoint() const { return last_checkpoint_; }

  private:
    void learn();
    void generation();
    void record_generation();
    void save();
    bool out_of_time();
    io::CheckpointState state();

    Deck deck_;
    Provenance provenance_;
    const comm::Communicator& communicator_;
    TaskSource tasks_;
    data::EpisodeSampler training_, validation_;
    space::NetworkOptions network_;
    std::unique_ptr<space::SearchSpace> space_;
    space::CostModel costs_;
    std::unique_ptr<backend::Backend> backend_;
    supernet::Supernet supernet_;
    std::unique_ptr<meta::MetaLearner> learner_;
    std::unique_ptr<meta::OuterOptimizer> optimizer_;
    std::unique_ptr<comm::GradientReducer> reducer_;
    Migrator migrator_;
    std::vector<Island> islands_;  ///< this rank's
    meta::MetaGradient total_;

    int iteration_{0};
    int generation_{0};
    std::int64_t task_count_{0};
    std::int64_t skipped_steps_{0};
    std::vector<io::HistoryRecord> history_;
    /// Of the state so far; a checkpoint that is not makes this one not either.
    io::Reproducible reproducible_{deck_.reproducible() ? io::Reproducible::yes : io::Reproducible::no};
    std::vector<double> losses_;

    PhaseTimes times_;
    Progress progress_;
    std::filesystem::path last_checkpoint_;
};

}  // namespace atnas::app
