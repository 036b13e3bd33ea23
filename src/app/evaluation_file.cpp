#include "atnas/app/evaluation_file.hpp"

#include <cmath>
#include <numeric>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "atnas/core/contract.hpp"
#include "atnas/io/file_type.hpp"
#include "atnas/io/hdf5.hpp"
#include "atnas/io/staged_file.hpp"

namespace atnas::app {

void summarise(Evaluation& e) {
    ATNAS_EXPECT(!e.task_accuracy.empty());
    const auto n = static_cast<double>(e.task_accuracy.size());
    e.accuracy = std::accumulate(e.task_accuracy.begin(), e.task_accuracy.end(), 0.0) / n;
    double squares = 0.0;
    for (const double a : e.task_accuracy) squares += (a - e.accuracy) * (a - e.accuracy);
    e.ci95 = n > 1 ? 1.96 * std::sqrt(squares / (n - 1) / n) : 0.0;
}

std::string text_of(const Evaluation& e) {
    return fmt::format(
        "accuracy {:.2f} % +- {:.2f} % (95 % interval over {} tasks, {}-way {}-shot, {} queries per class, {} inner "
        "steps, "
        "{})\n{} parameters, {} MACs: {}\n",
        100 * e.accuracy, 100 * e.ci95, e.task_accuracy.size(), e.way, e.shot, e.query, e.steps,
        e.transductive ? "transductive" : "not transductive", e.parameters, e.macs, e.encode);
}

nlohmann::json json_of(const Evaluation& e) {
    return {{"accuracy", e.accuracy},
            {"ci95", e.ci95},
            {"tasks", e.task_accuracy.size()},
            {"way", e.way},
            {"shot", e.shot},
            {"query", e.query},
            {"steps", e.steps},
            {"transductive", e.transductive},
            {"encode", e.encode},
            {"params", e.parameters},
            {"macs", e.macs}};
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
                                                                     {"macs", e.macs}})
        file.attribute("/", name, value);
    file.attribute("/", "encode", e.encode);
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
