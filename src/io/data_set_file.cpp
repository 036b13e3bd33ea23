// SPDX-License-Identifier: Apache-2.0
#include "atnas/io/data_set_file.hpp"

#include <algorithm>
#include <cstdint>
#include <new>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "atnas/core/error.hpp"
#include "atnas/io/file_type.hpp"
#include "atnas/io/hdf5.hpp"
#include "atnas/io/staged_file.hpp"

#include "hdf5_detail.hpp"
#include "share.hpp"

namespace atnas::io {

namespace {

using Shape = std::vector<std::uint64_t>;

constexpr const char* digest_key = "digest";

Shape shape_of_images(const data::ImageSet& images) {
    const auto length = [](int n) { return static_cast<std::uint64_t>(n); };
    return {static_cast<std::uint64_t>(images.images()), length(images.shape.channels), length(images.shape.height),
            length(images.shape.width)};
}

template <class T>
void add_list(Contents& contents, const std::string& object, const std::string& type, const std::vector<T>& values) {
    const std::uint64_t count = values.size();
    contents.add(object, type, std::span(&count, 1), Digest::of_pieces(std::as_bytes(std::span(values))));
}

void add_names(Contents& contents, const std::string& object, const std::vector<std::string>& names) {
    const std::string block = padded(names);
    const std::uint64_t count = names.size();
    const std::size_t length = names.empty() ? 1 : block.size() / names.size();
    contents.add(object, "|S" + std::to_string(length), std::span(&count, 1),
                 Digest::of_pieces(std::as_bytes(std::span(block))));
}

std::uint64_t size_bound(const data::ImageSet& images) {
    std::size_t longest_class = 1;
    std::size_t longest_image = 1;
    for (const std::string& name : images.class_names) longest_class = std::max(longest_class, name.size());
    for (const std::string& name : images.image_names) longest_image = std::max(longest_image, name.size());
    // Compression may not help; names are stored as long as the longest; chunks round up.
    return images.pixels.size() + images.pixels.size() / 100 + images.class_names.size() * (longest_class + 16) +
           images.image_names.size() * longest_image + (1 << 22);
}

data::ImageSet read(const std::filesystem::path& path) {
    const comm::Communicator alone;
    const File file = File::open(path, alone, Access::serial);
    expect_type(file, data_set_type);
    const Shape shape = file.info("/images").shape;
    if (shape.size() != 4 || shape[1] > 64 || shape[2] > 65536 || shape[3] > 65536) {
        throw Error(ExitCode::bad_data, Problem{path.string() + ": /images is damaged",
                                                "it is missing or not [images, channels, height, width]", ""});
    }
    data::ImageSet images;
    images.shape = {static_cast<int>(shape[1]), static_cast<int>(shape[2]), static_cast<int>(shape[3])};
    images.pixels = file.read<std::uint8_t>("/images");
    images.first_of_class = file.read<std::int64_t>("/classes/first");
    images.class_names = file.read_strings("/classes/names");
    images.group_of_class = file.read<std::int32_t>("/classes/group");
    images.group_names = file.read_strings("/groups/names");
    images.image_names = file.read_strings("/image_names");
    images.source = file.text_attribute("/", "source");
    try {
        images.validate();
    } catch (const Error& error) {
        std::vector<Problem> problems = error.problems();
        for (Problem& problem : problems) problem.problem = path.string() + ": " + problem.problem;
        throw Error(ExitCode::bad_data, std::move(problems));
    }
    if (!file.has_attribute("/", digest_key)) return images;
    if (file.text_attribute("/", digest_key) != content_digest(images).text()) {
        throw Error(ExitCode::bad_data,
                    Problem{path.string() + " is damaged", "its images, classes or groups are not what was written",
                            "use another copy of it, or import it again"});
    }
    return images;
}

}  // namespace

Digest content_digest(const data::ImageSet& images) {
    Contents contents;
    const Shape shape = shape_of_images(images);
    contents.add(
        "/images", "|u1", shape,
        Digest::of_pieces(std::as_bytes(std::span(images.pixels)), 0, std::max<std::size_t>(images.image_size(), 1)));
    add_list(contents, "/classes/first", "<i8", images.first_of_class);
    add_list(contents, "/classes/group", "<i4", images.group_of_class);
    add_names(contents, "/classes/names", images.class_names);
    add_names(contents, "/groups/names", images.group_names);
    return digest_of(contents.lines());
}

void write_data_set(const std::filesystem::path& path, const data::ImageSet& images, const Provenance& provenance) {
    images.validate();
    const comm::Communicator alone;
    StagedFile staged(path);
    File file = File::create(staged.path(), alone, Access::serial, size_bound(images));
    write_type(file, data_set_type);
    file.attribute("/", "source", images.source);
    file.attribute("/", digest_key, content_digest(images).text());
    write_provenance(file, provenance);
    file.write<std::uint8_t>("/images", images.pixels, shape_of_images(images), Storage::deflated);
    file.write_strings("/image_names", images.image_names);
    file.write_strings("/classes/names", images.class_names);
    file.write<std::int32_t>("/classes/group", images.group_of_class, Shape{images.group_of_class.size()});
    file.write<std::int64_t>("/classes/first", images.first_of_class, Shape{images.first_of_class.size()});
    file.write_strings("/groups/names", images.group_names);
    write_completion(file);
    file.close();
    staged.publish();
}

data::ImageSet read_data_set(const std::filesystem::path& path, const comm::Communicator& communicator) {
    data::ImageSet images;
    comm::on_root(communicator, [&] {
        try {
            images = read(path);
        } catch (const std::bad_alloc&) {
            throw Error(ExitCode::bad_data, Problem{"cannot read " + path.string(), "it does not fit into memory", ""});
        }
    });
    if (communicator.size() == 1) return images;
    share(images.shape, communicator);
    share(images.pixels, communicator);
    share(images.first_of_class, communicator);
    share(images.class_names, communicator);
    share(images.group_of_class, communicator);
    share(images.group_names, communicator);
    share(images.image_names, communicator);
    share(images.source, communicator);
    return images;
}

}  // namespace atnas::io
