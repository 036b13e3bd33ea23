// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// atnas search: meta-trains a supernet and evolves its subnets; writes checkpoints.

#include <filesystem>
#include <string>
#include <vector>

#include "atnas/app/commands/command.hpp"
#include "atnas/app/deck/deck.hpp"
#include "atnas/app/deck/deck_text.hpp"

namespace atnas::app {

enum class DryRun { no, yes };
enum class DumpDeck { no, yes };

struct SearchOptions {
    Deck deck{};
    std::filesystem::path deck_file;   ///< empty = none
    std::string deck_name;             ///< file name of the deck without folder and ending; "default" without a deck
    std::string restart;               ///< "", "latest" or a path
    DryRun dry_run{DryRun::no};        ///< yes: print the plan and start nothing
    DumpDeck dump_deck{DumpDeck::no};  ///< yes: print the deck and start nothing
    std::filesystem::path json;        ///< empty = none
};

class SearchCommand final : public Command {
  public:
    const SearchOptions& options() const noexcept { return options_; }
    OptionTable table() override;
    void complete(std::vector<Assignment> keys, std::vector<Problem>& problems,
                  const comm::Communicator& communicator) override;
    CommandFiles files() const override;
    std::vector<Problem> output_problems() const override;
    bool files_follow_from_deck() const override { return true; }
    ExitCode run(const Invocation& invocation) override;

  private:
    SearchOptions options_;
    std::vector<Assignment> short_names_;  ///< deck keys given by their short names
};

}  // namespace atnas::app
