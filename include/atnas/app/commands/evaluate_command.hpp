// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// atnas evaluate: few-shot accuracy with 95 % interval of an encode on unseen classes.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "atnas/app/commands/command.hpp"
#include "atnas/app/deck/deck.hpp"
#include "atnas/app/deck/deck_text.hpp"
#include "atnas/app/report/task_kind.hpp"
#include "atnas/data/split.hpp"

namespace atnas::app {

/// Whether `evaluate` may judge by classes that the search has used.
enum class SeenClasses { refuse, allow };

/// What is not given comes from the deck in the checkpoint.
struct EvaluateOptions {
    std::filesystem::path checkpoint;
    int tasks{1000};                                    ///< of each kind
    std::vector<TaskKind> kinds;                        ///< empty = the deck's way and shot
    std::string encode;                                 ///< empty = the best of the checkpoint
    std::optional<data::Role> split{data::Role::test};  ///< which classes; none = all
    SeenClasses seen_classes{SeenClasses::refuse};
    std::filesystem::path output;  ///< HDF5 with the value of every task; empty = none
    std::filesystem::path json;    ///< empty = none
    /// Deck keys, by their names or short ones (--way), that override the checkpoint's.
    std::vector<Assignment> overrides;
};

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

/// What is wrong with the outputs of an evaluation once its checkpoint has named the data set. One process.
std::vector<Problem> output_problems(const EvaluateOptions& options, const engine::DataOptions& data);

}  // namespace atnas::app
