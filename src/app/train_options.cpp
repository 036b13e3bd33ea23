// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/train_options.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "atnas/app/deck/number_text.hpp"

namespace atnas::app {
namespace {

const char* name_of(TrainFrom from) {
    return from == TrainFrom::scratch ? "scratch" : "meta-network";
}

const char* name_of(TrainSearch search) {
    switch (search) {
        case TrainSearch::islands:
            return "islands";
        case TrainSearch::random:
            return "random";
        case TrainSearch::none:
            return "none";
    }
    return "";
}

}  // namespace

std::vector<std::pair<std::string, std::string>> settings_of(const TrainOptions& options) {
    const meta::OuterOptions& outer = options.optimizer;
    const auto number = [](auto value) { return number_text(value); };
    return {{"train.from", name_of(options.from)},
            {"train.search", name_of(options.search)},
            {"train.encode", options.encode},
            {"train.evaluations", number(options.evaluations)},
            {"train.trial_steps", number(options.trial_steps)},
            {"train.trial_images", number(options.trial_images)},
            {"train.epochs", number(options.epochs)},
            {"train.batch", number(options.batch)},
            {"train.micro_batch", number(options.micro_batch)},
            {"train.optimizer", outer.kind == meta::OptimizerKind::sgd ? "sgd" : "adamw"},
            {"train.rate", number(outer.rate)},
            {"train.momentum", number(outer.momentum)},
            {"train.weight_decay", number(outer.weight_decay)},
            {"train.warmup", number(outer.warmup)},
            {"train.average", number(outer.average)},
            {"train.label_smoothing", number(options.label_smoothing)},
            {"train.mixup", number(options.mixup)},
            {"train.drop_path", number(options.drop_path)},
            {"train.validation", number(options.validation)},
            {"train.test_fraction", number(options.held_for_test)}};
}

std::vector<Problem> problems_of(const TrainOptions& options) {
    std::vector<Problem> problems;
    if (options.batch % options.micro_batch != 0)
        problems.push_back({fmt::format("--batch={} with --micro-batch={}", options.batch, options.micro_batch),
                            "a step is made of whole mini-batches",
                            fmt::format("use a multiple, for example --batch={}",
                                        (options.batch / options.micro_batch + 1) * options.micro_batch)});
    if (!options.encode.empty() && options.search != TrainSearch::none)
        problems.push_back({"--encode beside --search", "one names the network, the other looks for one",
                            "leave one of them out, or give --search=none"});
    const meta::OuterOptions& outer = options.optimizer;
    if (outer.rate * outer.weight_decay >= 1)
        problems.push_back({fmt::format("--weight-decay={} with --rate={}", outer.weight_decay, outer.rate),
                            "a step would take all of a weight or more", "lower one of them"});
    return problems;
}

engine::NetworkTrainingOptions network_training(const TrainOptions& options, const data::AugmentOptions& augment,
                                                std::uint64_t seed) {
    return {.seed = seed,
            .batches = options.batch / options.micro_batch,
            .images = options.micro_batch,
            .augment = augment,
            .label_smoothing = options.label_smoothing,
            .mixup = options.mixup,
            .drop_path = options.drop_path,
            .outer = options.optimizer};
}

engine::NetworkTrainingOptions trial_training(const TrainOptions& options, const data::AugmentOptions& augment,
                                              std::uint64_t seed) {
    engine::NetworkTrainingOptions trial = network_training(options, augment, seed);
    // One mini-batch a step: as many steps as images allow are what counts in a short time.
    trial.batches = 1;
    trial.outer.iterations = options.trial_steps;
    trial.outer.warmup = std::min(trial.outer.warmup, options.trial_steps / 10);
    trial.outer.average = 0;
    // What helps in the long run hinders in a short one, and some encodes more than others.
    trial.mixup = 0;
    trial.drop_path = 0;
    trial.moment_batches = 8;
    return trial;
}

engine::EncodeSearchOptions encode_search(const TrainOptions& options, const Deck& deck) {
    engine::EncodeSearchOptions search;
    search.islands = 2;
    search.seed = deck.run.seed;
    search.evolution = deck.evo.evolution;
    search.evolution.kind = options.search == TrainSearch::random ? evo::Kind::random : evo::Kind::islands;
    search.evolution.population = 4;
    search.evolution.selection = {.elite = 1};
    search.evolution.variation.offspring = 2;
    search.evolution.surrogate = {};
    // Without a meta-network's encodes the first ones are drawn from the whole space.
    if (options.from == TrainFrom::scratch) search.evolution.variation.founder_mutations = -1;
    search.migration.seed = deck.run.seed;
    if (options.search == TrainSearch::random) search.migration.topology.kind = evo::TopologyKind::none;
    return search;
}

}  // namespace atnas::app
