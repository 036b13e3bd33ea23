// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// atnas evaluate: few-shot accuracy with 95 % interval of an encode on unseen classes; that of a network on images.

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
    enum class Judged { checkpoint, network };

    ExitCode run_network(const Invocation& invocation) const;

    EvaluateOptions options_;
    Judged judged_{Judged::checkpoint};  ///< what the file is
};

}  // namespace atnas::app
