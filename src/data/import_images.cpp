// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/import_images.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <span>
#include <utility>

#include "atnas/core/error.hpp"
#include "atnas/data/bitmap.hpp"
#include "atnas/data/image_collector.hpp"
#include "atnas/data/image_sources.hpp"

namespace atnas::data {
namespace {

namespace fs = std::filesystem;

using Images = std::map<MemberPath, ImageCollector::Pixels>;

[[noreturn]] void fail(const fs::path& source, const std::string& why, const std::string& suggestion) {
    throw Error(ExitCode::bad_data, Problem{"cannot import " + source.string(), why, suggestion});
}

/// Number of leading folders that the classes of all images share. The last folder of a path always names its class.
std::size_t shared_folders(const Images& images) {
    const MemberPath& first = images.begin()->first;
    std::size_t shared = first.size() - 2;
    for (const auto& [parts, pixels] : images) {
        shared = std::min(shared, parts.size() - 2);
        const auto differ =
            std::mismatch(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(shared), first.begin());
        shared = static_cast<std::size_t>(differ.first - parts.begin());
    }
    return shared;
}

/// \pre images are not empty, and each lies in a folder
ImageSet assemble(const Images& images) {
    ImageSet set;
    const auto shared = static_cast<std::ptrdiff_t>(shared_folders(images));
    std::map<MemberPath, std::vector<const Images::value_type*>> classes;
    for (const auto& image : images)
        classes[MemberPath(image.first.begin() + shared, image.first.end() - 1)].push_back(&image);

    std::map<std::string, std::int32_t> groups;
    set.first_of_class.push_back(0);
    for (const auto& [folders, members] : classes) {
        std::string group = text_of(folders.begin(), folders.end() - 1);
        if (group.empty()) group = "all";
        const auto [place, is_new] = groups.emplace(group, static_cast<std::int32_t>(groups.size()));
        if (is_new) set.group_names.push_back(group);
        set.group_of_class.push_back(place->second);
        set.class_names.push_back(text_of(folders.begin(), folders.end()));
        for (const auto* image : members) {
            set.image_names.push_back(text_of(image->first.begin(), image->first.end()));
            set.pixels.insert(set.pixels.end(), image->second.begin(), image->second.end());
        }
        set.first_of_class.push_back(set.first_of_class.back() + static_cast<std::int64_t>(members.size()));
    }
    return set;
}

/// Every channel of \p image holds one value.
bool is_constant(std::span<const std::uint8_t> image, std::size_t channels) {
    const std::size_t plane = image.size() / channels;
    for (std::size_t c = 0; c < channels; ++c) {
        const auto samples = image.subspan(c * plane, plane);
        if (std::any_of(samples.begin(), samples.end(), [&](auto sample) { return sample != samples.front(); })) {
            return false;
        }
    }
    return true;
}

}  // namespace

void expect_valid(const ImportOptions& options) {
    check(options.height >= 1 && options.width >= 1 && options.height <= 4096 && options.width <= 4096,
          ExitCode::bad_deck, "import: image height or width", "both must be in 1 .. 4096 pixels");
    check(options.channels == 1 || options.channels == 3, ExitCode::bad_deck, "import: channels",
          "images are grey (1) or RGB (3)");
}

Bitmap fitted(Bitmap bitmap, const ImportOptions& options) {
    Bitmap image =
        resize(with_channels(std::move(bitmap), options.channels), options.height, options.width, options.resample);
    if (options.invert == Invert::yes) {
        for (auto& sample : image.samples) sample = static_cast<std::uint8_t>(255 - sample);
    }
    return image;
}

ImageSet fitted(ImageSet set, const ImportOptions& options) {
    const auto& [channels, height, width] = set.shape;
    const std::size_t size = set.image_size();
    std::vector<std::uint8_t> pixels;
    pixels.reserve(set.pixels.size() / size * static_cast<std::size_t>(options.channels) *
                   static_cast<std::size_t>(options.height) * static_cast<std::size_t>(options.width));
    for (auto image = set.pixels.begin(); image != set.pixels.end(); image += static_cast<std::ptrdiff_t>(size)) {
        const Bitmap stored{channels, height, width, {image, image + static_cast<std::ptrdiff_t>(size)}};
        const Bitmap bitmap = fitted(stored, options);
        pixels.insert(pixels.end(), bitmap.samples.begin(), bitmap.samples.end());
    }
    set.pixels = std::move(pixels);
    set.shape = {options.channels, options.height, options.width};
    return set;
}

std::vector<ConstantImages> constant_images(const ImageSet& set) {
    std::vector<ConstantImages> found;
    const std::size_t size = set.image_size();
    const auto channels = static_cast<std::size_t>(set.shape.channels);
    if (size == channels) return found;  // one pixel is always of one colour
    for (std::size_t c = 0; c < set.class_names.size(); ++c) {
        ConstantImages of_class{set.class_names[c], 0, set.first_of_class[c + 1] - set.first_of_class[c]};
        for (std::int64_t i = set.first_of_class[c]; i < set.first_of_class[c + 1]; ++i) {
            const auto image = std::span(set.pixels).subspan(static_cast<std::size_t>(i) * size, size);
            of_class.constant += is_constant(image, channels) ? 1 : 0;
        }
        if (of_class.constant > 0) found.push_back(of_class);
    }
    return found;
}

ImportReport report_of(const ImageCollector& collector, const fs::path& source, const ImportOptions& options) {
    if (options.bad_images == BadImages::fail) collector.expect_none_bad(source.string());
    ImportReport report;
    for (const auto& [path, bad] : collector.bad()) {
        report.skipped.push_back(text_of(path) + ": " + bad.problem.reason);
    }
    for (const auto& path : collector.repeated()) {
        report.skipped.push_back(text_of(path) + ": another image of that name comes later");
    }
    report.passed_over = collector.passed_over();
    for (const auto& folder : collector.lost_folders()) report.lost_classes.push_back(text_of(folder));
    if (collector.images().empty()) {
        fail(source, collector.bad().empty() ? "no PNG or JPEG image was found" : "every image in it is bad",
             "images lie in folders, one per class");
    }
    return report;
}

ImageSet import_images(const fs::path& source, const ImportOptions& options, ImportReport& report) {
    ImageCollector collector(options);
    collect_images(source, collector);
    report = report_of(collector, source, options);
    ImageSet set = assemble(collector.images());
    set.shape = {options.channels, options.height, options.width};
    set.source = source.string();
    set.validate();
    report.images = set.images();
    report.constant = constant_images(set);
    return set;
}

bool may_be_image(const fs::path& file) {
    std::error_code ignored;
    if (!fs::is_regular_file(file, ignored)) return false;
    if (ending_of({file.filename().string()}) == Ending::image) return true;
    std::ifstream stream(file, std::ios::binary);
    std::vector<std::uint8_t> start(16);
    stream.read(reinterpret_cast<char*>(start.data()), static_cast<std::streamsize>(start.size()));
    start.resize(static_cast<std::size_t>(stream.gcount()));
    return is_png_or_jpeg(start);
}

}  // namespace atnas::data
