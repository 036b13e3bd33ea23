// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/commands/import_command.hpp"

#include <algorithm>
#include <iostream>
#include <new>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "atnas/app/commands/option_setters.hpp"
#include "atnas/app/report/import_warnings.hpp"
#include "atnas/core/provenance.hpp"
#include "atnas/core/timer.hpp"
#include "atnas/data/csv.hpp"
#include "atnas/data/import_idx.hpp"
#include "atnas/data/import_list.hpp"
#include "atnas/io/data_set_file.hpp"
#include "atnas/io/metrics.hpp"

namespace atnas::app {
namespace {

nlohmann::json constant_images(const data::ImportReport& found) {
    auto classes = nlohmann::json::object();
    for (const auto& of_class : found.constant) classes[of_class.class_name] = of_class.constant;
    return classes;
}

void report(const ImportRequest& request, const data::ImageSet& images, const data::ImportReport& found,
            double seconds) {
    warn_of_skipped(found);
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
        images.group_names.size(), images.source, found.skipped.size(), found.passed_over, seconds);
    if (request.json.empty()) return;
    io::write_json(request.json, {{"source", images.source},
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

/// "shirt,shoe"
Setter names_into(std::vector<std::string>& names) {
    return [&names](const std::string& text) -> Complaint {
        try {
            const auto records = data::parse_csv(text, "class names");
            if (records.size() != 1) return "names are separated by commas, in one line";
            names = records.front().fields;
        } catch (const Error& error) {
            return error.problems().front().reason;
        }
        if (std::ranges::any_of(names, &std::string::empty)) return "a name is empty";
        return {};
    };
}

/// What was asked for, read.
data::ImageSet import(const ImportRequest& request, data::ImportReport& found) try {
    if (!request.idx_images.empty())
        return data::import_idx({request.idx_images, request.source}, request.options, request.class_names, found);
    if (!request.list.empty()) return data::import_list(request.list, request.options, found);
    return data::import_images(request.source, request.options, found);
} catch (const std::bad_alloc&) {
    throw Error(ExitCode::bad_data, {"cannot import so many images of this size", "they do not fit into memory",
                                     "give a smaller --size, or fewer images"});
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
    table.summary = "images -> one HDF5 data set";
    table.positional = {"source",
                        "a folder, zip, tar, tar.xz, ..., a class in each folder; with --idx the file of labels",
                        Need::optional, text_into(request_.source)};
    table.add(OptionGroup::input,
              {
                  {"idx", "PATH",
                   "images in an IDX file, as MNIST has them, plain or gzip; source is the file of their labels",
                   text_into(request_.idx_images)},
                  {"class-names", "A,B,...", "with --idx: names of the labels 0, 1, ... (the numbers)",
                   names_into(request_.class_names)},
                  {"list", "PATH",
                   "a CSV table of image files and their classes instead of a source: FILE,LABEL in each line",
                   text_into(request_.list)},
                  {"skip-bad", "", "leave out images that cannot be read instead of failing",
                   flag_into(options.bad_images, BadImages::skip)},
              });
    table.add(
        OptionGroup::work,
        {
            {"size", "N|HxW", "pixels of the stored images (28; with --idx those of the file)", size_into(options)},
            {"channels", "1|3", "grey or RGB (1; with --idx as in the file)",
             choice_into<int, int>(options.channels, {{"1", 1}, {"3", 3}})},
            {"resample", "area|lanczos", "how images are resized (area)",
             choice_into<Resample, Resample>(options.resample,
                                             {{"area", Resample::area}, {"lanczos", Resample::lanczos}})},
            {"invert", "", "swap dark and light, so that ink is 1", flag_into(options.invert, Invert::yes)},
        });
    table.add(OptionGroup::output,
              {
                  {"output,o", "PATH", "the data set to write; required", text_into(request_.output)},
                  json_row(request_.json),
              });
    table.example = "atnas import my_images/ -o mine.h5 --size=28";
    return table;
}

void ImportCommand::complete(std::vector<Assignment>, std::vector<Problem>& problems, const comm::Communicator&) {
    const bool idx = !request_.idx_images.empty();
    const auto complain = [&](const std::string& what, const std::string& reason, const std::string& suggestion) {
        problems.push_back({"command line: " + what, reason, suggestion});
    };
    if (idx && !request_.list.empty())
        complain("--idx beside --list", "both say where the images are", "leave one of them out");
    else if (!request_.list.empty() && !request_.source.empty())
        complain("\"" + request_.source.string() + "\" beside --list", "both say where the images are",
                 "leave one of them out");
    else if (request_.source.empty() && request_.list.empty())
        complain("source is missing", idx ? "the images need labels" : "there is nothing to import",
                 idx ? "write --idx IMAGES LABELS" : "name an archive or a folder, or give --idx or --list");
    if (!idx && !request_.class_names.empty())
        complain("--class-names without --idx", "elsewhere folders or the list name the classes", "leave it out");
    if (data::ImportOptions usual; !idx) {
        if (request_.options.height == 0) request_.options.height = usual.height;
        if (request_.options.width == 0) request_.options.width = usual.width;
        if (request_.options.channels == 0) request_.options.channels = usual.channels;
    }
    if (request_.output.empty())
        problems.push_back({"command line: --output is missing", "the data set needs a name", "add -o NAME.h5"});
}

CommandFiles ImportCommand::files() const {
    CommandFiles files{given({{"--output", request_.output}, {"--json", request_.json}}), {}};
    if (!request_.source.empty()) files.inputs.push_back({"the source", request_.source, data::may_be_image});
    if (!request_.idx_images.empty()) files.inputs.push_back({"the images", request_.idx_images});
    if (!request_.list.empty()) {
        files.inputs.push_back({"the list", request_.list});
        files.inputs.push_back({"the list's folder", io::folder_of(request_.list), data::may_be_image});
    }
    return files;
}

ExitCode ImportCommand::run(const Invocation& invocation) {
    const auto held = hold_outputs(*this, invocation.communicator);
    on_root(invocation.communicator, [&] {
        const Stopwatch watch;
        data::ImportReport found;
        const auto images = import(request_, found);
        io::write_data_set(request_.output, images, make_provenance(invocation.words, invocation.communicator.size()));
        report(request_, images, found, watch.seconds());
    });
    return ExitCode::done;
}

}  // namespace atnas::app
