// SPDX-License-Identifier: Apache-2.0
// Images under names of all kinds, with links among them, in a zip, a tar, a 7zip or a folder: imported, or refused.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include <archive.h>
#include <archive_entry.h>
#include <fuzzer/FuzzedDataProvider.h>

#include "atnas/data/import_images.hpp"
#include "fuzz/expect_error.hpp"
#include "fuzz/scratch_file.hpp"
#include "fuzz/scratch_folder.hpp"

namespace {

namespace fs = std::filesystem;
using namespace atnas;

/// 2 x 2 pixels, grey.
constexpr std::array<std::uint8_t, 71> png{
    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0x00, 0x00, 0x0D, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00,
    0x00, 0x02, 0x00, 0x00, 0x00, 0x02, 0x08, 0x00, 0x00, 0x00, 0x00, 0x57, 0xDD, 0x52, 0xF8, 0x00, 0x00, 0x00,
    0x0E, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9C, 0x63, 0x10, 0x68, 0x60, 0xF8, 0xAF, 0x00, 0x00, 0x04, 0x74, 0x01,
    0xB0, 0x24, 0x2D, 0x52, 0xF9, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82};

enum class Kind { file, folder, symbolic_link, hard_link };

struct Entry {
    std::string name;
    Kind kind;
    std::string target;  ///< of a link
    std::string bytes;   ///< of a file
};

/// Names are put together from parts, so that they meet.
std::string any_name(FuzzedDataProvider& bytes) {
    constexpr std::array parts{"a", "b", "c.png", "d.jpg", "e.txt", "/", "..", ".", "\xC3\x84", "\xC4", " ", ".png"};
    std::string name;
    for (int left = bytes.ConsumeIntegralInRange(1, 6); left > 0; --left) {
        const auto part = bytes.ConsumeIntegralInRange<std::size_t>(0, parts.size());
        name += part < parts.size() ? std::string(parts[part]) : bytes.ConsumeRandomLengthString(6);
    }
    return name;
}

std::vector<Entry> any_entries(FuzzedDataProvider& bytes) {
    std::vector<Entry> entries;
    while (bytes.remaining_bytes() > 0 && entries.size() < 20) {
        Entry entry{
            any_name(bytes),
            bytes.PickValueInArray({Kind::file, Kind::file, Kind::folder, Kind::symbolic_link, Kind::hard_link}),
            {},
            {}};
        if (entry.kind == Kind::file) {
            entry.bytes.assign(png.begin(), png.end());
            if (bytes.ConsumeIntegralInRange(0, 3) == 0) entry.bytes = bytes.ConsumeRandomLengthString(80);
        } else if (entry.kind != Kind::folder) {
            entry.target = any_name(bytes);
        }
        entries.push_back(std::move(entry));
    }
    return entries;
}

std::vector<std::uint8_t> pack(const std::vector<Entry>& entries, int format) {
    std::vector<std::uint8_t> bytes(1 << 18);
    std::size_t used = 0;
    archive* const writer = archive_write_new();
    archive_write_set_format(writer, format);
    archive_write_set_bytes_in_last_block(writer, 1);
    archive_write_open_memory(writer, bytes.data(), bytes.size(), &used);
    for (const Entry& entry : entries) {
        archive_entry* const header = archive_entry_new();
        archive_entry_copy_pathname(header, entry.name.c_str());
        archive_entry_set_perm(header, 0644);
        archive_entry_set_filetype(header, entry.kind == Kind::folder          ? AE_IFDIR
                                           : entry.kind == Kind::symbolic_link ? AE_IFLNK
                                                                               : AE_IFREG);
        if (entry.kind == Kind::symbolic_link) archive_entry_copy_symlink(header, entry.target.c_str());
        if (entry.kind == Kind::hard_link) archive_entry_copy_hardlink(header, entry.target.c_str());
        archive_entry_set_size(header, static_cast<la_int64_t>(entry.bytes.size()));
        if (archive_write_header(writer, header) >= ARCHIVE_WARN && !entry.bytes.empty())
            archive_write_data(writer, entry.bytes.data(), entry.bytes.size());
        archive_entry_free(header);
    }
    archive_write_close(writer);
    archive_write_free(writer);
    bytes.resize(used);
    return bytes;
}

/// Whether a path stays in the folder it is taken from, whatever links lie on its way.
bool stays_inside(const std::string& name) {
    const fs::path path(name);
    return !name.empty() && name.find('\0') == std::string::npos && path.is_relative() &&
           std::ranges::none_of(path, [](const fs::path& part) { return part == ".."; });
}

void unpack(const std::vector<Entry>& entries, const fs::path& folder) {
    std::error_code ignored;
    for (const Entry& entry : entries) {
        if (!stays_inside(entry.name)) continue;
        const fs::path path = folder / entry.name;
        fs::create_directories(entry.kind == Kind::folder ? path : path.parent_path(), ignored);
        if (entry.kind == Kind::file) std::ofstream(path, std::ios::binary) << entry.bytes;
        if (!stays_inside(entry.target)) continue;
        if (entry.kind == Kind::symbolic_link) fs::create_symlink(entry.target, path, ignored);
        if (entry.kind == Kind::hard_link) fs::create_hard_link(folder / entry.target, path, ignored);
    }
}

void import(const fs::path& source, data::BadImages bad) {
    data::ImportOptions options;
    options.height = options.width = 2;
    options.bad_images = bad;
    fuzz::expect_error_or_success([&] {
        data::ImportReport report;
        const auto images = import_images(source, options, report);
        images.validate();
        if (report.images != images.images()) std::abort();
    });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider bytes(data, size);
    const auto where = bytes.ConsumeIntegralInRange(0, 4);
    const auto bad = bytes.ConsumeBool() ? data::BadImages::skip : data::BadImages::fail;
    const auto entries = any_entries(bytes);
    if (where == 4) {
        const fuzz::ScratchFolder folder;
        unpack(entries, folder.path());
        import(folder.path(), bad);
    } else {
        constexpr std::array formats{ARCHIVE_FORMAT_ZIP, ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE, ARCHIVE_FORMAT_TAR_GNUTAR,
                                     ARCHIVE_FORMAT_7ZIP};
        static fuzz::ScratchFile file;
        file.assign(pack(entries, formats[static_cast<std::size_t>(where)]));
        import(file.path(), bad);
    }
    return 0;
}
