// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/commands/adapt_command.hpp"

#include <algorithm>
#include <iostream>
#include <iterator>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "atnas/app/commands/option_setters.hpp"
#include "atnas/app/deck/deck_reader.hpp"
#include "atnas/app/deck/deck_schema.hpp"
#include "atnas/app/predict.hpp"
#include "atnas/app/report/prediction_file.hpp"
#include "atnas/app/stop_signals.hpp"
#include "atnas/core/log.hpp"
#include "atnas/core/provenance.hpp"
#include "atnas/io/metrics.hpp"

namespace atnas::app {
namespace {

ExitCode stopped(const std::string& where, const std::string& kept = "") {
    world_log().warn("stopped by a signal {}: nothing is written{}; start it again", where, kept);
    return ExitCode::stopped;
}

std::vector<std::string> used_keys() {
    std::vector<std::string> keys = augmentation_keys();
    keys.insert(keys.end(), {"run.seed",
                             "runtime.",
                             "cuda.",
                             "data.source",
                             "data.split_",
                             "data.train",
                             "data.validation",
                             "data.validation_fraction",
                             "data.test",
                             "data.test_fraction",
                             "data.strokes_",
                             "task.way",
                             "task.shot",
                             "task.query",
                             "task.within_group",
                             "task.statistics",
                             "task.statistics_tasks",
                             "task.transductive",
                             "task.support_copies",
                             "task.query_copies",
                             "task.train_",
                             "space.",
                             "meta.inner_",
                             "meta.eval_steps",
                             "evo.islands",
                             "evo.population",
                             "evo.elite",
                             "evo.offspring",
                             "evo.tournament",
                             "evo.crossover_rate",
                             "evo.mutation_rate",
                             "evo.max_age",
                             "evo.founder_mutations",
                             "migration."});
    return keys;
}

}  // namespace

OptionTable AdaptCommand::table() {
    using data::Role;
    using evo::Kind;
    OptionTable table;
    table.summary = "an architecture and weights for a task of a few labelled images";
    table.positional = {"checkpoint.h5", "a checkpoint of `atnas search`", Need::required,
                        text_into(options_.checkpoint)};
    table.add(
        OptionGroup::input,
        {
            {"data", "PATH", "labelled images: a folder or archive with a folder for each class, or a data set (.h5)",
             text_into(options_.data)},
            {"tasks", "N", "instead: draw so many tasks from classes of the meta-network's data and say what is gained",
             number_into(drawn_.count, 1)},
            {"tasks-of", "WAYxSHOT,...",
             "so many tasks of each of these kinds, for example 5x1,5x5; the deck's by default",
             [this](const std::string& text) { return read_task_kinds(text, drawn_.kinds); }},
            {"split", "validation|test", "which classes tasks are drawn from (validation)",
             choice_into<Role, Role>(drawn_.split, {{"validation", Role::validation}, {"test", Role::test}})},
            {"invert", "", "swap dark and light of the images, as the meta-network's data were imported",
             flag_into(options_.invert, data::Invert::yes)},
            {"predict", "PATH", "images to be told apart: whatever `atnas predict` takes", text_into(options_.predict)},
        });
    table.add(
        OptionGroup::work,
        {
            {"search", "islands|random|none",
             "how encodes are looked for (islands); none = the checkpoint's best, its weights alone are adapted",
             choice_into<Kind, Kind>(options_.search,
                                     {{"islands", Kind::islands}, {"random", Kind::random}, {"none", Kind::fixed}})},
            {"caution", "bayes|none",
             "what the search over islands found must be better than luck to be taken (bayes), or need not (none)",
             choice_into<engine::Caution, engine::Caution>(
                 options_.caution, {{"bayes", engine::Caution::bayes}, {"none", engine::Caution::none}})},
            {"evaluations", "N",
             fmt::format("encodes to judge, at most, but the first generation whole ({})", usual_evaluations),
             number_into(options_.budget.evaluations, std::size_t{1})},
            {"time", "SECONDS", "search that long; what is found then depends on the machine",
             number_into(options_.budget.seconds, 0.001)},
            {"islands", "N", "islands of the search (1); short for --evo.islands",
             key_into(options_.overrides, "evo.islands", "--islands")},
            {"ensemble", "N", "networks that are kept, the best of the search (1): their mean counts",
             number_into(options_.ensemble, 1)},
            {"steps", "N", "inner steps; the deck's by default",
             key_into(options_.overrides, "meta.eval_steps", "--steps")},
            {"statistics", "support|running", "which images normalise those that are asked for; the deck's by default",
             key_into(options_.overrides, "task.statistics", "--statistics")},
        });
    table.add(OptionGroup::output,
              {
                  {"network", "PATH", "write the adapted network to this file, for `atnas predict`",
                   text_into(options_.network)},
                  {"output,o", "PATH", "what they are taken for: HDF5 where the name ends in .h5, else CSV",
                   text_into(options_.output)},
                  json_row(options_.json),
              });
    table.add(OptionGroup::running, {
                                        {"seed", "N", "of folds and search; the deck's by default",
                                         key_into(options_.overrides, "run.seed", "--seed")},
                                        {"dry-run", "", "check checkpoint, images and memory, and start nothing",
                                         flag_into(options_.dry_run, DryAdapt::yes)},
                                    });
    table.example = "atnas adapt runs/quickstart/latest.h5 --data=my_images/ --predict=photos/ -o answers.csv";
    table.deck_keys = DeckKeys::accepted;
    table.used_keys = used_keys();
    return table;
}

void AdaptCommand::complete(std::vector<Assignment> keys, std::vector<Problem>& problems, const comm::Communicator&) {
    std::ranges::move(keys, std::back_inserter(options_.overrides));
    if (options_.data.empty() && drawn_.count == 0)
        problems.push_back({"command line: --data is missing", "there is nothing to learn from", "add --data=FOLDER"});
    if (!options_.data.empty() && drawn_.count > 0)
        problems.push_back(
            {"--data beside --tasks", "tasks are drawn from the data of the meta-network", "leave one of them out"});
    if (!options_.network.empty() && drawn_.count > 0)
        problems.push_back({"--network beside --tasks", "a file is of one task", "leave one of them out"});
    if (options_.predict.empty() != options_.output.empty())
        problems.push_back({options_.output.empty() ? "--predict without --output" : "--output without --predict",
                            "one says which images, the other where the answers go", "give both"});
    if (!options_.predict.empty() && drawn_.count > 0)
        problems.push_back(
            {"--predict beside --tasks", "drawn tasks have queries of their own", "leave one of them out"});
    for (const Assignment& key : options_.overrides)
        if (key.name == "task.query_copies" && options_.network.empty() && options_.predict.empty())
            problems.push_back({key.name + " without --network and --predict", "it is about images to be told apart",
                                "leave it out, or give one of them"});
    const auto needs_data = [&](bool given, const char* option) {
        if (given && drawn_.count > 0)
            problems.push_back({std::string(option) + " beside --tasks", "it is about --data", "leave it out"});
    };
    needs_data(options_.dry_run == DryAdapt::yes, "--dry-run");
    needs_data(options_.invert == data::Invert::yes, "--invert");
    const auto is_picture = [](const std::filesystem::path& path) {
        return !path.empty() && path.extension() != ".h5";
    };
    if (options_.invert == data::Invert::yes && drawn_.count == 0 && !is_picture(options_.data) &&
        !is_picture(options_.predict))
        problems.push_back({"--invert beside --data=" + options_.data.string(),
                            "a data set is taken as it was imported",
                            "leave it out, or import its images anew with --invert"});
    if (!drawn_.kinds.empty() && drawn_.count == 0)
        problems.push_back({"--tasks-of without --tasks", "it is about tasks that are drawn", "leave it out"});
    const bool budget = options_.budget.evaluations > 0 || options_.budget.seconds > 0;
    if (options_.search == evo::Kind::fixed && budget)
        problems.push_back({"--search=none beside a budget", "there is no search to limit", "leave one of them out"});
    if (options_.search == evo::Kind::fixed)
        for (const Assignment& key : options_.overrides)
            if (is_of_the_search(key))
                problems.push_back({fmt::format("--search=none beside {} = {}", key.name, key.value),
                                    "there is no search", "leave one of them out"});
    // The deck that they override is in the checkpoint.
    std::ranges::move(problems_alone(options_.overrides), std::back_inserter(problems));
}

CommandFiles AdaptCommand::files() const {
    CommandFiles files{
        given({{"--network", options_.network}, {"--output", options_.output}, {"--json", options_.json}}),
        {{"the checkpoint", options_.checkpoint}}};
    if (!options_.data.empty()) files.inputs.push_back({"the images", options_.data, data::may_be_image});
    if (!options_.predict.empty())
        files.inputs.push_back({"the images to be told apart", options_.predict, data::may_be_image});
    for (const Assignment& key : options_.overrides)
        if (key.name == "data.source") files.inputs.push_back({"the data set", key.value});
    return files;
}

ExitCode AdaptCommand::run(const Invocation& invocation) {
    static const StopSignals signals;
    const comm::Communicator& communicator = invocation.communicator;
    const auto held = hold_outputs(*this, communicator);
    if (drawn_.count > 0) {
        const AdaptedTasks tasks = adapt_tasks(
            options_, drawn_, [] { return !signals.arrived().empty(); }, communicator);
        if (tasks.stopped) return stopped("between tasks");
        on_root(communicator, [&] {
            std::cout << text_of(tasks);
            if (!options_.json.empty()) io::write_json(options_.json, json_of(tasks));
        });
        return ExitCode::done;
    }
    const auto stop = [&] { return communicator.any(!signals.arrived().empty()); };
    Adapted adapted =
        adapt(options_, make_provenance(invocation.words, invocation.communicator.size()), stop, communicator);
    if (adapted.report.end == engine::SearchEnd::stopped)
        return stopped(fmt::format("after {} encodes", adapted.report.evaluations),
                       options_.network.empty() ? "" : " but what is known of them");
    if (options_.dry_run == DryAdapt::yes) {
        on_root(communicator, [&] {
            std::cout << plan_of(adapted.report);
            if (!options_.json.empty()) io::write_json(options_.json, plan_json_of(adapted.report));
        });
        return ExitCode::done;
    }
    std::optional<Predictions> answers;
    if (!options_.predict.empty())
        answers = predict(adapted.file, stored_deck(adapted.file), adapted.asked, communicator);
    on_root(communicator, [&] {
        nlohmann::json document = json_of(adapted.report);
        std::cout << text_of(adapted.report);
        if (!options_.network.empty()) io::write_network(options_.network, adapted.file);
        if (answers) {
            answers->network = options_.network.empty() ? "this task" : options_.network.string();
            answers->data = options_.predict.string();
            std::cout << text_of(*answers);
            write_predictions(options_.output, *answers, ClassColumns::usual, adapted.file.provenance);
            document["predictions"] = json_of(*answers);
        }
        if (!options_.json.empty()) io::write_json(options_.json, document);
        adapted.journal.close();
    });
    return ExitCode::done;
}

}  // namespace atnas::app
