#pragma once
/// \file
/// The option tables of the subcommands, each bound to the struct it fills.

#include "atnas/app/commands/command_line.hpp"
#include "atnas/app/deck/option_table.hpp"

namespace atnas::app {

/// What `atnas search` is told apart from the deck's keys.
struct SearchArguments {
    std::filesystem::path deck;  ///< empty = defaults
    bool dump_deck{false};
    std::vector<Assignment> overrides;  ///< deck keys given by their short names
    SearchOptions options{};
};

// The tables refer to their argument, which must outlive them.
OptionTable search_table(SearchArguments& arguments);
OptionTable evaluate_table(EvaluateOptions& options);
OptionTable bench_table(BenchOptions& options);
OptionTable import_table(ImportRequest& request);
OptionTable info_table(InfoOptions& options);
OptionTable devices_table(DevicesOptions& options);

}  // namespace atnas::app
