// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// atnas predict: what the networks of a file take images for.

#include <vector>

#include "atnas/app/commands/command.hpp"
#include "atnas/app/predict.hpp"

namespace atnas::app {

class PredictCommand final : public Command {
  public:
    const PredictOptions& options() const noexcept { return options_; }
    OptionTable table() override;
    void complete(std::vector<Assignment> keys, std::vector<Problem>& problems,
                  const comm::Communicator& communicator) override;
    CommandFiles files() const override;
    ExitCode run(const Invocation& invocation) override;

  private:
    PredictOptions options_;
};

}  // namespace atnas::app
