// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/idx_file.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <fstream>
#include <limits>
#include <memory>
#include <new>
#include <span>
#include <string>

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "atnas/core/error.hpp"
#include "atnas/data/crc32.hpp"

namespace atnas::data {
namespace {

constexpr std::size_t read_block = 1U << 16;
constexpr int unsigned_bytes = 0x08;
constexpr int most_axes = 8;

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& why, const std::string& suggestion) {
    throw Error(ExitCode::bad_data, {"cannot read the IDX file " + path.string(), why, suggestion});
}

std::uint32_t big_endian(std::span<const std::uint8_t> bytes) {
    std::uint32_t value = 0;
    for (const std::uint8_t byte : bytes.first(4)) value = value << 8 | byte;
    return value;
}

/// The bytes of one file, unpacked where it is compressed.
class UnpackedFile {
  public:
    explicit UnpackedFile(const std::filesystem::path& path) : path_(path), archive_(archive_read_new()) {
        if (!std::filesystem::exists(path)) fail(path, "there is no such file", "check the path");
        if (!std::filesystem::is_regular_file(path)) fail(path, "it is no file", "check the path");
        archive* const handle = archive_.get();
        if (handle == nullptr) throw std::bad_alloc();
        archive_entry* entry = nullptr;  // owned by the handle
        expect_good(archive_read_support_format_raw(handle));
        expect_good(archive_read_support_format_empty(handle));
        expect_good(archive_read_support_filter_gzip(handle));
        expect_good(archive_read_support_filter_bzip2(handle));
        expect_good(archive_read_support_filter_xz(handle));
        expect_good(archive_read_support_filter_lzma(handle));
        expect_good(archive_read_support_filter_zstd(handle));
        expect_good(archive_read_open_filename(handle, path.c_str(), read_block));
        const int status = archive_read_next_header(handle, &entry);
        if (status == ARCHIVE_EOF) fail(path, "it is empty", "fetch it again");
        expect_good(status);
    }

    /// Up to \p most bytes; fewer at the end of the file only.
    std::vector<std::uint8_t> read(std::uint64_t most) {
        std::vector<std::uint8_t> bytes;
        while (bytes.size() < most) {
            const std::size_t had = bytes.size();
            bytes.resize(had + static_cast<std::size_t>(std::min<std::uint64_t>(most - had, read_block)));
            const la_ssize_t count = archive_read_data(archive_.get(), bytes.data() + had, bytes.size() - had);
            if (count < 0) expect_good(static_cast<int>(count));
            bytes.resize(had + static_cast<std::size_t>(std::max<la_ssize_t>(count, 0)));
            if (count <= 0) break;
        }
        sum_ = crc32(bytes, sum_);
        size_ += bytes.size();
        return bytes;
    }

    /// libarchive does not look at the checksum at the end of a gzip file. \pre all was read
    void expect_whole() const {
        std::array<std::uint8_t, 8> end{};  // checksum and size modulo 2^32, little endian
        std::ifstream file(path_, std::ios::binary);
        if (archive_filter_code(archive_.get(), 0) != ARCHIVE_FILTER_GZIP ||
            !file.seekg(-static_cast<std::streamoff>(end.size()), std::ios::end)
                 .read(reinterpret_cast<char*>(end.data()), end.size()))
            return;
        std::ranges::reverse(end);
        // Another size is that of the last of several parts, whose checksum it is.
        if (big_endian(end) == static_cast<std::uint32_t>(size_) && big_endian(std::span(end).subspan(4)) != sum_)
            fail(path_, "its gzip checksum is wrong", "it is damaged: fetch it again");
    }

  private:
    struct Close {
        void operator()(archive* handle) const noexcept { archive_read_free(handle); }
    };

    void expect_good(int status) const {
        if (status >= ARCHIVE_WARN) return;
        const char* const why = archive_error_string(archive_.get());
        fail(path_, why == nullptr ? "it is damaged" : why, "fetch it again");
    }

    std::filesystem::path path_;
    std::unique_ptr<archive, Close> archive_;
    std::uint32_t sum_{0};
    std::uint64_t size_{0};
};

/// Throws where the array has more values than can be counted.
std::uint64_t size_of(const std::vector<std::uint32_t>& shape, const std::filesystem::path& path) {
    std::uint64_t size = 1;
    for (const std::uint32_t length : shape) {
        if (length == 0) fail(path, "one of its axes has length 0", "check the file");
        if (size > std::numeric_limits<std::int64_t>::max() / length)
            fail(path, fmt::format("its header says {} values", fmt::join(shape, " x ")), "fetch it again");
        size *= length;
    }
    return size;
}

}  // namespace

IdxArray read_idx(const std::filesystem::path& path) {
    UnpackedFile file(path);
    const std::vector<std::uint8_t> magic = file.read(4);
    if (magic.size() < 4 || magic[0] != 0 || magic[1] != 0)
        fail(path, "it does not begin as such files do", "give images and labels as MNIST has them");
    if (magic[2] != unsigned_bytes)
        fail(path, fmt::format("its values are of type 0x{:02x}", magic[2]), "only 0x08, unsigned bytes, is read");
    const int axes = magic[3];
    if (axes < 1 || axes > most_axes)
        fail(path, fmt::format("its header says {} axes", axes), "images have 3 or 4, labels 1");
    const std::vector<std::uint8_t> lengths = file.read(4U * static_cast<unsigned>(axes));
    if (lengths.size() < 4U * static_cast<unsigned>(axes)) fail(path, "it ends in its header", "fetch it again");
    IdxArray array;
    for (std::size_t axis = 0; axis < lengths.size(); axis += 4)
        array.shape.push_back(big_endian(std::span(lengths).subspan(axis)));
    const std::uint64_t size = size_of(array.shape, path);
    array.values = file.read(size);
    if (array.values.size() < size)
        fail(path, fmt::format("its header says {} values, but it holds {}", size, array.values.size()),
             "it is cut off: fetch it again");
    if (!file.read(1).empty())
        fail(path, fmt::format("its header says {} values, but it holds more", size), "fetch it again");
    file.expect_whole();
    return array;
}

bool is_idx(const std::filesystem::path& path) {
    try {
        return UnpackedFile(path).read(3) == std::vector<std::uint8_t>{0, 0, unsigned_bytes};
    } catch (const Error&) {
        return false;
    }
}

}  // namespace atnas::data
