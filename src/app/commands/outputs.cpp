#include "atnas/app/commands/outputs.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "atnas/data/import_images.hpp"
#include "atnas/io/run_folder.hpp"

namespace atnas::app {
namespace {

using Outputs = std::vector<io::Destination>;
using Inputs = std::vector<io::Origin>;

/// What a subcommand writes and reads.
struct Files {
    Outputs outputs;
    Inputs inputs;
    std::filesystem::path coming{};  ///< a folder that is made before anything is written; empty = none
};

/// Those options that were given.
Outputs given(std::initializer_list<io::Destination> options) {
    Outputs outputs;
    std::ranges::copy_if(options, std::back_inserter(outputs),
                         [](const io::Destination& option) { return !option.path.empty(); });
    return outputs;
}

void add_data(Inputs& inputs, const DataOptions& data) {
    if (!data.built_in()) inputs.push_back({"the data set", data.source});
}

/// What is in the run folder, or will be, is the run's.
void add_run(Inputs& inputs, const std::filesystem::path& folder) {
    inputs.push_back({"a file of this run,", io::metrics_path(folder)});
    inputs.push_back({"a file of this run,", folder / "latest.h5"});
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
        if (entry->path().filename().string().starts_with("checkpoint-"))
            inputs.push_back({"a file of this run,", entry->path()});
}

Files files_of(const PrintText&) {
    return {};
}

Files files_of(const SearchOptions& options) {
    Files files{given({{"--json", options.json}}), {}, options.deck.run.folder};
    if (!options.deck_file.empty()) files.inputs.push_back({"the deck", options.deck_file});
    if (!options.restart.empty() && options.restart != "latest")
        files.inputs.push_back({"the checkpoint", options.restart});
    add_data(files.inputs, options.deck.data);
    add_run(files.inputs, options.deck.run.folder);
    return files;
}

Files files_of(const EvaluateOptions& options) {
    Files files{given({{"--output", options.output}, {"--json", options.json}}),
                {{"the checkpoint", options.checkpoint}}};
    for (const Assignment& key : options.overrides)
        if (key.name == "data.source") files.inputs.push_back({"the data set", key.value});
    return files;
}

Files files_of(const BenchOptions& options) {
    return {given({{"--json", options.json}}), {}};
}

Files files_of(const ImportRequest& request) {
    return {given({{"--output", request.output}, {"--json", request.json}}),
            {{"the source", request.source, data::may_be_image}}};
}

Files files_of(const InfoOptions& options) {
    return {given({{"--json", options.json}}), {{"the file", options.file}}};
}

Files files_of(const DevicesOptions& options) {
    return {given({{"--json", options.json}}), {}};
}

Files files(const CommandLine::Request& request) {
    return std::visit([](const auto& options) { return files_of(options); }, request);
}

}  // namespace

std::vector<io::Destination> outputs_of(const CommandLine::Request& request) {
    const auto* search = std::get_if<SearchOptions>(&request);
    if (search != nullptr && search->dry_run == DryRun::yes) return {};
    return files(request).outputs;
}

std::vector<Problem> output_problems(const CommandLine::Request& request) {
    const Files found = files(request);
    std::vector<Problem> problems = io::destination_problems(found.outputs, found.inputs, found.coming);
    if (const auto* search = std::get_if<SearchOptions>(&request)) {
        std::ranges::copy(io::run_folder_problems(search->deck.run.folder), std::back_inserter(problems));
    } else if (const auto* bench = std::get_if<BenchOptions>(&request); bench != nullptr && bench->times_checkpoint()) {
        if (const std::string reason = io::folder_obstacle(bench->folder); !reason.empty())
            problems.push_back({"--folder=" + bench->folder.string() + " cannot be used", reason,
                                "choose a folder that you may write to"});
    }
    return problems;
}

std::vector<Problem> output_problems(const EvaluateOptions& options, const DataOptions& data) {
    const Outputs outputs = files_of(options).outputs;
    Inputs inputs;
    add_data(inputs, data);
    return io::destination_problems(outputs, inputs);
}

std::vector<io::LockFile> hold_outputs(const CommandLine::Request& request, const comm::Communicator& communicator) {
    std::vector<io::LockFile> held;
    on_root(communicator, [&] { held = io::hold(outputs_of(request)); });
    return held;
}

}  // namespace atnas::app
