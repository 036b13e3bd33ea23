// SPDX-License-Identifier: Apache-2.0
#include "fixtures.hpp"

#include <array>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <type_traits>

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>
#include <locale.h>
#include <unistd.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#pragma GCC diagnostic ignored "-Wshadow"
#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#include <stb/stb_image_write.h>
#pragma GCC diagnostic pop

#include "atnas/data/episode_sampler.hpp"

namespace atnas::data::testing {
namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder() {
    static std::atomic<int> count{0};
    path_ = fs::path(::testing::TempDir()) /
            ("atnas_data_" + std::to_string(::getpid()) + "_" + std::to_string(count.fetch_add(1)));
    fs::remove_all(path_);
    fs::create_directories(path_);
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

namespace {

void append_big_endian(Bytes& bytes, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(value >> shift));
}

std::uint32_t crc32_of(std::span<const std::uint8_t> bytes) {
    std::uint32_t value = 0xFFFFFFFFU;
    for (const auto byte : bytes) {
        value ^= byte;
        for (int bit = 0; bit < 8; ++bit) value = (value & 1U) != 0 ? 0xEDB88320U ^ value >> 1 : value >> 1;
    }
    return ~value;
}

void append_chunk(Bytes& png, const std::string& type, const Bytes& data) {
    append_big_endian(png, static_cast<std::uint32_t>(data.size()));
    Bytes body(type.begin(), type.end());
    body.insert(body.end(), data.begin(), data.end());
    png.insert(png.end(), body.begin(), body.end());
    append_big_endian(png, crc32_of(body));
}

/// One stored block: up to 65535 bytes.
Bytes stored_zlib(const Bytes& raw) {
    if (raw.size() > 65535) throw std::logic_error("too large for one stored block");
    const auto size = static_cast<std::uint16_t>(raw.size());
    const auto complement = static_cast<std::uint16_t>(~size);
    Bytes zlib{0x78,
               0x01,
               0x01,
               static_cast<std::uint8_t>(size & 0xFFU),
               static_cast<std::uint8_t>(size >> 8),
               static_cast<std::uint8_t>(complement & 0xFFU),
               static_cast<std::uint8_t>(complement >> 8)};
    zlib.insert(zlib.end(), raw.begin(), raw.end());
    std::uint32_t low = 1;
    std::uint32_t high = 0;
    for (const auto byte : raw) {
        low = (low + byte) % 65521;
        high = (high + low) % 65521;
    }
    append_big_endian(zlib, high << 16 | low);
    return zlib;
}

}  // namespace

Bytes encode_png(int width, int height, int bits, PngColor color, const std::vector<Bytes>& rows) {
    Bytes png{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    Bytes header;
    append_big_endian(header, static_cast<std::uint32_t>(width));
    append_big_endian(header, static_cast<std::uint32_t>(height));
    header.insert(header.end(), {static_cast<std::uint8_t>(bits), static_cast<std::uint8_t>(color), 0, 0, 0});
    append_chunk(png, "IHDR", header);
    Bytes raw;
    for (const auto& row : rows) {
        raw.push_back(0);
        raw.insert(raw.end(), row.begin(), row.end());
    }
    append_chunk(png, "IDAT", stored_zlib(raw));
    append_chunk(png, "IEND", {});
    return png;
}

Bytes flat_png(int width, int height, std::uint8_t value) {
    return encode_png(
        width, height, 8, PngColor::grey,
        std::vector<Bytes>(static_cast<std::size_t>(height), Bytes(static_cast<std::size_t>(width), value)));
}

Bytes encode_jpeg(int width, int height, std::span<const std::uint8_t> rgb) {
    Bytes jpeg;
    const auto append = [](void* context, void* data, int size) {
        const auto* bytes = static_cast<const std::uint8_t*>(data);
        static_cast<Bytes*>(context)->insert(static_cast<Bytes*>(context)->end(), bytes, bytes + size);
    };
    if (stbi_write_jpg_to_func(append, &jpeg, width, height, 3, rgb.data(), 100) == 0) throw std::runtime_error("jpeg");
    return jpeg;
}

void write_file(const fs::path& path, std::span<const std::uint8_t> bytes) {
    fs::create_directories(path.parent_path());
    std::ofstream file(path, std::ios::binary);
    for (const auto byte : bytes) file.put(static_cast<char>(byte));
    if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

Bytes read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

namespace {

void require(bool holds) {
    if (!holds) throw std::runtime_error("libarchive cannot write the test archive");
}

int set_format(archive* writer, Packing packing) {
    switch (packing) {
        case Packing::zip:
            return archive_write_set_format_zip(writer);
        case Packing::seven_zip:
            return archive_write_set_format_7zip(writer);
        case Packing::pax:
            return archive_write_set_format_pax(writer);
        case Packing::gnu_tar:
            return archive_write_set_format_gnutar(writer);
        default:
            return archive_write_set_format_ustar(writer);
    }
}

void describe(archive_entry* entry, const Member& member) {
    const bool folder = member.name.back() == '/';
    archive_entry_set_pathname(entry, member.name.c_str());
    archive_entry_set_filetype(entry, folder ? AE_IFDIR : AE_IFREG);
    archive_entry_set_perm(entry, folder ? 0755 : 0644);
    archive_entry_set_size(entry, static_cast<la_int64_t>(member.bytes.size()));
    if (member.kind == Member::Kind::symbolic_link) {
        archive_entry_set_filetype(entry, AE_IFLNK);
        archive_entry_set_symlink(entry, member.target.c_str());
    } else if (member.kind == Member::Kind::hard_link) {
        archive_entry_set_hardlink(entry, member.target.c_str());
    } else if (member.kind == Member::Kind::pipe) {
        archive_entry_set_filetype(entry, AE_IFIFO);
    }
}

}  // namespace

void write_members(const fs::path& path, Packing packing, const std::vector<Member>& members, Encrypted encrypted) {
    const auto free_locale = [](locale_t made) { freelocale(made); };
    const std::unique_ptr<std::remove_pointer_t<locale_t>, decltype(free_locale)> utf8(
        newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr), free_locale);
    const locale_t before = uselocale(utf8.get());
    const std::unique_ptr<archive, int (*)(archive*)> writer(archive_write_new(), archive_write_free);
    require(set_format(writer.get(), packing) == ARCHIVE_OK);
    if (packing == Packing::tar_gz) require(archive_write_add_filter_gzip(writer.get()) == ARCHIVE_OK);
    if (packing == Packing::tar_xz) require(archive_write_add_filter_xz(writer.get()) == ARCHIVE_OK);
    if (encrypted == Encrypted::yes) {
        require(archive_write_set_options(writer.get(), "zip:encryption=zipcrypt") == ARCHIVE_OK);
        require(archive_write_set_passphrase(writer.get(), "secret") == ARCHIVE_OK);
    }
    require(archive_write_open_filename(writer.get(), path.c_str()) == ARCHIVE_OK);
    for (const Member& member : members) {
        const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(), archive_entry_free);
        describe(entry.get(), member);
        require(archive_write_header(writer.get(), entry.get()) == ARCHIVE_OK);
        if (!member.bytes.empty()) {
            require(archive_write_data(writer.get(), member.bytes.data(), member.bytes.size()) ==
                    static_cast<la_ssize_t>(member.bytes.size()));
        }
    }
    require(archive_write_close(writer.get()) == ARCHIVE_OK);
    uselocale(before);
}

void write_archive(const fs::path& path, Packing packing, const Files& files) {
    std::vector<Member> members;
    for (const auto& [name, bytes] : files) members.push_back({.name = name, .bytes = bytes});
    write_members(path, packing, members);
}

Bytes encode_idx(const std::vector<std::uint32_t>& shape, const Bytes& values) {
    Bytes bytes{0, 0, 8, static_cast<std::uint8_t>(shape.size())};
    for (const std::uint32_t length : shape) append_big_endian(bytes, length);
    bytes.insert(bytes.end(), values.begin(), values.end());
    return bytes;
}

void write_gzip(const fs::path& path, const Bytes& bytes) {
    const std::unique_ptr<archive, int (*)(archive*)> writer(archive_write_new(), archive_write_free);
    const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(), archive_entry_free);
    require(archive_write_set_format_raw(writer.get()) == ARCHIVE_OK);
    require(archive_write_add_filter_gzip(writer.get()) == ARCHIVE_OK);
    require(archive_write_set_bytes_in_last_block(writer.get(), 1) == ARCHIVE_OK);  // no padding
    require(archive_write_open_filename(writer.get(), path.c_str()) == ARCHIVE_OK);
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    require(archive_write_header(writer.get(), entry.get()) == ARCHIVE_OK);
    const auto size = static_cast<la_ssize_t>(bytes.size());
    require(archive_write_data(writer.get(), bytes.data(), bytes.size()) == size);
    require(archive_write_close(writer.get()) == ARCHIVE_OK);
}

