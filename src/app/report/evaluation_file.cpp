// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/evaluation_file.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "atnas/core/contract.hpp"
#include "atnas/core/error.hpp"
#include "atnas/io/file_type.hpp"
#include "atnas/io/hdf5.hpp"
#include "atnas/io/staged_file.hpp"

namespace atnas::app {

namespace {

/// Whose statistics normalise a query image.
std::string statistics_of(const Evaluation& e) {
    return e.transductive ? "query" : "support";
}

const std::vector<std::string>& names_of(const io::DataRecord& data, data::Role role) {
    return role == data::Role::train ? data.train : role == data::Role::validation ? data.validation : data.test;
}

/// Names that are in both.
std::vector<std::string> common(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    const std::set<std::string> known(b.begin(), b.end());
    std::vector<std::string> both;
    std::ranges::copy_if(a, std::back_inserter(both), [&](const std::string& name) { return known.contains(name); });
    return both;
}

}  // namespace

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

void summarise(Evaluation& e) {
    ATNAS_EXPECT(!e.task_accuracy.empty());
    const auto n = static_cast<double>(e.task_accuracy.size());
    e.accuracy = std::accumulate(e.task_accuracy.begin(), e.task_accuracy.end(), 0.0) / n;
    double squares = 0.0;
    for (const double a : e.task_accuracy) squares += (a - e.accuracy) * (a - e.accuracy);
    e.ci95 = n > 1 ? 1.96 * std::sqrt(squares / (n - 1) / n) : std::numeric_limits<double>::quiet_NaN();
}

std::string text_of(const Evaluation& e) {
    const std::string interval = e.task_accuracy.size() > 1 ? fmt::format("+- {:.2f} % (95 % interval over {} tasks",
                                                                          100 * e.ci95, e.task_accuracy.size())
                                                            : "(a single task: no interval";
    std::string text = fmt::format(
        "accuracy {:.2f} % {}, {}-way {}-shot, {} queries per class, {} inner steps, {})\n{} parameters, {} MACs: {}\n",
        100 * e.accuracy, interval, e.way, e.shot, e.query, e.steps,
        e.transductive ? "transductive" : "not transductive", e.parameters, e.macs, e.encode);
    if (e.origin.seen_classes > 0)
        text += fmt::format("the search used {} of these {} classes: this is not the accuracy on unseen ones\n",
                            e.origin.seen_classes, e.origin.classes);
    return text;
}

nlohmann::json json_of(const Evaluation& e) {
    return {{"accuracy", e.accuracy},
            {"ci95", e.ci95},  // not a number becomes null
            {"tasks", e.task_accuracy.size()},
            {"way", e.way},
            {"shot", e.shot},
            {"query", e.query},
            {"steps", e.steps},
            {"transductive", e.transductive},
            {"statistics", statistics_of(e)},
            {"encode", e.encode},
            {"params", e.parameters},
            {"macs", e.macs},
            {"seed", e.origin.seed},
            {"split", e.origin.split},
            {"classes", e.origin.classes},
            {"seen_classes", e.origin.seen_classes},
            {"data", e.origin.data},
            {"data_digest", e.origin.data_digest},
            {"checkpoint", e.origin.checkpoint},
            {"checkpoint_digest", e.origin.checkpoint_digest},
            {"iteration", e.origin.iteration}};
}

void write_evaluation(const std::filesystem::path& path, const Evaluation& e, const Provenance& provenance) {
    const comm::Communicator alone;
    io::StagedFile staged(path);
    io::File file = io::File::create(staged.path(), alone, io::Access::serial, 32 * e.task_accuracy.size() + (1 << 20));
    io::write_type(file, io::evaluation_type);
    file.attribute("/", "accuracy", e.accuracy);
    file.attribute("/", "ci95", e.ci95);
    const auto tasks = static_cast<std::int64_t>(e.task_accuracy.size());
    for (const auto& [name, value] :
         std::initializer_list<std::pair<const char*, std::int64_t>>{{"tasks", tasks},
                                                                     {"way", e.way},
                                                                     {"shot", e.shot},
                                                                     {"query", e.query},
                                                                     {"steps", e.steps},
                                                                     {"transductive", e.transductive},
                                                                     {"params", e.parameters},
                                                                     {"macs", e.macs},
                                                                     {"classes", e.origin.classes},
                                                                     {"seen_classes", e.origin.seen_classes},
                                                                     {"iteration", e.origin.iteration}})
        file.attribute("/", name, value);
    for (const auto& [name, value] :
         std::initializer_list<std::pair<const char*, std::string>>{{"encode", e.encode},
                                                                    {"statistics", statistics_of(e)},
                                                                    {"seed", std::to_string(e.origin.seed)},
                                                                    {"split", e.origin.split},
                                                                    {"data", e.origin.data},
                                                                    {"data_digest", e.origin.data_digest},
                                                                    {"checkpoint", e.origin.checkpoint},
                                                                    {"checkpoint_digest", e.origin.checkpoint_digest}})
        file.attribute("/", name, value);
    io::write_provenance(file, provenance);
    std::vector<std::int64_t> index(e.task_accuracy.size());
    std::iota(index.begin(), index.end(), 0);
    const std::vector<std::uint64_t> shape{e.task_accuracy.size()};
    file.write<double>("/tasks/accuracy", e.task_accuracy, shape);
    file.write<double>("/tasks/loss", e.task_loss, shape);
    file.write<std::int64_t>("/tasks/index", index, shape);
    io::write_completion(file);
    file.close();
    staged.publish();
}

}  // namespace atnas::app
