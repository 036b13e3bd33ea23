// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/archive_reader.hpp"

#include <algorithm>
#include <array>
#include <fstream>

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

#include "atnas/core/contract.hpp"
#include "atnas/core/error.hpp"
#include "atnas/data/member_path.hpp"

namespace atnas::data {
namespace {

constexpr std::size_t read_block = 1U << 16;
constexpr int tar_record = 512;

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& why, const std::string& suggestion) {
    throw Error(ExitCode::bad_data, Problem{"cannot read archive " + path.string(), why, suggestion});
}

/// Reading needs the directory at a zip's end. Where that is cut off, libarchive only says "unrecognized format".
bool starts_like_zip(const std::filesystem::path& path) {
    std::array<char, 4> head{};
    std::ifstream(path, std::ios::binary).read(head.data(), head.size());
    return head == std::array<char, 4>{'P', 'K', 3, 4};
}

/// While it lives, the calling thread converts names to UTF-8. In the C locale, where the program runs, libarchive
/// gives members with other names than ASCII no name at all. Where the system has no such locale, nothing changes.
class Utf8Locale {
  public:
    Utf8Locale() : before_(utf8() == none ? none : uselocale(utf8())) {}
    ~Utf8Locale() {
        if (before_ != none) uselocale(before_);
    }
    Utf8Locale(const Utf8Locale&) = delete;
    Utf8Locale& operator=(const Utf8Locale&) = delete;

  private:
    static constexpr locale_t none = nullptr;

    /// Made once and kept: a locale is expensive to load.
    static locale_t utf8() {
        static const locale_t made = [] {
            const locale_t first = newlocale(LC_CTYPE_MASK, "C.UTF-8", none);
            return first != none ? first : newlocale(LC_CTYPE_MASK, "en_US.UTF-8", none);
        }();
        return made;
    }

    locale_t before_;
};

MemberKind kind_of(archive_entry* entry) {
    if (archive_entry_hardlink(entry) != nullptr || archive_entry_filetype(entry) == AE_IFLNK) return MemberKind::link;
    return archive_entry_filetype(entry) == AE_IFREG ? MemberKind::file : MemberKind::special;
}

std::string name_of(archive_entry* entry) {
    if (const char* utf8 = archive_entry_pathname_utf8(entry)) return utf8;
    if (const char* raw = archive_entry_pathname(entry)) return raw;
    return {};
}

std::string target_of(archive_entry* entry) {
    if (const char* hard = archive_entry_hardlink(entry)) return hard;
    if (const char* symbolic = archive_entry_symlink(entry)) return symbolic;
    return {};
}

}  // namespace

void ArchiveReader::Close::operator()(archive* handle) const noexcept {
    archive_read_free(handle);
}

ArchiveReader::ArchiveReader(const std::filesystem::path& path) : path_(path), archive_(archive_read_new()) {
    const Utf8Locale utf8;
    archive* const handle = archive_.get();
    if (handle == nullptr) throw std::bad_alloc();
    // A seeking zip reader: the streaming one takes a zip without its directory for a whole one.
    succeed_or_throw(archive_read_support_format_zip_seekable(handle));
    succeed_or_throw(archive_read_support_format_tar(handle));
    succeed_or_throw(archive_read_support_format_7zip(handle));
    succeed_or_throw(archive_read_support_filter_gzip(handle));
    succeed_or_throw(archive_read_support_filter_bzip2(handle));
    succeed_or_throw(archive_read_support_filter_xz(handle));
    succeed_or_throw(archive_read_support_filter_lzma(handle));
    succeed_or_throw(archive_read_support_filter_zstd(handle));
    succeed_or_throw(archive_read_open_filename(handle, path_.c_str(), read_block));
}

void ArchiveReader::succeed_or_throw(int status) {
    if (status >= ARCHIVE_WARN) return;
    if (starts_like_zip(path_) && archive_format(archive_.get()) == 0) {
        fail(path_, "the directory at the end of the zip is missing: it is cut off or damaged", "fetch it again");
    }
    const char* const why = archive_error_string(archive_.get());
    const std::string place = name_.empty() ? "" : "at or after " + printable(name_) + ": ";
    fail(path_, place + (why == nullptr ? "unknown error" : why), "it must be a whole zip, 7zip or tar file");
}

bool ArchiveReader::next() {
    const Utf8Locale utf8;
    while (true) {
        const int status = archive_read_next_header(archive_.get(), &entry_);
        if (status == ARCHIVE_EOF) {
            check_end();
            return false;
        }
        succeed_or_throw(status);
        if (archive_entry_filetype(entry_) == AE_IFDIR) continue;
        kind_ = kind_of(entry_);
        name_ = name_of(entry_);
        target_ = target_of(entry_);
        return true;
    }
}

/// libarchive takes a tar that is cut between two files for a whole one. POSIX has tar files end in zero records;
/// compressed ones are guarded by the end of the compressed stream.
void ArchiveReader::check_end() const {
    const bool plain = archive_filter_code(archive_.get(), 0) == ARCHIVE_FILTER_NONE;
    if (!plain || (archive_format(archive_.get()) & ARCHIVE_FORMAT_BASE_MASK) != ARCHIVE_FORMAT_TAR) return;
    std::array<char, tar_record> record{};
    std::ifstream file(path_, std::ios::binary);
    file.seekg(-tar_record, std::ios::end).read(record.data(), record.size());
    if (!file || std::any_of(record.begin(), record.end(), [](char byte) { return byte != 0; })) {
        fail(path_, "the zero records at the end of the tar are missing: it is cut off", "fetch it again");
    }
}

std::vector<std::uint8_t> ArchiveReader::read(std::size_t most) {
    ATNAS_EXPECT(entry_ != nullptr);
    damage_.clear();
    if (archive_entry_is_data_encrypted(entry_) != 0) {
        damage_ = "it is encrypted";
        return {};
    }
    std::vector<std::uint8_t> bytes;
    // The size in the header is a claim, so memory grows with what is really there.
    while (true) {
        const std::size_t had = bytes.size();
        bytes.resize(had + read_block);
        const la_ssize_t count = archive_read_data(archive_.get(), bytes.data() + had, read_block);
        if (count < 0) {
            // A file that fails (libarchive 3.7) or warns (3.6) is damaged by itself, the next ones can be read.
            if (count != ARCHIVE_FAILED) succeed_or_throw(static_cast<int>(count));
            const char* const why = archive_error_string(archive_.get());
            damage_ = why == nullptr ? "damaged in the archive" : why;
            return {};
        }
        bytes.resize(had + static_cast<std::size_t>(count));
        if (bytes.size() > most) {
            damage_ = "it is larger than " + std::to_string(most) + " bytes";
            return {};
        }
        if (count == 0) return bytes;
    }
}

}  // namespace atnas::data
