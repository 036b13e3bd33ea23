// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/file_summary.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

#include <fmt/format.h>

#include "atnas/app/report/checkpoint_summary.hpp"
#include "atnas/app/report/network_summary.hpp"
#include "atnas/app/report/task_kind.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/core/error.hpp"
#include "atnas/io/checkpoint.hpp"
#include "atnas/io/data_set_file.hpp"
#include "atnas/io/file_type.hpp"
#include "atnas/io/hdf5.hpp"
#include "atnas/io/network_file.hpp"

namespace atnas::app {
namespace {

/// "20" or "14 ... 20".
std::string span_text(std::int64_t fewest, std::int64_t most) {
    return fewest == most ? fmt::format("{}", most) : fmt::format("{} ... {}", fewest, most);
}

FileSummary data_set_summary(const std::filesystem::path& path) {
    const auto images = io::read_data_set(path, comm::Communicator{});
    std::vector<int> classes_of_group(images.group_names.size(), 0);
    for (const auto group : images.group_of_class) ++classes_of_group[static_cast<std::size_t>(group)];
    std::int64_t fewest = images.images();
    std::int64_t most = 0;
    for (std::size_t c = 0; c + 1 < images.first_of_class.size(); ++c) {
        const auto count = images.first_of_class[c + 1] - images.first_of_class[c];
        fewest = std::min(fewest, count);
        most = std::max(most, count);
    }
    const auto& shape = images.shape;
    FileSummary summary;
    const std::string digest = io::content_digest(images).text();
    summary.document = {{"digest", digest},
                        {"images", images.images()},
                        {"classes", images.classes()},
                        {"groups", nlohmann::json::array()},
                        {"channels", shape.channels},
                        {"height", shape.height},
                        {"width", shape.width},
                        {"images_per_class", {fewest, most}},
                        {"source", images.source}};
    summary.text = fmt::format("{} images of {} x {} x {} from {}, digest {}\n{} classes of {} images in {} groups:\n",
                               images.images(), shape.channels, shape.height, shape.width, images.source, digest,
                               images.classes(), span_text(fewest, most), images.group_names.size());
    for (std::size_t g = 0; g < images.group_names.size(); ++g) {
        summary.text += fmt::format("  {:<30} {} classes\n", images.group_names[g], classes_of_group[g]);
        summary.document["groups"].push_back({{"name", images.group_names[g]}, {"classes", classes_of_group[g]}});
    }
    return summary;
}

/// The figures of an evaluation, or of predictions, that are attributes of this object.
FileSummary figures_of(const io::File& file, const std::string& object) {
    FileSummary summary;
    const auto add = [&](const char* name, auto read) {
        if (!file.has_attribute(object, name)) return;
        const auto value = read(name);
        summary.document[name] = value;
        summary.text += fmt::format("{} {}\n", name, value);
    };
    const auto real = [&](const char* name) { return file.real_attribute(object, name); };
    const auto integer = [&](const char* name) { return file.integer_attribute(object, name); };
    const auto text = [&](const char* name) { return file.text_attribute(object, name); };
    for (const auto* name : {"accuracy", "ci95", "accuracy_low", "accuracy_high", "calibration_error", "loss", "error"})
        add(name, real);
    for (const auto* name :
         {"members", "tasks", "way", "shot", "query", "within_group", "steps", "support_copies", "query_copies",
          "transductive", "averaged", "params", "macs", "classes", "seen_classes", "iteration"})
        add(name, integer);
    add("seed", [&](const char* name) {
        const std::string digits = text(name);
        std::uint64_t seed = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seed);
        if (error != std::errc() || end != digits.data() + digits.size())
            throw Error(ExitCode::bad_data, {"the seed \"" + digits + "\"", "it is no number of 64 bits", ""});
        return seed;
    });
    for (const auto* name : {"encode", "statistics", "split", "runs", "runs_digest", "data", "data_digest",
                             "checkpoint", "checkpoint_digest", "network", "network_digest", "tasks_of"})
        add(name, text);
    return summary;
}

/// Evaluations keep their figures as attributes of the root, what is of one of several kinds of tasks as attributes of
/// a group, and the values of tasks as arrays.
FileSummary evaluation_summary(const io::File& file) {
    FileSummary summary = figures_of(file, "/");
    if (!file.has_attribute("/", "tasks_of")) return summary;
    std::vector<TaskKind> kinds;
    if (const auto complaint = read_task_kinds(file.text_attribute("/", "tasks_of"), kinds))
        throw Error(ExitCode::bad_data, {file.path().string() + ": attribute tasks_of", *complaint, ""});
    for (const TaskKind kind : kinds) {
        const FileSummary of_kind = figures_of(file, "/" + text_of(kind));
        summary.document[text_of(kind)] = of_kind.document;
        summary.text += "\n" + text_of(kind) + ":\n" + of_kind.text;
    }
    return summary;
}

FileSummary predictions_summary(const io::File& file) {
    FileSummary summary = figures_of(file, "/");
    const auto classes = file.read_strings("/classes/names");
    const std::vector<std::uint64_t> shape = file.info("/images/names").shape;
    const std::uint64_t images = shape.empty() ? 0 : shape[0];
    summary.document["classes"] = classes;
    summary.document["images"] = images;
    summary.text = fmt::format("{} images, {} classes\n", images, classes.size()) + summary.text;
    return summary;
}

}  // namespace

FileSummary summary_of_file(const std::filesystem::path& path) {
    const auto complain = [&](const std::string& reason) {
        throw Error(ExitCode::bad_data, {path.string(), reason, "give a file that atnas wrote"});
    };
    if (!std::filesystem::exists(path)) complain("there is no such file");
    std::string type;
    std::int64_t version = 0;
    FileSummary summary;
    {
        const auto file = io::File::open(path, comm::Communicator{}, io::Access::serial);
        type = io::type_name(file);
        if (type.empty()) complain("it was not written by atnas");
        version = file.integer_attribute("/", "atnas.version");
        if (type == io::evaluation_type.name) {
            expect_type(file, io::evaluation_type);
            summary = evaluation_summary(file);
        } else if (type == io::predictions_type.name) {
            expect_type(file, io::predictions_type);
            summary = predictions_summary(file);
        }
    }
    if (type == io::data_set_type.name) {
        summary = data_set_summary(path);
    } else if (type == io::checkpoint_type.name) {
        summary = checkpoint_summary(io::read_checkpoint(path, comm::Communicator{}));
    } else if (type == io::network_type.name) {
        summary = network_summary(io::read_network(path));
    } else if (type != io::evaluation_type.name && type != io::predictions_type.name) {
        complain("its type \"" + type + "\" is unknown to this version");
    }
    summary.text = fmt::format("{}: {} version {}\n", path.string(), type, version) + summary.text;
    summary.document["path"] = path.string();
    summary.document["type"] = type;
    summary.document["version"] = version;
    return summary;
}

}  // namespace atnas::app
