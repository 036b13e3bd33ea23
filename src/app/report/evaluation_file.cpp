// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/evaluation_file.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "atnas/app/report/confusion_report.hpp"
#include "atnas/io/file_type.hpp"
#include "atnas/io/hdf5.hpp"
#include "atnas/io/staged_file.hpp"

namespace atnas::app {
namespace {

template <class Value>
using Attributes = std::initializer_list<std::pair<const char*, Value>>;

void write_attributes(io::File& file, const std::string& object, Attributes<std::int64_t> values) {
    for (const auto& [name, value] : values) file.attribute(object, name, value);
}

void write_attributes(io::File& file, const std::string& object, Attributes<std::string> values) {
    for (const auto& [name, value] : values) file.attribute(object, name, value);
}

/// Which run of a challenge a task is.
void write_runs(io::File& file, const std::vector<RunFigures>& runs) {
    std::vector<std::string> names;
    std::vector<std::int64_t> ways, queries;
    for (const RunFigures& run : runs) {
        names.push_back(run.name);
        ways.push_back(run.way);
        queries.push_back(run.queries);
    }
    file.write_strings("/tasks/run", names);
    file.write<std::int64_t>("/tasks/way", ways, std::vector<std::uint64_t>{ways.size()});
    file.write<std::int64_t>("/tasks/queries", queries, std::vector<std::uint64_t>{queries.size()});
}

/// The values of tasks below \p group, what follows from them as its attributes.
void write_result(io::File& file, const std::string& group, const EvaluationResult& r) {
    const auto tasks = static_cast<std::int64_t>(r.task_accuracy.size());
    std::vector<std::int64_t> index(r.task_accuracy.size());
    std::iota(index.begin(), index.end(), 0);
    const std::string arrays = (group == "/" ? "" : group) + "/tasks/";
    const std::vector<std::uint64_t> shape{r.task_accuracy.size()};
    file.write<double>(arrays + "accuracy", r.task_accuracy, shape);
    file.write<double>(arrays + "loss", r.task_loss, shape);
    file.write<std::int64_t>(arrays + "index", index, shape);
    if (!r.runs.empty()) write_runs(file, r.runs);
    if (r.confusion) write_confusion(file, (group == "/" ? "" : group) + "/confusion/", *r.confusion);
    file.attribute(group, "accuracy", r.accuracy);
    file.attribute(group, "ci95", r.ci95);
    write_attributes(
        file, group,
        {{"tasks", tasks}, {"way", r.kind.way}, {"shot", r.kind.shot}, {"params", r.parameters}, {"macs", r.macs}});
}

std::uint64_t size_bound(const Evaluation& e) {
    std::size_t names = 0;
    for (const std::string& name : e.class_names) names = std::max(names, name.size());
    std::size_t bytes = (std::size_t{1} << 20) + names * e.class_names.size();
    for (const EvaluationResult& r : e.results) {
        bytes += 32 * r.task_accuracy.size();
        for (const RunFigures& run : r.runs) names = std::max(names, run.name.size());
        bytes += (names + 32) * r.runs.size();
        if (r.confusion) bytes += app::size_bound(*r.confusion);
    }
    return bytes;
}

}  // namespace

void write_evaluation(const std::filesystem::path& path, const Evaluation& e, const Provenance& provenance) {
    const comm::Communicator alone;
    io::StagedFile staged(path);
    io::File file = io::File::create(staged.path(), alone, io::Access::serial, size_bound(e));
    io::write_type(file, io::evaluation_type);
    write_attributes(file, "/",
                     {{"steps", e.steps},
                      {"support_copies", e.support_copies},
                      {"query_copies", e.query_copies},
                      {"transductive", meta::is_transductive(e.statistics)},
                      {"averaged", e.origin.weights == JudgedWeights::average},
                      {"iteration", e.origin.iteration}});
    write_attributes(file, "/",
                     {{"encode", e.encode},
                      {"statistics", std::string(meta::name_of(e.statistics))},
                      {"seed", std::to_string(e.origin.seed)},
                      {"data", e.origin.data},
                      {"data_digest", e.origin.data_digest},
                      {"checkpoint", e.origin.checkpoint},
                      {"checkpoint_digest", e.origin.checkpoint_digest}});
    if (e.origin.runs.empty()) {
        write_attributes(file, "/",
                         {{"query", e.query},
                          {"within_group", e.within_group == data::WithinGroup::yes},
                          {"classes", e.origin.classes},
                          {"seen_classes", e.origin.seen_classes}});
        file.attribute("/", "split", e.origin.split);
    } else {
        file.attribute("/", "error", 1 - e.results.front().accuracy);
        write_attributes(file, "/", {{"runs", e.origin.runs}, {"runs_digest", e.origin.runs_digest}});
    }
    io::write_provenance(file, provenance);
    if (!e.class_names.empty()) file.write_strings("/classes/names", e.class_names);
    if (e.results.size() == 1) {
        write_result(file, "/", e.results.front());
    } else {
        std::vector<TaskKind> kinds;
        for (const EvaluationResult& result : e.results) {
            kinds.push_back(result.kind);
            write_result(file, "/" + text_of(result.kind), result);
        }
        file.attribute("/", "tasks_of", text_of(kinds));
    }
    io::write_completion(file);
    file.close();
    staged.publish();
}

}  // namespace atnas::app
