// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/commands/import_command.hpp"

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "atnas/app/commands/option_setters.hpp"
#include "atnas/core/log.hpp"
#include "atnas/core/provenance.hpp"
#include "atnas/core/timer.hpp"
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
        "{}: {} images of {} x {} x {} in {} classes and {} groups from {} ({} skipped, {} other files passed over, "
        "{:.1f} s)\n",
        request.output.string(), images.images(), shape.channels, shape.height, shape.width, images.classes(),
        images.group_names.size(), request.source.string(), found.skipped.size(), found.passed_over, seconds);
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
                                  {"passed_over", found.passed_over},
                                  {"lost_classes", found.lost_classes},
                                  {"of_one_colour", constant_images(found)},
                                  {"seconds", seconds}});
}

/// "28" or "28x32" (height x width).
Setter size_into(data::ImportOptions& options) {
    return [&options](const std::string& text) -> Complaint {
        const auto cross = text.find('x');
        const std::string width = cross == std::string::npos ? text : text.substr(cross + 1);
        for (const auto& [part, target] :
             {std::pair(text.substr(0, cross), &options.height), std::pair(width, &options.width)}) {
            if (auto complaint = read_number(part, *target)) return complaint;
            if (*target < 1 || *target > 4096) return "it must be 1 ... 4096 pixels";
        }
        return {};
    };
}

}  // namespace

OptionTable ImportCommand::table() {
    using namespace data;
    auto& options = request_.options;
    OptionTable table;
    table.summary = "images in an archive or folder tree -> one HDF5 data set";
    table.positional = {"source",
                        "zip, tar, tar.gz, tar.xz, ... or a folder; a class is the folder that holds its images",
                        Need::required, text_into(request_.source)};
    table.rows = {
        {"output,o", "PATH", "the data set to write; required", text_into(request_.output)},
        {"size", "N|HxW", "pixels of the stored images (28)", size_into(options)},
        {"channels", "1|3", "grey or RGB (1)", choice_into<int, int>(options.channels, {{"1", 1}, {"3", 3}})},
        {"resample", "area|lanczos", "how images are resized (area)",
         choice_into<Resample, Resample>(options.resample, {{"area", Resample::area}, {"lanczos", Resample::lanczos}})},
        {"invert", "", "swap dark and light, so that ink is 1", flag_into(options.invert, Invert::yes)},
        {"skip-bad", "", "leave out images that cannot be read instead of failing",
         flag_into(options.bad_images, BadImages::skip)},
        json_row(request_.json),
    };
    return table;
}

void ImportCommand::complete(std::vector<Assignment>, std::vector<Problem>& problems, const comm::Communicator&) {
    if (request_.output.empty())
        problems.push_back({"command line: --output is missing", "the data set needs a name", "add -o NAME.h5"});
}

CommandFiles ImportCommand::files() const {
    return {given({{"--output", request_.output}, {"--json", request_.json}}),
            {{"the source", request_.source, data::may_be_image}}};
}

ExitCode ImportCommand::run(const Invocation& invocation) {
    const auto held = hold_outputs(*this, invocation.communicator);
    on_root(invocation.communicator, [&] {
        const Stopwatch watch;
        data::ImportReport found;
        const auto images = data::import_images(request_.source, request_.options, found);
        io::write_data_set(request_.output, images, make_provenance(invocation.words));
        report(request_, images, found, watch.seconds());
    });
    return ExitCode::done;
}

}  // namespace atnas::app
