// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// atnas bench: tasks per second of the inner loop and meta-gradient, and the share of the machine's peak; speed of
/// checkpoints.

#include <filesystem>
#include <string>
#include <vector>

#include "atnas/app/commands/command.hpp"
#include "atnas/app/deck/deck.hpp"
#include "atnas/app/deck/deck_text.hpp"

namespace atnas::app {

/// The case that is no network. It writes much, so it is only run when it is named.
inline constexpr const char* checkpoint_case = "checkpoint";

/// Defaults: the setting every figure of jobs/README.md is given for.
struct BenchOptions {
    std::vector<std::string> cases;  ///< names; empty = all networks
    double seconds{10};              ///< per case
    Deck deck{};                     ///< defaults but for [cuda], runtime.backend and runtime.reduction
    int way{5};
    int shot{1};
    int query{15};
    int steps{5};
    double bytes{1e9};                  ///< of the case checkpoint
    std::filesystem::path folder{"."};  ///< of the case checkpoint
    std::filesystem::path json;         ///< empty = none

    bool times_checkpoint() const;
};

class BenchCommand final : public Command {
  public:
    const BenchOptions& options() const noexcept { return options_; }
    OptionTable table() override;
    void complete(std::vector<Assignment> keys, std::vector<Problem>& problems,
                  const comm::Communicator& communicator) override;
    CommandFiles files() const override;
    std::vector<Problem> output_problems() const override;
    ExitCode run(const Invocation& invocation) override;

  private:
    BenchOptions options_;
    std::vector<Assignment> short_names_;  ///< deck keys given by their short names
};

}  // namespace atnas::app
