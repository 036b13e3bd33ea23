// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/evaluation_file.hpp"

#include <cstdint>
#include <initializer_list>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "atnas/io/file_type.hpp"
#include "atnas/io/hdf5.hpp"
#include "atnas/io/staged_file.hpp"

namespace atnas::app {
namespace {

void write_attributes(io::File& file, const std::string& object,
                      std::initializer_list<std::pair<const char*, std::int64_t>> values) {
    for (const auto& [name, value] : values) file.attribute(object, name, value);
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
    file.attribute(group, "accuracy", r.accuracy);
    file.attribute(group, "ci95", r.ci95);
    write_attributes(
        file, group,
        {{"tasks", tasks}, {"way", r.kind.way}, {"shot", r.kind.shot}, {"params", r.parameters}, {"macs", r.macs}});
}

}  // namespace

void write_evaluation(const std::filesystem::path& path, const Evaluation& e, const Provenance& provenance) {
    const comm::Communicator alone;
    io::StagedFile staged(path);
    const std::size_t tasks = e.results.size() * e.results.front().task_accuracy.size();
    io::File file = io::File::create(staged.path(), alone, io::Access::serial, 32 * tasks + (1 << 20));
    io::write_type(file, io::evaluation_type);
    write_attributes(file, "/",
                     {{"query", e.query},
                      {"steps", e.steps},
                      {"transductive", meta::is_transductive(e.statistics)},
                      {"classes", e.origin.classes},
                      {"seen_classes", e.origin.seen_classes},
                      {"iteration", e.origin.iteration}});
    for (const auto& [name, value] : std::initializer_list<std::pair<const char*, std::string>>{
             {"encode", e.encode},
             {"statistics", std::string(meta::name_of(e.statistics))},
             {"seed", std::to_string(e.origin.seed)},
             {"split", e.origin.split},
             {"data", e.origin.data},
             {"data_digest", e.origin.data_digest},
             {"checkpoint", e.origin.checkpoint},
             {"checkpoint_digest", e.origin.checkpoint_digest}})
        file.attribute("/", name, value);
    io::write_provenance(file, provenance);
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