void cut_file(const fs::path& path, std::uintmax_t size) {
    if (fs::file_size(path) <= size) throw std::logic_error("nothing to cut off");
    fs::resize_file(path, size);
}

ImageSet make_set(int classes, int images_per_class, int per_group, int size) {
    ImageSet set;
    set.shape = {1, size, size};
    set.source = "test";
    set.first_of_class.push_back(0);
    for (int c = 0; c < classes; ++c) {
        const int group = c / per_group;
        if (c % per_group == 0) set.group_names.push_back("g" + std::to_string(group));
        set.class_names.push_back(set.group_names.back() + "/c" + std::to_string(c));
        set.group_of_class.push_back(group);
        for (int i = 0; i < images_per_class; ++i) {
            const std::size_t first = set.pixels.size();
            for (std::size_t p = 0; p < set.image_size(); ++p) set.pixels.push_back(static_cast<std::uint8_t>(3 * p));
            set.pixels[first] = static_cast<std::uint8_t>(c);
            set.pixels[first + 1] = static_cast<std::uint8_t>(i);
        }
        set.first_of_class.push_back(set.first_of_class.back() + images_per_class);
    }
    return set;
}

Caught error_of(const std::function<void()>& act) {
    try {
        act();
    } catch (const Error& error) {
        Caught caught{error.code(), {}, error.problems().size()};
        for (const auto& problem : error.problems()) caught.text += problem.text() + "\n";
        return caught;
    }
    ADD_FAILURE() << "no Error was thrown";
    return {};
}

