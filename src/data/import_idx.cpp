// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/import_idx.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "atnas/core/error.hpp"
#include "atnas/data/bitmap.hpp"
#include "atnas/data/idx_file.hpp"

namespace atnas::data {
namespace {

constexpr std::size_t most_labels = 256;
constexpr std::uint32_t most_pixels = 4096;  // of a side

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& why, const std::string& suggestion) {
    throw Error(ExitCode::bad_data, {"cannot import " + path.string(), why, suggestion});
}

enum class ChannelAxis { none, second, last };

/// Where the images' samples lie.
struct Layout {
    space::ImageShape shape;
    ChannelAxis channels;
};

bool is_channels(std::uint32_t length) {
    return length == 1 || length == 3;
}

Layout layout_of(const IdxArray& images, const std::filesystem::path& path) {
    const auto& axes = images.shape;
    const auto at = [&](std::size_t axis) { return static_cast<int>(std::min(axes[axis], most_pixels + 1)); };
    Layout layout{};
    if (axes.size() == 3)
        layout = {{1, at(1), at(2)}, ChannelAxis::none};
    else if (axes.size() == 4 && is_channels(axes[1]))
        layout = {{at(1), at(2), at(3)}, ChannelAxis::second};
    else if (axes.size() == 4 && is_channels(axes[3]))
        layout = {{at(3), at(1), at(2)}, ChannelAxis::last};
    else
        fail(path, fmt::format("its values have the shape {}", fmt::join(axes, " x ")),
             "images are number x height x width, or with 1 or 3 channels after the first or the last of them");
    if (std::max(layout.shape.height, layout.shape.width) > static_cast<int>(most_pixels))
        fail(path, fmt::format("its values have the shape {}", fmt::join(axes, " x ")),
             "a side of an image has 4096 pixels at most");
    return layout;
}

Bitmap bitmap_of(std::span<const std::uint8_t> samples, const Layout& layout) {
    const auto [channels, height, width] = layout.shape;
    Bitmap bitmap{channels, height, width, {samples.begin(), samples.end()}};
    if (layout.channels != ChannelAxis::last) return bitmap;
    const auto planes = static_cast<std::size_t>(channels);
    const std::size_t plane = samples.size() / planes;
    for (std::size_t i = 0; i < samples.size(); ++i) bitmap.samples[i % planes * plane + i / planes] = samples[i];
    return bitmap;
}

/// Images in the order of their labels.
std::vector<std::size_t> sorted_by_label(std::span<const std::uint8_t> labels) {
    std::array<std::size_t, most_labels + 1> next{};
    for (const std::uint8_t label : labels) ++next[label + 1U];
    for (std::size_t label = 0; label < most_labels; ++label) next[label + 1] += next[label];
    std::vector<std::size_t> order(labels.size());
    for (std::size_t i = 0; i < labels.size(); ++i) order[next[labels[i]]++] = i;
    return order;
}

/// The classes of the set. \p labels are sorted.
void add_classes(std::span<const std::uint8_t> labels, const std::vector<std::string>& names,
                 const std::filesystem::path& path, ImageSet& set) {
    for (std::size_t label = 0; label < std::max(names.size(), most_labels); ++label) {
        const auto [first, end] =
            std::ranges::equal_range(labels, label, {}, [](std::uint8_t l) -> std::size_t { return l; });
        const bool named = label < names.size();
        if (first == end && named)
            fail(path, fmt::format("no image has the label {} of class \"{}\"", label, names[label]),
                 "give one name for each label, in the order of labels");
        if (first == end) continue;
        if (!named && !names.empty())
            fail(path, fmt::format("it has the label {}, but {} class names were given", label, names.size()),
                 "give one name for each label, in the order of labels");
        set.class_names.push_back(named ? names[label] : std::to_string(label));
        set.group_of_class.push_back(0);
        set.first_of_class.push_back(first - labels.begin());
    }
    set.first_of_class.push_back(static_cast<std::int64_t>(labels.size()));
    set.group_names.emplace_back("all");
}

/// What 0 stands for.
ImportOptions completed(ImportOptions options, const space::ImageShape& stored) {
    if (options.height == 0) options.height = stored.height;
    if (options.width == 0) options.width = stored.width;
    if (options.channels == 0) options.channels = stored.channels;
    expect_valid(options);
    return options;
}

}  // namespace

NamedImages read_idx_images(const std::filesystem::path& path, const ImportOptions& given) {
    const IdxArray images = read_idx(path);
    const Layout layout = layout_of(images, path);
    const ImportOptions options = completed(given, layout.shape);
    NamedImages named;
    named.shape = {options.channels, options.height, options.width};
    const std::size_t count = images.shape[0];
    const std::size_t size = images.values.size() / count;
    named.pixels.reserve(count * space::shape_of(named.shape).count());  // what is too much fails at once
    for (std::size_t image = 0; image < count; ++image) {
        const Bitmap bitmap = fitted(bitmap_of(std::span(images.values).subspan(image * size, size), layout), options);
        named.pixels.insert(named.pixels.end(), bitmap.samples.begin(), bitmap.samples.end());
        named.names.push_back(std::to_string(image));
    }
    named.labels.resize(count);
    return named;
}

ImageSet import_idx(const IdxSource& source, const ImportOptions& options, const std::vector<std::string>& class_names,
                    ImportReport& report) {
    report = {};
    const IdxArray labels = read_idx(source.labels);
    if (labels.shape.size() != 1)
        fail(source.labels, fmt::format("its values have the shape {}", fmt::join(labels.shape, " x ")),
             "labels have one axis; give the images first, then the labels");
    const NamedImages images = read_idx_images(source.images, options);
    if (images.count() != labels.values.size())
        fail(source.images,
             fmt::format("it has {} images, but {} has {} labels", images.count(), source.labels.string(),
                         labels.values.size()),
             "give the two files that belong together");

    ImageSet set;
    set.shape = images.shape;
    set.source = source.images.string();
    std::vector<std::uint8_t> sorted(labels.values);
    std::ranges::sort(sorted);
    add_classes(sorted, class_names, source.labels, set);
    const std::size_t size = set.image_size();
    set.pixels.reserve(images.pixels.size());
    for (const std::size_t image : sorted_by_label(labels.values)) {
        const auto samples = std::span(images.pixels).subspan(image * size, size);
        set.pixels.insert(set.pixels.end(), samples.begin(), samples.end());
        set.image_names.push_back(images.names[image]);
    }
    set.validate();
    report.images = set.images();
    report.constant = constant_images(set);
    return set;
}

}  // namespace atnas::data
