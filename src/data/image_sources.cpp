// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/image_sources.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "atnas/data/archive_reader.hpp"
#include "atnas/data/bitmap.hpp"

namespace atnas::data {
namespace {

namespace fs = std::filesystem;

const std::string or_skip = ", or skip bad images";

void collect_member(ArchiveReader& reader, const MemberPath& path, ImageCollector& collector) {
    if (reader.kind() == MemberKind::link) return collector.add_link(path, reader.target());
    if (!ImageCollector::wants(path)) return collector.pass_over(path);
    if (reader.kind() == MemberKind::special) {
        if (ending_of(path) != Ending::image) return collector.pass_over(path);
        return collector.refuse(path, "it is no file but a device or a pipe", "remove it" + or_skip);
    }
    const auto file = reader.read(most_image_bytes);
    if (reader.damage().empty()) {
        collector.add(path, file);
    } else {
        collector.refuse(path, reader.damage(), "repair the archive" + or_skip);
    }
}

/// Symbolic links to folders are followed, so a link may lead back to where the walk came from.
class FolderWalk {
  public:
    FolderWalk(const fs::path& root, ImageCollector& collector) : root_(root), collector_(collector) {}

    void walk(const fs::path& folder) {
        above_.push_back(fs::canonical(folder));
        for (const auto& entry : fs::directory_iterator(folder)) visit(entry);
        above_.pop_back();
    }

  private:
    void visit(const fs::directory_entry& entry) {
        const MemberPath path = parse_member_path(entry.path().lexically_relative(root_).generic_string());
        if (path.empty() || is_hidden(path)) return;
        std::error_code error;
        const fs::file_status status = entry.status(error);  // of what a link leads to
        if (entry.is_symlink() && !fs::exists(status)) return refuse_link(entry, path, error);
        if (fs::is_directory(status)) return enter(entry, path);
        if (fs::is_regular_file(status)) return read(entry, path);
        if (ending_of(path) != Ending::image) return collector_.pass_over(path);
        collector_.refuse(path, "it is no file but a device or a pipe", "remove it" + or_skip);
    }

    void enter(const fs::directory_entry& entry, const MemberPath& path) {
        if (entry.is_symlink() &&
            std::find(above_.begin(), above_.end(), fs::canonical(entry.path())) != above_.end()) {
            collector_.refuse_folder(path, "it is a link that leads back to a folder above it",
                                     "remove the link" + or_skip);
            return;
        }
        walk(entry.path());
    }

    /// A link that leads nowhere. With an ending of other files than images it is passed over, as such a file would be.
    void refuse_link(const fs::directory_entry& entry, const MemberPath& path, const std::error_code& error) {
        const std::string reason =
            "it is a link to " + printable(fs::read_symlink(entry.path()).string()) + ": " + error.message();
        if (ending_of(path) == Ending::image) collector_.refuse(path, reason, "repair the link" + or_skip);
        if (ending_of(path) == Ending::none) collector_.refuse_folder(path, reason, "repair the link" + or_skip);
        if (ending_of(path) == Ending::other) collector_.pass_over(path);
    }

    void read(const fs::directory_entry& entry, const MemberPath& path) {
        if (!ImageCollector::wants(path)) return collector_.pass_over(path);
        // The size may be unknown; opening the file then tells why.
        std::error_code ignored;
        const auto size = fs::file_size(entry.path(), ignored);
        if (!ignored && size > most_image_bytes) {
            if (ending_of(path) != Ending::image) return collector_.pass_over(path);
            return collector_.refuse(path, "it is larger than " + std::to_string(most_image_bytes) + " bytes",
                                     "remove it" + or_skip);
        }
        std::ifstream stream(entry.path(), std::ios::binary);
        const std::vector<std::uint8_t> file{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
        if (!stream.is_open() || stream.bad()) {
            collector_.refuse(path, "the file cannot be opened", "check its permissions" + or_skip);
        } else {
            collector_.add(path, file);
        }
    }

    const fs::path& root_;
    ImageCollector& collector_;
    std::vector<fs::path> above_;  ///< from the root to the folder that is read, without links
};

}  // namespace

void collect_archive(const fs::path& source, ImageCollector& collector) {
    ArchiveReader reader(source);
    for (int number = 1; reader.next(); ++number) {
        const MemberPath path = parse_member_path(reader.name());
        if (path.empty()) {
            collector.refuse({"(member " + std::to_string(number) + ")"}, "its name cannot be read",
                             "pack it with names in UTF-8" + or_skip);
        } else {
            collect_member(reader, path, collector);
        }
    }
    collector.judge_links();
}

void collect_folder(const fs::path& source, ImageCollector& collector) {
    FolderWalk(source, collector).walk(source);
}

void collect_images(const fs::path& source, ImageCollector& collector) {
    const auto fail = [&](const std::string& why, const std::string& suggestion) {
        throw Error(ExitCode::bad_data, Problem{"cannot read " + source.string(), why, suggestion});
    };
    try {
        if (!fs::exists(source)) fail("there is no such file or folder", "check the path");
        fs::is_directory(source) ? collect_folder(source, collector) : collect_archive(source, collector);
    } catch (const fs::filesystem_error& error) {
        fail(error.path1().string() + ": " + error.code().message(), "check its permissions");
    }
}

}  // namespace atnas::data