fs::path omniglot_archive() {
    if (const char* given = std::getenv("ATNAS_OMNIGLOT")) return given;
    const fs::path beside = fs::path(ATNAS_TESTS) / "../../shared/data/omniglot/images_background.zip";
    return fs::exists(beside) ? beside : fs::path{};
}

fs::path omniglot_runs() {
    const fs::path archive = omniglot_archive();
    const fs::path beside = archive.parent_path() / "one_shot_runs_sample.zip";
    return !archive.empty() && fs::exists(beside) ? beside : fs::path{};
}

double nearest_neighbour_accuracy(const ImageSet& images, int tasks) {
    std::vector<int> classes(static_cast<std::size_t>(images.classes()));
    std::iota(classes.begin(), classes.end(), 0);
    const EpisodeSampler sampler(images, classes, {});
    const std::size_t size = images.image_size();
    Task task;
    int right = 0;
    int all = 0;
    for (int t = 0; t < tasks; ++t) {
        sampler.sample({1, Purpose::test_episode, 0, 0, static_cast<std::uint32_t>(t)}, task);
        for (std::size_t q = 0; q < task.query.labels.size(); ++q, ++all) {
            double best = 1e30;
            int label = -1;
            for (std::size_t s = 0; s < task.support.labels.size(); ++s) {
                double distance = 0;
                for (std::size_t p = 0; p < size; ++p) {
                    const double difference = task.query.images[q * size + p] - task.support.images[s * size + p];
                    distance += difference * difference;
                }
                if (distance < best) best = distance, label = task.support.labels[s];
            }
            if (label == task.query.labels[q]) ++right;
        }
    }
    return static_cast<double>(right) / all;
}

std::uint64_t hash_of(std::span<const std::uint8_t> bytes, std::uint64_t start) {
    for (const auto byte : bytes) start = (start ^ byte) * 1099511628211ULL;
    return start;
}

}  // namespace atnas::data::testing
