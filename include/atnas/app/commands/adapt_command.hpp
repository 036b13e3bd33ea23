// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// atnas adapt: an architecture and weights for a task of a few labelled images.

#include <vector>

#include "atnas/app/adapt.hpp"
#include "atnas/app/adapt_tasks.hpp"
#include "atnas/app/commands/command.hpp"

namespace atnas::app {

class AdaptCommand final : public Command {
  public:
    const AdaptOptions& options() const noexcept { return options_; }
    OptionTable table() override;
    void complete(std::vector<Assignment> keys, std::vector<Problem>& problems,
                  const comm::Communicator& communicator) override;
    CommandFiles files() const override;
    ExitCode run(const Invocation& invocation) override;

  private:
    AdaptOptions options_;
    DrawnTasks drawn_;
};

}  // namespace atnas::app
