// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// atnas train: a whole classification data set: searches a little, trains, tests once.

#include <set>
#include <string>
#include <vector>

#include "atnas/app/commands/command.hpp"
#include "atnas/app/commands/search_command.hpp"
#include "atnas/app/train_options.hpp"

namespace atnas::app {

class TrainCommand final : public Command {
  public:
    const TrainOptions& options() const noexcept { return options_; }
    OptionTable table() override;
    void complete(std::vector<Assignment> keys, std::vector<Problem>& problems,
                  const comm::Communicator& communicator) override;
    CommandFiles files() const override;
    ExitCode run(const Invocation& invocation) override;

  private:
    /// Options that were given and that others leave without effect.
    void refuse_unused(std::vector<Problem>& problems) const;

    TrainOptions options_;
    std::set<std::string> given_;  ///< names of options
    DryRun dry_run_{DryRun::no};
};

}  // namespace atnas::app
