// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/named_images.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "atnas/core/error.hpp"
#include "atnas/data/image_collector.hpp"
#include "atnas/data/image_sources.hpp"

namespace atnas::data {
namespace {

namespace fs = std::filesystem;

/// Number of leading folders that all images share, but not those that name their classes.
std::size_t shared_folders(const std::map<MemberPath, ImageCollector::Pixels>& images) {
    const MemberPath& first = images.begin()->first;
    std::size_t shared = first.size() - 1;
    for (const auto& [path, pixels] : images) {
        const auto limit = static_cast<std::ptrdiff_t>(std::min(shared, path.size() < 2 ? 0 : path.size() - 2));
        const auto differ = std::mismatch(path.begin(), path.begin() + limit, first.begin());
        shared = static_cast<std::size_t>(differ.first - path.begin());
    }
    return shared;
}

void collect(const fs::path& source, ImageCollector& collector) {
    if (!may_be_image(source)) return collect_images(source, collector);
    std::ifstream stream(source, std::ios::binary);
    const std::vector<std::uint8_t> file{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    collector.add({source.filename().string()}, file);
}

}  // namespace

NamedImages read_named_images(const fs::path& source, const ImportOptions& options, ImportReport& report) {
    ImageCollector collector(options, Folders::any);
    collect(source, collector);
    report = report_of(collector, source, options);
    NamedImages named;
    named.shape = {options.channels, options.height, options.width};
    const auto shared = static_cast<std::ptrdiff_t>(shared_folders(collector.images()));
    for (const auto& [path, pixels] : collector.images()) {
        named.names.push_back(text_of(path));
        named.labels.push_back(path.size() < 2 ? "" : text_of(path.begin() + shared, path.end() - 1));
        named.pixels.insert(named.pixels.end(), pixels.begin(), pixels.end());
    }
    report.images = static_cast<std::int64_t>(named.count());
    return named;
}

NamedImages named_images(ImageSet images, const ImportOptions& options) {
    expect_valid(options);
    images = fitted(std::move(images), options);
    NamedImages named;
    named.shape = images.shape;
    named.pixels = std::move(images.pixels);
    for (std::size_t label = 0; label < images.class_names.size(); ++label) {
        for (auto i = static_cast<std::size_t>(images.first_of_class[label]);
             i < static_cast<std::size_t>(images.first_of_class[label + 1]); ++i) {
            named.names.push_back(images.image_names.empty() ? std::to_string(i) : images.image_names[i]);
            named.labels.push_back(images.class_names[label]);
        }
    }
    return named;
}

}  // namespace atnas::data
