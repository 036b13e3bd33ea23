// SPDX-License-Identifier: Apache-2.0
#include "atnas/io/staged_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "atnas/core/error.hpp"

#include "support/folder.hpp"

namespace atnas::io {
namespace {

using std::filesystem::perms;

void write(const std::filesystem::path& path, const std::string& bytes) {
    StagedFile staged(path);
    test::put_bytes(staged.path(), bytes);
    staged.publish();
}

perms permissions_of(const std::filesystem::path& path) {
    return std::filesystem::status(path).permissions();
}

TEST(StagedFile, AppearsOnlyWhenPublished) {
    const test::Folder folder;
    test::put_bytes(folder / "a", "old");
    {
        StagedFile staged(folder / "a");
        EXPECT_EQ(staged.path().parent_path(), folder.path());
        EXPECT_EQ(staged_name(staged.path()), "a");
        test::put_bytes(staged.path(), "new");
        EXPECT_EQ(test::bytes_of(folder / "a"), "old");
        staged.publish();
    }
    EXPECT_EQ(test::bytes_of(folder / "a"), "new");
    EXPECT_EQ(folder.entries(), 1u);
}

TEST(StagedFile, LeavesNothingBehindWhenGivenUp) {
    const test::Folder folder;
    {
        const StagedFile staged(folder / "a");
        test::put_bytes(staged.path(), "half");
    }
    EXPECT_EQ(folder.entries(), 0u);
}

TEST(StagedFile, TwoOfOneNameDoNotMeet) {
    const test::Folder folder;
    StagedFile one(folder / "a");
    StagedFile two(folder / "a");
    EXPECT_NE(one.path(), two.path());
    test::put_bytes(one.path(), "1");
    test::put_bytes(two.path(), "2");
    one.publish();
    EXPECT_EQ(test::bytes_of(folder / "a"), "1");
    two.publish();
    EXPECT_EQ(test::bytes_of(folder / "a"), "2");
}

TEST(StagedFile, WritesThroughLinks) {
    const test::Folder folder;
    std::filesystem::create_directories(folder / "there");
    test::put_bytes(folder / "there/file", "old");
    std::filesystem::create_symlink("there/file", folder / "near");
    std::filesystem::create_symlink(folder / "near", folder / "far");
    write(folder / "far", "new");
    EXPECT_EQ(std::filesystem::read_symlink(folder / "far"), folder / "near");
    EXPECT_EQ(std::filesystem::read_symlink(folder / "near"), "there/file");
    EXPECT_EQ(test::bytes_of(folder / "there/file"), "new");
    std::filesystem::create_symlink("there/none", folder / "dangling");
    write(folder / "dangling", "made");
    EXPECT_TRUE(std::filesystem::is_symlink(folder / "dangling"));
    EXPECT_EQ(test::bytes_of(folder / "there/none"), "made");
}

TEST(StagedFile, FilesOfARunFolderReplaceTheNameItself) {
    const test::Folder folder;
    test::put_bytes(folder / "others", "theirs");
    std::filesystem::create_symlink("others", folder / "link");
    test::put_bytes(folder / "protected", "old");
    std::filesystem::permissions(folder / "protected", perms(0444));
    for (const char* name : {"link", "protected"}) {
        StagedFile staged(folder / name, Links::replace);
        test::put_bytes(staged.path(), "new");
        staged.publish();
        EXPECT_FALSE(std::filesystem::is_symlink(folder / name));
        EXPECT_EQ(test::bytes_of(folder / name), "new");
    }
    EXPECT_EQ(test::bytes_of(folder / "others"), "theirs");
}

TEST(StagedFile, KeepsThePermissions) {
    const test::Folder folder;
    test::put_bytes(folder / "a", "old");
    for (const auto mode : {0640, 0600, 0200}) {
        std::filesystem::permissions(folder / "a", perms(mode));
        write(folder / "a", "new");
        EXPECT_EQ(permissions_of(folder / "a"), perms(mode));
    }
    const mode_t mask = ::umask(027);
    write(folder / "b", "new");
    ::umask(mask);
    EXPECT_EQ(permissions_of(folder / "b"), perms(0640)) << "a new file follows the umask";
}

TEST(StagedFile, RefusesWhatCannotBeReplaced) {
    const test::Folder folder;
    test::put_bytes(folder / "read-only", "old");
    std::filesystem::permissions(folder / "read-only", perms(0444));
    ASSERT_EQ(::mkfifo((folder / "fifo").c_str(), 0666), 0);
    std::filesystem::create_directories(folder / "full/folder");
    for (const char* name : {"read-only", "fifo", "full", "no/such"})
        EXPECT_THROW(StagedFile staged(folder / name), Error) << name;
    EXPECT_EQ(folder.entries(), 3u);
}

TEST(StagedFile, PublishingWhatIsNotThereIsAnError) {
    const test::Folder folder;
    StagedFile staged(folder / "a");
    std::filesystem::remove(staged.path());
    EXPECT_THROW(staged.publish(), Error);
    StagedFile onto_folder(folder / "b");
    std::filesystem::create_directories(folder / "b/full");
    EXPECT_THROW(onto_folder.publish(), Error);
}

TEST(StagedFile, LeftoversOfOneNameAreRemoved) {
    const test::Folder folder;
    for (const char* name : {".a.partial", ".a.abc123.partial", ".b.abc123.partial", ".a.lock", "a.partial", "a"})
        test::put_bytes(folder / name, "x");
    remove_leftovers(folder / "a");
    EXPECT_EQ(folder.entries(), 4u);
    EXPECT_TRUE(std::filesystem::exists(folder / ".b.abc123.partial"));
    EXPECT_EQ(staged_name(".a.b.c12345.partial"), "a.b");
    EXPECT_EQ(staged_name(".a.lock"), "");
}

TEST(MoveLink, PointsToTheNewTarget) {
    const test::Folder folder;
    move_link(folder / "latest", "one");
    test::put_bytes(folder / "two", "2");
    move_link(folder / "latest", "two");
    EXPECT_EQ(std::filesystem::read_symlink(folder / "latest"), "two");
    EXPECT_EQ(test::bytes_of(folder / "latest"), "2");
    EXPECT_EQ(folder.entries(), 2u);
    EXPECT_THROW(move_link(folder / "no/latest", "two"), Error);
}

}  // namespace
}  // namespace atnas::io
