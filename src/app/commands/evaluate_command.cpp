// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/commands/evaluate_command.hpp"

#include <algorithm>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "atnas/app/commands/option_setters.hpp"
#include "atnas/app/deck/deck_reader.hpp"
#include "atnas/app/evaluate_network.hpp"
#include "atnas/app/report/evaluation_file.hpp"
#include "atnas/app/report/prediction_file.hpp"
#include "atnas/core/provenance.hpp"
#include "atnas/io/file_type.hpp"
#include "atnas/io/metrics.hpp"

namespace atnas::app {

OptionTable EvaluateCommand::table() {
    using data::Role;
    // An option that says which tasks are drawn.
    const auto drawn = [this](const char* name, const char* argument, const char* meaning, Setter set) {
        return OptionRow{name, argument, meaning, [this, name, set = std::move(set)](const std::string& text) {
                             options_.of_drawn_tasks.push_back(std::string("--") + name);
                             return set(text);
                         }};
    };
    OptionTable table;
    table.summary = "accuracy with 95 % interval: of an encode on few-shot tasks, or of a network";
    table.positional = {"checkpoint.h5",
                        "a checkpoint, or a network with --data, --invert, --confusion, -o, --json, keys",
                        Need::required, text_into(options_.checkpoint)};
    table.add(
        OptionGroup::work,
        {
            drawn("tasks", "N", "number of tasks (1000)", number_into(options_.tasks, 1)),
            drawn("tasks-of", "WAYxSHOT,...", "so many tasks of each of these kinds, for example 5x1,5x5,20x1",
                  [this](const std::string& text) { return read_task_kinds(text, options_.kinds); }),
            {"encode", "TEXT", "which subnet; the best of the checkpoint by default", text_into(options_.encode)},
            drawn("way", "N", "classes of a task; the deck's by default",
                  key_into(options_.overrides, "task.way", "--way")),
            drawn("shot", "N", "labelled images per class; the deck's by default",
                  key_into(options_.overrides, "task.shot", "--shot")),
            drawn("query", "N", "images per class to be told apart; the deck's by default",
                  key_into(options_.overrides, "task.query", "--query")),
            {"steps", "N", "inner steps; the deck's by default",
             key_into(options_.overrides, "meta.eval_steps", "--steps")},
            drawn("split", "test|validation|train|all", "which classes (test); all = of every role, or of none",
                  choice_into<std::optional<Role>, std::optional<Role>>(
                      options_.split,
                      {{"test", Role::test}, {"validation", Role::validation}, {"train", Role::train}, {"all", {}}})),
            drawn("allow-seen", "",
                  "evaluate even if the search trained on, or chose encodes by, some of these classes",
                  flag_into(options_.seen_classes, SeenClasses::allow)),
            {"statistics", "query|support|joint|running", "which images normalise the query; the deck's by default",
             key_into(options_.overrides, "task.statistics", "--statistics")},
            {"transductive", "true|false", "true = --statistics=query, false = --statistics=support",
             key_into(options_.overrides, "task.transductive", "--transductive")},
        });
    table.add(
        OptionGroup::input,
        {
            {"data", "PATH",
             "another data set; the deck's by default. Of a network: labelled images, whatever `atnas predict` takes",
             key_into(options_.overrides, "data.source", "--data")},
            {"runs", "PATH",
             "the runs of the Omniglot one-shot challenge instead, or an archive or folder laid out like these",
             text_into(options_.challenge.runs)},
            {"invert", "", "swap dark and light of the images of runs, or for a network, as the data set was imported",
             flag_into(options_.challenge.invert, data::Invert::yes)},
        });
    table.add(OptionGroup::output,
              {
                  drawn("confusion", "", "count how often each class was recognised, and what it was taken for",
                        flag_into(options_.confusions, Confusions::counted)),
                  {"output,o", "PATH",
                   "write the values of all tasks to this HDF5 file; of a network, its answers, as CSV where the name "
                   "does not "
                   "end in .h5",
                   text_into(options_.output)},
                  json_row(options_.json),
              });
    table.add(OptionGroup::running, {
                                        {"seed", "N", "of the tasks; the deck's by default",
                                         key_into(options_.overrides, "run.seed", "--seed")},
                                    });
    table.example = "mpirun -n 2 atnas evaluate runs/quickstart/latest.h5 --tasks=600";
    table.deck_keys = DeckKeys::accepted;
    return table;
}

void EvaluateCommand::complete(std::vector<Assignment> keys, std::vector<Problem>& problems,
                               const comm::Communicator& communicator) {
    const bool is_network = communicator.is_root() && io::has_type(options_.checkpoint, io::network_type);
    if (communicator.any(is_network)) judged_ = Judged::network;
    for (const Assignment& key : keys)
        if (key.name == "task.way" || key.name == "task.shot" || key.name == "task.query")
            options_.of_drawn_tasks.push_back("--" + key.name);
    std::ranges::move(keys, std::back_inserter(options_.overrides));
    const auto of_a_kind = [](const Assignment& key) { return key.name == "task.way" || key.name == "task.shot"; };
    if (const auto given = std::ranges::find_if(options_.overrides, of_a_kind);
        !options_.kinds.empty() && given != options_.overrides.end())
        problems.push_back({"--tasks-of=" + text_of(options_.kinds) + " beside " + given->name + " = " + given->value,
                            "both say what kind of tasks", "leave one of them out"});
    if (judged_ == Judged::network) {
        std::ranges::move(network_problems(options_), std::back_inserter(problems));
        std::ranges::move(problems_alone(options_.overrides), std::back_inserter(problems));
        return;
    }
    const ChallengeOptions& challenge = options_.challenge;
    if (!challenge.runs.empty() && !options_.of_drawn_tasks.empty())
        problems.push_back({options_.of_drawn_tasks.front() + " beside --runs=" + challenge.runs.string(),
                            "it is about tasks that are drawn, but runs are tasks already", "leave one of them out"});
    if (challenge.runs.empty() && challenge.invert == data::Invert::yes)
        problems.push_back({"--invert without --runs", "it is about the images of runs", "leave it out"});
    // The deck that they override is in the checkpoint.
    std::ranges::move(problems_alone(options_.overrides), std::back_inserter(problems));
}

CommandFiles EvaluateCommand::files() const {
    const bool network = judged_ == Judged::network;
    CommandFiles files{outputs_of(options_), {{network ? "the network" : "the checkpoint", options_.checkpoint}}};
    if (!options_.challenge.runs.empty()) files.inputs.push_back({"the runs", options_.challenge.runs});
    for (const Assignment& key : options_.overrides)
        if (key.name == "data.source")
            files.inputs.push_back({network ? "the images" : "the data set", key.value, data::may_be_image});
    return files;
}

ExitCode EvaluateCommand::run(const Invocation& invocation) {
    const comm::Communicator& communicator = invocation.communicator;
    const auto held = hold_outputs(*this, communicator);
    if (judged_ == Judged::network) return run_network(invocation);
    const Evaluation evaluation = evaluate(options_, communicator);
    on_root(communicator, [&] {
        std::cout << text_of(evaluation)
                  << fmt::format("{:.1f} tasks/s on {} rank(s)\n", evaluation.tasks_per_second, communicator.size());
        if (!options_.output.empty())
            write_evaluation(options_.output, evaluation,
                             make_provenance(invocation.words, invocation.communicator.size()));
        if (!options_.json.empty()) io::write_json(options_.json, json_of(evaluation));
    });
    return ExitCode::done;
}

ExitCode EvaluateCommand::run_network(const Invocation& invocation) const {
    const Predictions predictions = predict(labelled_prediction(options_), invocation.communicator);
    on_root(invocation.communicator, [&] {
        std::cout << text_of(predictions);
        if (!options_.output.empty())
            write_predictions(options_.output, predictions, ClassColumns::usual,
                              make_provenance(invocation.words, invocation.communicator.size()));
        if (!options_.json.empty()) io::write_json(options_.json, json_of(predictions));
    });
    return ExitCode::done;
}

}  // namespace atnas::app
