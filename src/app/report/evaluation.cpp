// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "atnas/app/report/confusion_report.hpp"
#include "atnas/app/report/mean_interval.hpp"
#include "atnas/core/contract.hpp"
#include "atnas/core/error.hpp"

namespace atnas::app {

namespace {

/// For people.
std::string whose(meta::Statistics statistics) {
    return fmt::format("{} statistics: {}", meta::name_of(statistics),
                       meta::is_transductive(statistics) ? "transductive" : "not transductive");
}

/// Names that are in both.
std::vector<std::string> common(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    const std::set<std::string> known(b.begin(), b.end());
    std::vector<std::string> both;
    std::ranges::copy_if(a, std::back_inserter(both), [&](const std::string& name) { return known.contains(name); });
    return both;
}

/// How every kind of task was done.
std::string circumstances(const Evaluation& e) {
    const std::string queries = e.origin.runs.empty() ? fmt::format("{} queries per class, ", e.query) : "";
    const std::string copies =
        e.support_copies > 0 ? fmt::format("{} copies of each support image, ", e.support_copies) : "";
    const std::string answers =
        e.query_copies > 0 ? fmt::format("the mean answer for a query image and {} copies, ", e.query_copies) : "";
    return fmt::format("{}{}{}{} inner steps, {}", queries, copies, answers, e.steps, whose(e.statistics));
}

std::string text_of_runs(const Evaluation& e) {
    const EvaluationResult& r = e.results.front();
    std::string text = fmt::format("{:<18}{:>10}{:>10}{:>10}\n", "run", "error", "classes", "queries");
    for (std::size_t i = 0; i < r.runs.size(); ++i)
        text += fmt::format("{:<18}{:>8.2f} %{:>10}{:>10}\n", r.runs[i].name, 100 * (1 - r.task_accuracy[i]),
                            r.runs[i].way, r.runs[i].queries);
    const std::string interval = r.runs.size() > 1 ? fmt::format(" +- {:.2f} % (95 % interval)", 100 * r.ci95) : "";
    return text + fmt::format("mean error {:.2f} %{} over {} run(s) of {}, {}\n{} parameters, {} MACs: {}\n",
                              100 * (1 - r.accuracy), interval, r.runs.size(), e.origin.runs, circumstances(e),
                              r.parameters, r.macs, e.encode);
}

std::string text_of_one(const Evaluation& e) {
    const EvaluationResult& r = e.results.front();
    const std::string interval = r.task_accuracy.size() > 1 ? fmt::format("+- {:.2f} % (95 % interval over {} tasks",
                                                                          100 * r.ci95, r.task_accuracy.size())
                                                            : "(a single task: no interval";
    return fmt::format("accuracy {:.2f} % {}, {}-way {}-shot, {})\n{} parameters, {} MACs: {}\n", 100 * r.accuracy,
                       interval, r.kind.way, r.kind.shot, circumstances(e), r.parameters, r.macs, e.encode);
}

std::string text_of_several(const Evaluation& e) {
    std::string text =
        fmt::format("{:<18}{:>10}{:>15}{:>12}{:>14}\n", "tasks", "accuracy", "95 % interval", "parameters", "MACs");
    for (const EvaluationResult& r : e.results) {
        const std::string interval = r.task_accuracy.size() > 1 ? fmt::format("+- {:.2f} %", 100 * r.ci95) : "";
        text += fmt::format("{:<18}{:>10}{:>15}{:>12}{:>14}\n", fmt::format("{}-way {}-shot", r.kind.way, r.kind.shot),
                            fmt::format("{:.2f} %", 100 * r.accuracy), interval, r.parameters, r.macs);
    }
    return text + fmt::format("{} tasks of each kind, {}: {}\n", e.results.front().task_accuracy.size(),
                              circumstances(e), e.encode);
}

nlohmann::json figures_of(const EvaluationResult& r, const std::vector<std::string>& class_names) {
    nlohmann::json document{{"accuracy", r.accuracy},          {"ci95", r.ci95},  // not a number becomes null
                            {"tasks", r.task_accuracy.size()}, {"way", r.kind.way}, {"shot", r.kind.shot},
                            {"params", r.parameters},          {"macs", r.macs}};
    if (r.confusion) document["confusion"] = json_of(*r.confusion, class_names);
    return document;
}

/// By the name of the run.
nlohmann::json errors_of(const EvaluationResult& r) {
    auto errors = nlohmann::json::object();
    for (std::size_t i = 0; i < r.runs.size(); ++i) errors[r.runs[i].name] = 1 - r.task_accuracy[i];
    return errors;
}

}  // namespace

const std::vector<std::string>& names_of(const io::DataRecord& data, data::Role role) {
    return role == data::Role::train ? data.train : role == data::Role::validation ? data.validation : data.test;
}

int seen_classes(const io::DataRecord& now, data::Role role, const io::DataRecord& stored) {
    const auto& names = names_of(now, role);
    return static_cast<int>(common(names, stored.train).size() + common(names, stored.validation).size());
}

void expect_unseen(const io::DataRecord& now, data::Role role, const io::DataRecord& stored) {
    if (role == data::Role::train || now.digest != stored.digest) return;
    std::vector<Problem> problems;
    const auto expect_none = [&](const std::vector<std::string>& used, const char* how) {
        const std::vector<std::string> both = common(names_of(now, role), used);
        if (!both.empty())
            problems.push_back({fmt::format("{} of the {} classes, {} among them, are not unseen", both.size(),
                                            names_of(now, role).size(), both.front()),
                                fmt::format("the search {} them", how),
                                "leave the split as the checkpoint has it, or add --allow-seen"});
    };
    expect_none(stored.train, "trained on");
    if (role == data::Role::test) expect_none(stored.validation, "chose encodes by");
    if (!problems.empty()) throw Error(ExitCode::bad_deck, problems);
}

void summarise(EvaluationResult& r) {
    ATNAS_EXPECT(!r.task_accuracy.empty());
    const MeanInterval interval = mean_interval(r.task_accuracy);
    r.accuracy = interval.mean;
    r.ci95 = interval.half;
}

std::string text_of(const Evaluation& e) {
    if (!e.origin.runs.empty()) return text_of_runs(e);
    std::string text = e.results.size() == 1 ? text_of_one(e) : text_of_several(e);
    for (const EvaluationResult& r : e.results)
        if (r.confusion)
            text += (e.results.size() > 1 ? text_of(r.kind) + ": " : "") + text_of(*r.confusion, e.class_names);
    if (e.origin.seen_classes > 0)
        text += fmt::format("the search used {} of these {} classes: this is not the accuracy on unseen ones\n",
                            e.origin.seen_classes, e.origin.classes);
    return text;
}

nlohmann::json json_of(const Evaluation& e) {
    nlohmann::json document{{"steps", e.steps},
                            {"support_copies", e.support_copies},
                            {"query_copies", e.query_copies},
                            {"transductive", meta::is_transductive(e.statistics)},
                            {"statistics", std::string(meta::name_of(e.statistics))},
                            {"encode", e.encode},
                            {"seed", e.origin.seed},
                            {"data", e.origin.data},
                            {"data_digest", e.origin.data_digest},
                            {"checkpoint", e.origin.checkpoint},
                            {"checkpoint_digest", e.origin.checkpoint_digest},
                            {"iteration", e.origin.iteration},
                            {"averaged", e.origin.weights == JudgedWeights::average}};
    if (e.origin.runs.empty())
        document.update({{"query", e.query},
                         {"within_group", e.within_group == data::WithinGroup::yes},
                         {"split", e.origin.split},
                         {"classes", e.origin.classes},
                         {"seen_classes", e.origin.seen_classes}});
    else
        document.update({{"runs", e.origin.runs},
                         {"runs_digest", e.origin.runs_digest},
                         {"error", 1 - e.results.front().accuracy},
                         {"errors", errors_of(e.results.front())}});
    if (e.results.size() == 1) {
        document.update(figures_of(e.results.front(), e.class_names));
        return document;
    }
    for (const EvaluationResult& result : e.results) document[text_of(result.kind)] = figures_of(result, e.class_names);
    return document;
}

}  // namespace atnas::app
