// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/image_sources.hpp"

#include <algorithm>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "fixtures.hpp"

namespace atnas::data {
namespace {

using namespace atnas::data::testing;
using Names = std::vector<std::string>;
namespace fs = std::filesystem;

constexpr ImportOptions strict{.height = 2, .width = 2};
constexpr ImportOptions lenient{.height = 2, .width = 2, .bad_images = BadImages::skip};
const Bytes image = flat_png(4, 4, 7);

/// What is taken from \p source, and that without leave to skip each of \p lost is an error of its own.
ImageSet expect_lost(const fs::path& source, const Names& lost) {
    const auto caught = error_of([&] {
        ImportReport report;
        import_images(source, strict, report);
    });
    EXPECT_EQ(caught.code, ExitCode::bad_data);
    EXPECT_EQ(caught.problems, lost.size()) << caught.text;
    ImportReport report;
    const auto set = import_images(source, lenient, report);
    EXPECT_EQ(report.skipped, lost);
    return set;
}

/// Replaces bytes in a file, all of them.
void replace_in(const fs::path& path, const std::string& from, const std::string& to) {
    Bytes bytes = read_file(path);
    const Bytes needle(from.begin(), from.end());
    int found = 0;
    for (auto at = bytes.begin();; ++found) {
        at = std::search(at, bytes.end(), needle.begin(), needle.end());
        if (at == bytes.end()) break;
        at = std::copy(to.begin(), to.end(), at);
    }
    ASSERT_GT(found, 0);
    write_file(path, bytes);
}

TEST(ImageSources, NamesThatAreNoUtf8AreWrittenWithEscapes) {
    const TemporaryFolder folder;
    // An "Ä" of code page 437, as old programs store it, with nothing that says so.
    write_archive(folder / "a.zip", Packing::zip, {{"set/A_/1.png", image}, {"set/B/1.png", image}});
    replace_in(folder / "a.zip", "A_/", "A\x8E/");
    ImportReport report;
    EXPECT_EQ(import_images(folder / "a.zip", strict, report).class_names, (Names{"A\\x8E", "B"}));
    write_file(folder / "tree/A\x8E/1.png", image);
    write_file(folder / "tree/B\n/1.png", image);
    EXPECT_EQ(import_images(folder / "tree", strict, report).class_names, (Names{"A\\x8E", "B\\x0A"}));
}

TEST(ImageSources, MembersWithoutReadableNameAreBad) {
    const TemporaryFolder folder;
    write_archive(folder / "a.zip", Packing::zip, {{"set/B/1.png", image}, {"set/漢/1.png", image}});
    replace_in(folder / "a.zip", "漢", "\xE6\xFF\xFF");  // the zip says that its names are UTF-8
    EXPECT_EQ(expect_lost(folder / "a.zip", {"(member 2): its name cannot be read"}).class_names, Names{"B"});
}

TEST(ImageSources, LinksInsideArchivesAreBadWhereImagesAreLost) {
    using Kind = Member::Kind;
    for (const auto packing : {Packing::tar, Packing::pax, Packing::gnu_tar}) {
        const TemporaryFolder folder;
        write_members(folder / "a.tar", packing,
                      {{"set/to_later", {}, Kind::symbolic_link, "a"},
                       {"set/a/1.png", image},
                       {"set/readme", {'x'}},
                       {"set/README", {}, Kind::symbolic_link, "readme"},
                       {"set/note.txt", {}, Kind::symbolic_link, "../elsewhere.txt"},
                       {"set/a/2.png", {}, Kind::symbolic_link, "1.png"},
                       {"set/b/1.png", {}, Kind::hard_link, "set/a/1.png"},
                       {"set/c", {}, Kind::symbolic_link, "/data/c"},
                       {"set/v1.5", {}, Kind::symbolic_link, "./../set/a"},
                       {"set/a/3.png", {}, Kind::pipe}});
        const auto set =
            expect_lost(folder / "a.tar",
                        {"set/a/2.png: it is a link to 1.png", "set/a/3.png: it is no file but a device or a pipe",
                         "set/b/1.png: it is a link to set/a/1.png", "set/c: it is a link to /data/c, where nothing is",
                         "set/to_later: it is a link to a", "set/v1.5: it is a link to ./../set/a"});
        EXPECT_EQ(set.images(), 1);
    }
}

TEST(ImageSources, PathsOutOfTheArchiveAreBadAndAbsoluteOnesAreBelowIt) {
    const TemporaryFolder folder;
    write_archive(folder / "a.tar", Packing::tar,
                  {{"../a/1.png", image}, {"set/a/../b/1.png", image}, {"/set/a/1.png", image}});
    const auto set = expect_lost(folder / "a.tar", {"../a/1.png: its path leads out of its folder (..)",
                                                    "set/a/../b/1.png: its path leads out of its folder (..)"});
    EXPECT_EQ(set.image_names, Names{"set/a/1.png"});
}

TEST(ImageSources, EncryptedFilesAreBad) {
    const TemporaryFolder folder;
    write_members(folder / "a.zip", Packing::zip, {{"a/1.png", image}, {"b/1.png", image}}, Encrypted::yes);
    const auto caught = error_of([&] {
        ImportReport report;
        import_images(folder / "a.zip", strict, report);
    });
    EXPECT_EQ(caught.problems, 2U) << caught.text;
    EXPECT_TRUE(caught.mentions("a/1.png")) << caught.text;
    EXPECT_TRUE(caught.mentions("it is encrypted")) << caught.text;
}

TEST(ImageSources, LinksInFoldersAreFollowed) {
    const TemporaryFolder folder;
    write_file(folder / "elsewhere/1.png", image);
    write_file(folder / "tree/a/1.png", image);
    fs::create_symlink("1.png", folder / "tree/a/2.png");
    fs::create_directory_symlink("../elsewhere", folder / "tree/b");
    ImportReport report;
    EXPECT_EQ(import_images(folder / "tree", strict, report).image_names, (Names{"a/1.png", "a/2.png", "b/1.png"}));
}

TEST(ImageSources, LinksInFoldersThatLeadNowhereAreBad) {
    const TemporaryFolder folder;
    write_file(folder / "tree/a/1.png", image);
    fs::create_symlink("gone.png", folder / "tree/a/2.png");
    fs::create_symlink("gone.txt", folder / "tree/a/note.txt");
    fs::create_symlink("../gone", folder / "tree/b");
    fs::create_symlink("3.png", folder / "tree/a/3.png");
    ASSERT_EQ(::mkfifo((folder / "tree/a/4.png").c_str(), 0600), 0);
    expect_lost(folder / "tree", {"a/2.png: it is a link to gone.png: No such file or directory",
                                  "a/3.png: it is a link to 3.png: Too many levels of symbolic links",
                                  "a/4.png: it is no file but a device or a pipe",
                                  "b: it is a link to ../gone: No such file or directory"});
}

TEST(ImageSources, LoopsOfLinksAreNamed) {
    const TemporaryFolder folder;
    write_file(folder / "tree/a/1.png", image);
    write_file(folder / "tree/b/1.png", image);
    fs::create_directory_symlink("..", folder / "tree/a/up");
    fs::create_directory_symlink("../a", folder / "tree/b/side");
    const auto set = expect_lost(folder / "tree", {"a/up: it is a link that leads back to a folder above it",
                                                   "b/side/up: it is a link that leads back to a folder above it"});
    EXPECT_EQ(set.image_names, (Names{"a/1.png", "b/1.png", "b/side/1.png"}));
}

}  // namespace
}  // namespace atnas::data
