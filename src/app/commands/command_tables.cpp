#include "atnas/app/commands/command_tables.hpp"

#include <utility>

namespace atnas::app {
namespace {

using Set = std::function<Complaint(const std::string&)>;

/// Reads a number not below \p low.
template <class Number, class Target>
Set number_into(Target& target, Number low) {
    return [&target, low](const std::string& text) -> Complaint {
        Number value{};
        if (auto complaint = read_number(text, value)) return complaint;
        if (value < low) return "it must be >= " + number_text(low);
        target = value;
        return {};
    };
}

template <class Target>
Set text_into(Target& target) {
    return [&target](const std::string& text) -> Complaint {
        target = text;
        return {};
    };
}

/// A short name of a deck key: checked and applied like the key.
Set key_into(std::vector<Assignment>& overrides, std::string key, std::string option) {
    return [&overrides, key = std::move(key), option = std::move(option)](const std::string& text) -> Complaint {
        overrides.push_back({key, text, option});
        return {};
    };
}

/// One of several names; a flag has the single name "".
template <class Target, class Value>
Set choice_into(Target& target, std::vector<std::pair<std::string, Value>> choices) {
    return [&target, choices = std::move(choices)](const std::string& text) -> Complaint {
        std::string names;
        for (const auto& [name, value] : choices) {
            names += (names.empty() ? "" : ", ") + name;
            if (name != text) continue;
            target = value;
            return {};
        }
        return "choices are " + names;
    };
}

template <class Target, class Value>
Set flag_into(Target& target, Value value) {
    return choice_into<Target, Value>(target, {{"", value}});
}

OptionRow json_row(std::filesystem::path& json) {
    return {"json", "PATH", "also write the figures to this JSON file", text_into(json)};
}

OptionRow backend_row(std::string& backend) {
    return {"backend", "auto|reference|onednn|cuda", "who computes",
            choice_into<std::string, std::string>(
                backend, {{"auto", "auto"}, {"reference", "reference"}, {"onednn", "onednn"}, {"cuda", "cuda"}})};
}

/// "28" or "28x32" (height x width).
Set size_into(data::ImportOptions& options) {
    return [&options](const std::string& text) -> Complaint {
        const auto cross = text.find('x');
        const std::string width = cross == std::string::npos ? text : text.substr(cross + 1);
        for (const auto& [part, target] :
             {std::pair(text.substr(0, cross), &options.height), std::pair(width, &options.width)}) {
            if (auto complaint = read_number(part, *target)) return complaint;
            if (*target < 1 || *target > 4096) return "it must be 1 ... 4096 pixels";
        }
        return {};
    };
}

}  // namespace

OptionTable search_table(SearchArguments& arguments) {
    auto& options = arguments.options;
    OptionTable table;
    table.command = "search";
    table.summary = "meta-train a supernet and evolve its subnets; writes checkpoints";
    table.positional = {"deck.ini", "what to search, and how; without it every key has its default", Need::optional,
                        [&arguments](const std::string& text) { arguments.deck = text; }};
    table.rows = {
        {"restart", "latest|PATH", "go on from the newest whole checkpoint of run.folder, or from this one",
         text_into(options.restart)},
        {"walltime", "S|HH:MM:SS", "stop in time within this; short for --run.walltime",
         key_into(arguments.overrides, "run.walltime", "--walltime")},
        {"dry-run", "", "check deck, data and machine, print the plan and start nothing",
         flag_into(options.dry_run, DryRun::yes)},
        {"dump-deck", "", "print the deck with every key, its default, unit and meaning, and exit",
         flag_into(arguments.dump_deck, true)},
        json_row(options.json),
    };
    table.deck_keys = DeckKeys::accepted;
    return table;
}

OptionTable evaluate_table(EvaluateOptions& options) {
    using data::Role;
    OptionTable table;
    table.command = "evaluate";
    table.summary = "few-shot accuracy with 95 % interval of an encode on unseen classes";
    table.positional = {"checkpoint.h5", "a checkpoint of `atnas search`", Need::required,
                        [&options](const std::string& text) { options.checkpoint = text; }};
    table.rows = {
        {"tasks", "N", "number of tasks (1000)", number_into(options.tasks, 1)},
        {"encode", "TEXT", "which subnet; the best of the checkpoint by default", text_into(options.encode)},
        {"way", "N", "classes of a task; the deck's by default", key_into(options.overrides, "task.way", "--way")},
        {"shot", "N", "labelled images per class; the deck's by default",
         key_into(options.overrides, "task.shot", "--shot")},
        {"query", "N", "images per class to be told apart; the deck's by default",
         key_into(options.overrides, "task.query", "--query")},
        {"steps", "N", "inner steps; the deck's by default", key_into(options.overrides, "meta.eval_steps", "--steps")},
        {"split", "test|validation|train", "which classes (test)",
         choice_into<Role, Role>(options.split,
                                 {{"test", Role::test}, {"validation", Role::validation}, {"train", Role::train}})},
        {"allow-seen", "", "evaluate even if the search trained on, or chose encodes by, some of these classes",
         flag_into(options.seen_classes, SeenClasses::allow)},
        {"transductive", "true|false", "whose statistics normalise the query; the deck's by default",
         key_into(options.overrides, "task.transductive", "--transductive")},
        {"data", "PATH", "another data set; the deck's by default",
         key_into(options.overrides, "data.source", "--data")},
        {"output", "PATH", "write the values of all tasks to this HDF5 file", text_into(options.output)},
        json_row(options.json),
        {"seed", "N", "of the tasks; the deck's by default", key_into(options.overrides, "run.seed", "--seed")},
    };
    table.deck_keys = DeckKeys::accepted;
    return table;
}

OptionTable bench_table(BenchOptions& options) {
    OptionTable table;
    table.command = "bench";
    table.summary =
        "tasks per second of the inner loop and meta-gradient, and the share of the machine's peak; speed of "
        "checkpoints";
    table.rows = {
        {"case", "NAME", "what to time; may be repeated; all networks by default, checkpoint only when named",
         [&options](const std::string& text) -> Complaint {
             options.cases.push_back(text);
             return {};
         }},
        {"seconds", "S", "per case (10)", number_into(options.seconds, 0.0)},
        backend_row(options.deck.runtime.backend),
        {"way", "N", "classes of a task (5)", number_into(options.way, 2)},
        {"shot", "N", "labelled images per class (1)", number_into(options.shot, 1)},
        {"query", "N", "images per class to be told apart (15)", number_into(options.query, 1)},
        {"steps", "N", "inner steps (5)", number_into(options.steps, 0)},
        {"bytes", "N", "size of the checkpoint, of weights and two moments (1e9)", number_into(options.bytes, 12.0)},
        {"folder", "PATH", "where the checkpoint is written, and removed (.)", text_into(options.folder)},
        json_row(options.json),
    };
    table.deck_keys = DeckKeys::accepted;
    return table;
}

OptionTable import_table(ImportRequest& request) {
    using namespace data;
    auto& options = request.options;
    OptionTable table;
    table.command = "import";
    table.summary = "images in an archive or folder tree -> one HDF5 data set";
    table.positional = {"source",
                        "zip, tar, tar.gz, tar.xz, ... or a folder; a class is the folder that holds its images",
                        Need::required, [&request](const std::string& text) { request.source = text; }};
    table.rows = {
        {"output,o", "PATH", "the data set to write; required", text_into(request.output)},
        {"size", "N|HxW", "pixels of the stored images (28)", size_into(options)},
        {"channels", "1|3", "grey or RGB (1)", choice_into<int, int>(options.channels, {{"1", 1}, {"3", 3}})},
        {"resample", "area|lanczos", "how images are resized (area)",
         choice_into<Resample, Resample>(options.resample, {{"area", Resample::area}, {"lanczos", Resample::lanczos}})},
        {"invert", "", "swap dark and light, so that ink is 1", flag_into(options.invert, Invert::yes)},
        {"skip-bad", "", "leave out images that cannot be read instead of failing",
         flag_into(options.bad_images, BadImages::skip)},
        json_row(request.json),
    };
    return table;
}

OptionTable info_table(InfoOptions& options) {
    OptionTable table;
    table.command = "info";
    table.summary = "what is in a file: data set, checkpoint or evaluation";
    table.positional = {"file.h5", "a file that atnas wrote", Need::required,
                        [&options](const std::string& text) { options.file = text; }};
    table.rows = {json_row(options.json)};
    return table;
}

OptionTable devices_table(DevicesOptions& options) {
    OptionTable table;
    table.command = "devices";
    table.summary = "the GPUs that this program sees here: number, name, PCI address, memory, usable or why not";
    table.rows = {json_row(options.json)};
    return table;
}

}  // namespace atnas::app
