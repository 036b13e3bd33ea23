// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/adapted_tasks.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "atnas/app/report/adaptation.hpp"
#include "atnas/app/report/mean_interval.hpp"

namespace atnas::app {
namespace {

std::vector<double> values_of(const AdaptedKind& kind, double AdaptedTask::*figure) {
    std::vector<double> values;
    std::ranges::transform(kind.tasks, std::back_inserter(values), figure);
    return values;
}

/// Task by task, the one minus the other.
std::vector<double> differences(const AdaptedKind& kind, double AdaptedTask::*of, double AdaptedTask::*from) {
    std::vector<double> values;
    for (const AdaptedTask& task : kind.tasks) values.push_back(task.*of - task.*from);
    return values;
}

std::string percent(const MeanInterval& interval) {
    return fmt::format("{:.2f} +- {:.2f} %", 100 * interval.mean, 100 * interval.half);
}

std::string gain(const MeanInterval& interval) {
    return fmt::format("{:+.2f} +- {:.2f}", 100 * interval.mean, 100 * interval.half);
}

nlohmann::json json_of(const MeanInterval& interval) {
    return {{"mean", interval.mean}, {"ci95", interval.half}};
}

nlohmann::json json_of(const AdaptedKind& kind) {
    using T = AdaptedTask;
    nlohmann::json document{{"way", kind.kind.way},
                            {"shot", kind.kind.shot},
                            {"tasks", kind.tasks.size()},
                            {"weights_alone", json_of(mean_interval(values_of(kind, &T::alone)))},
                            {"with_architecture", json_of(mean_interval(values_of(kind, &T::adapted)))},
                            {"random", json_of(mean_interval(values_of(kind, &T::random)))},
                            {"best_on_folds", json_of(mean_interval(values_of(kind, &T::found)))},
                            {"gain_of_best_on_folds", json_of(mean_interval(differences(kind, &T::found, &T::alone)))},
                            {"gain", json_of(mean_interval(differences(kind, &T::adapted, &T::alone)))},
                            {"ensemble", json_of(mean_interval(values_of(kind, &T::together)))},
                            {"gain_of_ensemble", json_of(mean_interval(differences(kind, &T::together, &T::alone)))},
                            {"gain_over_random", json_of(mean_interval(differences(kind, &T::adapted, &T::random)))},
                            {"gain_on_folds", json_of(mean_interval(values_of(kind, &T::folds)))},
                            {"moved", mean_interval(values_of(kind, &T::moved)).mean},
                            {"evaluations", mean_interval(values_of(kind, &T::evaluations)).mean},
                            {"seconds_per_task", mean_interval(values_of(kind, &T::seconds)).mean}};
    for (const auto& [name, figure] : {std::pair("alone", &T::alone), std::pair("adapted", &T::adapted),
                                       std::pair("ensemble", &T::together), std::pair("random_encode", &T::random)})
        document["accuracies"][name] = values_of(kind, figure);
    return document;
}

}  // namespace

std::string text_of(const AdaptedTasks& r) {
    using T = AdaptedTask;
    std::string text = fmt::format("{:<16}{:>18}{:>18}{:>18}{:>18}{:>16}{:>16}{:>8}{:>8}\n", "tasks", "weights alone",
                                   "+ architecture", "best on folds", "random encode", "gain, points", "of folds' best",
                                   "moved", "s/task");
    for (const AdaptedKind& kind : r.kinds)
        text += fmt::format(
            "{:<16}{:>18}{:>18}{:>18}{:>18}{:>16}{:>16}{:>6.0f} %{:>8.2f}\n",
            fmt::format("{}-way {}-shot", kind.kind.way, kind.kind.shot),
            percent(mean_interval(values_of(kind, &T::alone))), percent(mean_interval(values_of(kind, &T::adapted))),
            percent(mean_interval(values_of(kind, &T::found))), percent(mean_interval(values_of(kind, &T::random))),
            gain(mean_interval(differences(kind, &T::adapted, &T::alone))),
            gain(mean_interval(differences(kind, &T::found, &T::alone))),
            100 * mean_interval(values_of(kind, &T::moved)).mean, mean_interval(values_of(kind, &T::seconds)).mean);
    if (r.ensemble > 1) {
        text += fmt::format("\n{:<16}{:>18}{:>16}\n", fmt::format("ensemble of {}", r.ensemble), "mean probabilities",
                            "gain, points");
        for (const AdaptedKind& kind : r.kinds)
            text += fmt::format("{:<16}{:>18}{:>16}\n", fmt::format("{}-way {}-shot", kind.kind.way, kind.kind.shot),
                                percent(mean_interval(values_of(kind, &T::together))),
                                gain(mean_interval(differences(kind, &T::together, &T::alone))));
    }
    const AdaptedKind& first = r.kinds.front();
    return text + fmt::format(
                      "{} {} tasks of each kind, {} queries per class, {} inner steps, {} statistics; 95 % "
                      "intervals, gains are paired\nsearch {} of {:.0f} encodes per task, each on one rank; "
                      "weights alone use {}\n",
                      first.tasks.size(), r.split, r.query, r.steps, meta::name_of(r.statistics), search_name(r.search),
                      mean_interval(values_of(first, &T::evaluations)).mean, r.first_encode);
}

nlohmann::json json_of(const AdaptedTasks& r) {
    nlohmann::json document{{"checkpoint", r.checkpoint},
                            {"data", r.data},
                            {"split", r.split},
                            {"encode", r.first_encode},
                            {"query", r.query},
                            {"steps", r.steps},
                            {"ranks", r.ranks},
                            {"seed", r.seed},
                            {"statistics", meta::name_of(r.statistics)},
                            {"search", search_name(r.search)},
                            {"ensemble", r.ensemble},
                            {"budget", {{"evaluations", r.budget.evaluations}, {"seconds", r.budget.seconds}}}};
    for (const AdaptedKind& kind : r.kinds) document[text_of(kind.kind)] = json_of(kind);
    return document;
}

}  // namespace atnas::app
