#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "atnas/app/commands/commands.hpp"
#include "atnas/app/commands/outputs.hpp"
#include "atnas/core/log.hpp"
#include "atnas/core/provenance.hpp"
#include "atnas/core/timer.hpp"
#include "atnas/data/import_images.hpp"
#include "atnas/io/data_set_file.hpp"
#include "atnas/io/metrics.hpp"

namespace atnas::app {
namespace {

nlohmann::json constant_images(const data::ImportReport& found) {
    auto classes = nlohmann::json::object();
    for (const auto& of_class : found.constant) classes[of_class.class_name] = of_class.constant;
    return classes;
}

/// One line each, but not thousands of them.
void warn_of(fmt::format_string<const std::string&> line, const std::vector<std::string>& found, const char* what) {
    constexpr std::size_t most = 20;
    for (std::size_t i = 0; i < std::min(found.size(), most); ++i) world_log().warn(fmt::format(line, found[i]));
    if (found.size() > most) world_log().warn("... and {} more {}", found.size() - most, what);
}

void report(const ImportRequest& request, const data::ImageSet& images, const data::ImportReport& found,
            double seconds) {
    warn_of("skipped {}", found.skipped, "images");
    warn_of("all images of {} were skipped", found.lost_classes, "classes");
    std::vector<std::string> constant;
    for (const auto& of_class : found.constant) {
        constant.push_back(
            fmt::format("{} of {} images of class {}", of_class.constant, of_class.images, of_class.class_name));
    }
    warn_of("{} are of one colour (is the ink only in the alpha channel, or very dark?)", constant, "such classes");
    const auto& shape = images.shape;
    std::cout << fmt::format(
        "{}: {} images of {} x {} x {} in {} classes and {} groups from {} ({} skipped, {:.1f} s)\n",
        request.output.string(), images.images(), shape.channels, shape.height, shape.width, images.classes(),
        images.group_names.size(), request.source.string(), found.skipped.size(), seconds);
    if (request.json.empty()) return;
    io::write_json(request.json, {{"source", request.source.string()},
                                  {"output", request.output.string()},
                                  {"images", images.images()},
                                  {"classes", images.classes()},
                                  {"groups", images.group_names.size()},
                                  {"channels", shape.channels},
                                  {"height", shape.height},
                                  {"width", shape.width},
                                  {"skipped", found.skipped},
                                  {"lost_classes", found.lost_classes},
                                  {"of_one_colour", constant_images(found)},
                                  {"seconds", seconds}});
}

void import(const CommandLine& line) {
    const auto& request = std::get<ImportRequest>(line.request);
    const Stopwatch watch;
    data::ImportReport found;
    const auto images = data::import_images(request.source, request.options, found);
    io::write_data_set(request.output, images, make_provenance(line.words));
    report(request, images, found, watch.seconds());
}

}  // namespace

ExitCode run_import(const CommandLine& line, const comm::Communicator& communicator) {
    const auto held = hold_outputs(line.request, communicator);
    on_root(communicator, [&] { import(line); });
    return ExitCode::done;
}

}  // namespace atnas::app
