// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/commands/train_command.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "atnas/app/commands/option_setters.hpp"
#include "atnas/app/deck/deck_reader.hpp"
#include "atnas/app/deck/deck_schema.hpp"
#include "atnas/app/launcher.hpp"
#include "atnas/app/stored_run.hpp"
#include "atnas/app/train.hpp"
#include "atnas/core/log.hpp"
#include "atnas/io/metrics.hpp"

namespace atnas::app {
namespace {

/// Seconds, or MM:SS, or HH:MM:SS.
Setter time_into(double& seconds) {
    return [&seconds](const std::string& text) -> Complaint {
        const Complaint complaint = "it is neither seconds nor [HH:]MM:SS";
        double sum = 0;
        int parts = 0;
        for (std::size_t first = 0; first <= text.size(); ++parts) {
            const std::size_t colon = std::min(text.find(':', first), text.size());
            double part = 0;
            if (read_number(std::string_view(text).substr(first, colon - first), part) || part < 0) return complaint;
            if (parts > 0 && part >= 60) return complaint;
            sum = 60 * sum + part;
            first = colon + 1;
        }
        if (parts > 3) return complaint;
        if (sum <= 0) return "it must be above 0";
        seconds = sum;
        return {};
    };
}

/// A number that \p fits; what else it must be is said in words.
Setter real_into(double& target, bool (*fits)(double), const char* words) {
    return [&target, fits, words](const std::string& text) -> Complaint {
        double value = 0;
        if (auto complaint = read_number(text, value)) return complaint;
        if (!fits(value)) return words;
        target = value;
        return {};
    };
}

Setter fraction_into(double& target) {
    return real_into(
        target, [](double x) { return 0 < x && x < 1; }, "it must be above 0 and below 1");
}

Setter decay_into(double& target) {
    return real_into(
        target, [](double x) { return 0 <= x && x < 1; }, "it must be in 0 ... 1, without 1");
}

/// Beyond that weights are 1/2, as they nearly are before.
Setter mixup_into(double& target) {
    return real_into(
        target, [](double x) { return 0 <= x && x <= 1000; }, "it must be in 0 ... 1000");
}

Setter positive_into(double& target) {
    return real_into(
        target, [](double x) { return x > 0; }, "it must be above 0");
}

std::vector<std::string> used_keys() {
    std::vector<std::string> keys = augmentation_keys();
    keys.insert(keys.end(), {"run.seed", "run.folder", "run.keep", "run.log_every", "run.walltime", "run.checkpoint_",
                             "runtime.", "cuda.", "space.", "meta.skip_limit", "evo.crossover_rate",
                             "evo.mutation_rate", "evo.founder_mutations"});
    return keys;
}

}  // namespace

OptionTable TrainCommand::table() {
    OptionTable table;
    table.summary = "learn a whole data set: search a little from a meta-network, train, test once";
    table.positional = {"checkpoint.h5", "a checkpoint of `atnas search`", Need::required,
                        text_into(options_.checkpoint)};
    meta::OuterOptions& outer = options_.optimizer;
    table.add(
        OptionGroup::input,
        {
            {"data", "PATH", "images to learn: a data set of `atnas import`, whose channels become the meta-network's",
             text_into(options_.data)},
            {"test", "PATH", "a data set to test on, of the same classes; part of --data if none",
             text_into(options_.test)},
            {"from", "meta-network|scratch", "what weights begin as (meta-network)",
             choice_into<TrainFrom, TrainFrom>(
                 options_.from, {{"meta-network", TrainFrom::meta_network}, {"scratch", TrainFrom::scratch}})},
            {"validation-fraction", "X", "of the images of each class, held out for the search (0.1)",
             fraction_into(options_.validation)},
            {"test-fraction", "X", "of the images of each class, without --test (0.15)",
             fraction_into(options_.held_for_test)},
            {"restart", "latest|PATH", "go on from the run folder's newest whole checkpoint, or from this",
             text_into(options_.restart)},
        });
    table.add(
        OptionGroup::work,
        {
            {"search", "islands|random|none", "how an encode is found (islands); none = the meta-network's best",
             choice_into<TrainSearch, TrainSearch>(
                 options_.search,
                 {{"islands", TrainSearch::islands}, {"random", TrainSearch::random}, {"none", TrainSearch::none}})},
            {"encode", "TEXT", "train this one, without a search", text_into(options_.encode)},
            {"evaluations", "N", "encodes that a search tries (24)", number_into(options_.evaluations, 1)},
            {"trial-steps", "N", "steps that each of them is trained for, of one mini-batch each (60)",
             number_into(options_.trial_steps, 1)},
            {"trial-images", "N", "images held out that judge it (2000)", number_into(options_.trial_images, 1)},
            {"epochs", "X", "of training, or the most of them with --time (20)", positive_into(options_.epochs)},
            {"batch", "N", "images of a step (128)", number_into(options_.batch, 2)},
            {"micro-batch", "N", "of these, images that a rank computes and normalises together (64)",
             number_into(options_.micro_batch, 2)},
            {"optimizer", "adamw|sgd", "sgd has momentum (adamw)",
             choice_into<meta::OptimizerKind, meta::OptimizerKind>(
                 outer.kind, {{"adamw", meta::OptimizerKind::adam}, {"sgd", meta::OptimizerKind::sgd}})},
            {"rate", "X", "step size; falls to 0 as a cosine (0.012)", positive_into(outer.rate)},
            {"momentum", "X", "of sgd (0.9)", decay_into(outer.momentum)},
            {"weight-decay", "X", "decoupled, times the rate a step (0.02)", number_into(outer.weight_decay, 0.0)},
            {"warmup", "N", "steps in which the rate rises, a tenth of all at most (50)", number_into(outer.warmup, 0)},
            {"average", "X", "decay per step of averaged weights, the result; 0 = no average (0)",
             decay_into(outer.average)},
            {"label-smoothing", "X", "in training all classes share this much of a label (0)",
             decay_into(options_.label_smoothing)},
            {"mixup", "A", "mix images and labels in pairs, weights of Beta(A, A); 0 = no (0)",
             mixup_into(options_.mixup)},
            {"drop-path", "X", "chance that an image loses an edge's result; rises from 0 to it (0)",
             decay_into(options_.drop_path)},
            {"channels", "N", "short for --space.channels: a wider network than the meta-network's",
             key_into(options_.overrides, "space.channels", "--channels")},
            {"cells", "N", "short for --space.cells", key_into(options_.overrides, "space.cells", "--cells")},
        });
    table.add(OptionGroup::output,
              {
                  {"output,o", "PATH", "the trained network, for `atnas predict`", text_into(options_.output)},
                  json_row(options_.json),
              });
    table.add(
        OptionGroup::running,
        {
            {"time", "S|[HH:]MM:SS", "for everything; the number of steps follows from it", time_into(options_.time)},
            {"seed", "N", "short for --run.seed", key_into(options_.overrides, "run.seed", "--seed")},
            {"walltime", "S|HH:MM:SS", "stop in time within this, to go on later; short for --run.walltime",
             key_into(options_.overrides, "run.walltime", "--walltime")},
            {"dry-run", "", "check all, print the plan (--json: its figures) and start nothing",
             flag_into(dry_run_, DryRun::yes)},
        });
    table.example = "mpirun -n 2 atnas train runs/quickstart/latest.h5 --data=mine.h5 -o mine_net.h5";
    for (OptionRow& row : table.rows)
        row.set = [this, name = "--" + row.name, set = std::move(row.set)](const std::string& text) {
            given_.insert(name);
            return set(text);
        };
    table.deck_keys = DeckKeys::accepted;
    table.used_keys = used_keys();
    return table;
}

void TrainCommand::refuse_unused(std::vector<Problem>& problems) const {
    const auto refuse = [&](std::initializer_list<const char*> options, const std::string& beside, const char* reason) {
        std::vector<std::string> unused;
        std::ranges::copy_if(options, std::back_inserter(unused),
                             [&](const char* name) { return given_.contains(name); });
        if (!unused.empty())
            problems.push_back(
                {fmt::format("{} beside {}", fmt::join(unused, ", "), beside), reason, "leave one or the other out"});
    };
    if (!options_.test.empty()) refuse({"--test-fraction"}, "--test", "no images of --data are held out to test on");
    if (options_.search == TrainSearch::none)
        refuse({"--evaluations", "--trial-steps", "--trial-images"},
               options_.encode.empty() ? "--search=none" : "--encode", "no encodes are tried");
}

void TrainCommand::complete(std::vector<Assignment> keys, std::vector<Problem>& problems, const comm::Communicator&) {
    std::ranges::move(keys, std::back_inserter(options_.overrides));
    if (!options_.encode.empty() && !given_.contains("--search")) options_.search = TrainSearch::none;
    if (options_.data.empty())
        problems.push_back({"--data is missing", "there is nothing to learn", "name a data set"});
    if (options_.output.empty())
        problems.push_back({"--output is missing", "the network has nowhere to go", "give -o PATH"});
    refuse_unused(problems);
    std::ranges::move(problems_of(options_), std::back_inserter(problems));
    // The deck that they override is in the checkpoint.
    std::ranges::move(problems_alone(options_.overrides), std::back_inserter(problems));
}

CommandFiles TrainCommand::files() const {
    CommandFiles files{given({{"--output", options_.output}, {"--json", options_.json}}),
                       {{"the checkpoint", options_.checkpoint}, {"the data set", options_.data}}};
    if (!options_.test.empty()) files.inputs.push_back({"the data set to test on", options_.test});
    if (!options_.restart.empty() && options_.restart != "latest")
        files.inputs.push_back({"the checkpoint to go on from", options_.restart});
    return files;
}

ExitCode TrainCommand::run(const Invocation& invocation) {
    // Until the process ends: a second signal must not change the exit code of a run that stopped in time.
    static const StopSignals signals;
    const comm::Communicator& communicator = invocation.communicator;
    on_root(communicator, [&] {
        if (const auto problem = launcher_problem(communicator.size(), std::getenv))
            throw Error(ExitCode::bad_deck, *problem);
    });
    const TrainInputs inputs(options_, communicator);
    backend::set_threads(inputs.deck().runtime.threads);
    const RunStart start{inputs.deck().run.folder, options_.restart};
    if (dry_run_ == DryRun::yes) {
        const Train train(inputs, options_, stored_run(start, communicator), communicator);
        on_root(communicator, [&] {
            std::cout << text_of(train.plan());
            if (!options_.json.empty()) io::write_json(options_.json, json_of(train.plan()));
        });
        return ExitCode::done;
    }
    const auto folder = hold_folder(start, signals, communicator);
    const auto held = hold_outputs(*this, communicator);
    RunRequests requests(inputs.deck(), signals, communicator);
    const Provenance provenance = make_provenance(invocation.words, invocation.communicator.size());
    Train train(inputs, options_, stored_run(start, communicator), communicator);
    ExitCode code = ExitCode::done;
    try {
        code = train.run(requests, provenance);
    } catch (...) {
        invocation.failure(std::current_exception());
    }
    if (code != ExitCode::done) return code;
    on_root(communicator, [&] {
        io::write_network(options_.output, train.network_file(provenance));
        train.remove_checkpoints();
        std::cout << text_of(train.figures());
        if (!options_.json.empty()) io::write_json(options_.json, json_of(train.figures()));
    });
    return code;
}

}  // namespace atnas::app
