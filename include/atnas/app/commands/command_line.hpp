#pragma once
/// \file
/// What the user asked for: subcommand, deck and options, parsed and checked.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "atnas/app/deck/deck.hpp"
#include "atnas/app/deck/deck_text.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/data/import_images.hpp"

namespace atnas::app {

/// --help and --version: text for standard output and nothing else to do.
struct PrintText {
    std::string text;
};

enum class DryRun { no, yes };

/// atnas search
struct SearchOptions {
    Deck deck{};
    std::filesystem::path deck_file;  ///< empty = none
    std::string deck_name;            ///< file name of the deck without folder and ending; "default" without a deck
    std::string restart;              ///< "", "latest" or a path
    DryRun dry_run{DryRun::no};       ///< yes: print the plan and start nothing
    std::filesystem::path json;       ///< empty = none
};

/// Whether `evaluate` may judge by classes that the search has used.
enum class SeenClasses { refuse, allow };

/// atnas evaluate. What is not given comes from the deck in the checkpoint.
struct EvaluateOptions {
    std::filesystem::path checkpoint;
    int tasks{1000};
    std::string encode;  ///< empty = the best of the checkpoint
    data::Role split{data::Role::test};
    SeenClasses seen_classes{SeenClasses::refuse};
    std::filesystem::path output;       ///< HDF5 with the value of every task; empty = none
    std::filesystem::path json;         ///< empty = none
    std::vector<Assignment> overrides;  ///< deck keys, by their names or short ones (--way), override the checkpoint's
};

/// atnas bench. Defaults: the setting every figure of the README is given for.
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

/// atnas import
struct ImportRequest {
    std::filesystem::path source;
    std::filesystem::path output;
    data::ImportOptions options{};
    std::filesystem::path json;  ///< empty = none
};

/// atnas info
struct InfoOptions {
    std::filesystem::path file;
    std::filesystem::path json;  ///< empty = none
};

/// atnas devices
struct DevicesOptions {
    std::filesystem::path json;  ///< empty = none
};

struct CommandLine {
    using Request = std::variant<PrintText, SearchOptions, EvaluateOptions, BenchOptions, ImportRequest, InfoOptions,
                                 DevicesOptions>;
    std::vector<std::string> words;  ///< as given, the program's name first; for provenance
    Request request;
};

/// The case of `atnas bench` that is no network. It writes much, so it is only run when it is named.
inline constexpr const char* checkpoint_case = "checkpoint";

/// Reads the deck (on rank 0, which sends it to all) and everything on the command line, and looks at the files that
/// are to be written. Throws on every rank with all problems found, in deck, options and files alike: Error(bad_data)
/// when there are none but of files, else Error(bad_deck). Collective.
CommandLine parse_command_line(const std::vector<std::string>& words, const comm::Communicator& communicator);

}  // namespace atnas::app
