#include <iostream>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "atnas/app/commands.hpp"
#include "atnas/app/outputs.hpp"
#include "atnas/core/log.hpp"
#include "atnas/core/provenance.hpp"
#include "atnas/core/timer.hpp"
#include "atnas/data/import_images.hpp"
#include "atnas/io/data_set_file.hpp"
#include "atnas/io/metrics.hpp"

namespace atnas::app {
namespace {

void report(const ImportRequest& request, const data::ImageSet& images, const data::ImportReport& found,
            double seconds) {
    for (const auto& skipped : found.skipped) world_log().warn("skipped {}", skipped);
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
