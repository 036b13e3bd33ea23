// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// atnas evaluate: few-shot accuracy with 95 % interval of an encode on unseen classes.

#include <vector>

#include "atnas/app/commands/command.hpp"
#include "atnas/app/evaluate.hpp"

namespace atnas::app {

class EvaluateCommand final : public Command {
  public:
    const EvaluateOptions& options() const noexcept { return options_; }
    OptionTable table() override;
    void complete(std::vector<Assignment> keys, std::vector<Problem>& problems,
                  const comm::Communicator& communicator) override;
    CommandFiles files() const override;
    ExitCode run(const Invocation& invocation) override;

  private:
    EvaluateOptions options_;
};

}  // namespace atnas::app
