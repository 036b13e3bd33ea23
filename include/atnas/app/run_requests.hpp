// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What a run is asked for from outside while it goes on: to stop in time, or for a checkpoint.

#include <filesystem>
#include <string>

#include "atnas/app/deck/deck.hpp"
#include "atnas/app/stop_signals.hpp"
#include "atnas/app/time_budget.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/comm/shared_flag.hpp"
#include "atnas/comm/watchdog.hpp"
#include "atnas/core/timer.hpp"

namespace atnas::app {

/// Each rank hears its own signals and clock, rank 0 sees the files stop_now and checkpoint_now in run.folder; agree()
/// makes it everybody's knowledge (contract 3: agreed on collectively at a boundary).
class RunRequests {
  public:
    /// The budget is run.walltime, counted from now, else what Slurm has left for the job. Request
    /// files from before this run are removed. While the object lives, a rank that neither agrees, asks nor notes
    /// anything for runtime.stall_limit ends the job. Collective.
    RunRequests(const Deck& deck, const StopSignals& signals, const comm::Communicator& communicator);

    /// All ranks learn what any of them has been asked for. To be called at every boundary. The work of this rank since
    /// the last call of this function or of interrupted() is a step that the time budget reckons with. Collective.
    void agree();
    /// As agreed.
    bool stop() const noexcept;
    bool checkpoint() const noexcept;
    /// Why to stop, e.g. "SIGTERM".
    std::string reason() const;

    /// Whether to drop work that may be left undone because some rank has been asked to stop; tells the others. Not
    /// collective: the next agree() settles it.
    bool interrupted();

    /// Seconds that a checkpoint took, or is expected to take: the first call comes before the first checkpoint.
    void note_checkpoint(double seconds) noexcept;

  private:
    void look();
    void end_step();
    unsigned own();

    std::filesystem::path folder_;
    double checkpoint_seconds_;
    const StopSignals& signals_;
    const comm::Communicator& communicator_;
    comm::SharedFlag asked_to_stop_;
    comm::Watchdog watchdog_;
    TimeBudget budget_;
    Stopwatch step_, since_checkpoint_, since_look_;
    unsigned files_{0};  ///< requests by file that rank 0 has seen
    unsigned agreed_{0};
};

}  // namespace atnas::app
