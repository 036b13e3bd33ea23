// SPDX-License-Identifier: Apache-2.0
#include "atnas/io/destination.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "support/folder.hpp"

namespace atnas::io {
namespace {

/// What is said of one output that goes to \p path.
std::string complaint(const std::filesystem::path& path, const std::vector<Origin>& inputs,
                      const std::filesystem::path& coming = {}) {
    const std::vector<Destination> outputs{{"--output", path}};
    std::string all;
    for (const Problem& problem : destination_problems(outputs, inputs, coming)) all += problem.text() + "\n";
    return all;
}

bool says(const std::string& text, const std::string& words) {
    return text.find(words) != std::string::npos;
}

TEST(Destination, SpecialFilesAreObstacles) {
    const test::Folder folder;
    ASSERT_EQ(::mkfifo((folder / "fifo").c_str(), 0666), 0);
    EXPECT_EQ(obstacle(folder / "fifo"), "it is a FIFO");
    EXPECT_EQ(obstacle(folder.path()), "it is a folder");
    EXPECT_EQ(obstacle(folder / "new/"), "it names a folder");
    EXPECT_EQ(obstacle("/dev/null"), "it is a device");
    std::filesystem::create_symlink("fifo", folder / "link");
    EXPECT_EQ(obstacle(folder / "link"), "it is a FIFO");
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string name = folder / "socket";
    ASSERT_LT(name.size(), sizeof(address.sun_path));
    name.copy(address.sun_path, name.size());
    ASSERT_EQ(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    EXPECT_EQ(obstacle(name), "it is a socket");
    ::close(socket);
}

TEST(Destination, LinksCountAsTheirTarget) {
    const test::Folder folder;
    std::filesystem::create_symlink("none", folder / "dangling");
    EXPECT_EQ(obstacle(folder / "dangling"), "");
    EXPECT_EQ(target_of(folder / "dangling"), folder / "none");
    std::filesystem::create_symlink("no/such", folder / "astray");
    EXPECT_TRUE(says(obstacle(folder / "astray"), "does not exist"));
    std::filesystem::create_symlink("circle", folder / "circle");
    EXPECT_NE(obstacle(folder / "circle"), "");
}

TEST(Destination, PermissionsAreRespected) {
    const test::Folder folder;
    test::put_bytes(folder / "file", "x");
    EXPECT_EQ(obstacle(folder / "file"), "");
    std::filesystem::permissions(folder / "file", std::filesystem::perms(0444));
    EXPECT_EQ(obstacle(folder / "file"), "it is read-only");
    EXPECT_TRUE(says(obstacle(folder / "file/below"), "Not a directory"));
    if (::geteuid() != 0) return;
    std::filesystem::permissions(folder / "file", std::filesystem::perms(0644));
    std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
    ASSERT_EQ(::seteuid(65534), 0);
    const std::string other = obstacle(folder / "file");
    const std::string made = obstacle(folder / "new");
    const std::string below = folder_obstacle(folder / "a/b");
    ASSERT_EQ(::seteuid(0), 0);
    EXPECT_EQ(other, "Permission denied");
    EXPECT_TRUE(says(made, "no files can be made")) << made;
    EXPECT_TRUE(says(below, "no files can be made")) << below;
}

TEST(Destination, FoldersThatAreMissing) {
    const test::Folder folder;
    test::put_bytes(folder / "file", "x");
    EXPECT_TRUE(says(obstacle(folder / "no/such"), "does not exist"));
    EXPECT_EQ(folder_obstacle(folder / "no/such/folder/"), "");
    EXPECT_EQ(folder_obstacle("relative/folder"), "");
    EXPECT_TRUE(says(folder_obstacle(folder / "file/run"), "not a folder"));
    EXPECT_NE(folder_obstacle("/proc/run"), "");
    std::filesystem::create_symlink("none", folder / "dangling");
    EXPECT_NE(folder_obstacle(folder / "dangling"), "");
    EXPECT_EQ(complaint(folder / "run/a.json", {}, folder / "run"), "") << "the folder is made before";
    EXPECT_TRUE(says(complaint(folder / "other/a.json", {}, folder / "run"), "does not exist"));
    EXPECT_EQ(folder.entries(), 2u);
}

TEST(Destination, InputsAreNoOutputsUnderAnyName) {
    const test::Folder folder;
    test::put_bytes(folder / "in", "x");
    const std::vector<Origin> inputs{{"the checkpoint", folder / "in"}};
    std::filesystem::create_symlink("in", folder / "link");
    std::filesystem::create_hard_link(folder / "in", folder / "hard");
    std::filesystem::create_directories(folder / "sub");
    for (const char* name : {"in", "link", "hard", "sub/../in"})
        EXPECT_TRUE(says(complaint(folder / name, inputs), "it is the checkpoint")) << name;
    EXPECT_EQ(complaint(folder / "out", inputs), "");
    // Not there yet, but the same.
    EXPECT_TRUE(says(complaint(folder / "sub/../new", {{"the metrics", folder / "new"}}), "the metrics"));
}

TEST(Destination, StickyFoldersKeepTheFilesOfOthers) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can be two users";
    const test::Folder folder;
    test::put_bytes(folder / "file", "x");
    std::filesystem::permissions(folder / "file", std::filesystem::perms(0666));
    std::filesystem::permissions(folder.path(), std::filesystem::perms(01777));
    EXPECT_EQ(obstacle(folder / "file"), "");
    ASSERT_EQ(::seteuid(65534), 0);
    const std::string theirs = obstacle(folder / "file");
    const std::string made = obstacle(folder / "new");
    ASSERT_EQ(::seteuid(0), 0);
    EXPECT_TRUE(says(theirs, "sticky")) << theirs;
    EXPECT_EQ(made, "");
}

TEST(Destination, ATemporaryNameMustFit) {
    const test::Folder folder;
    EXPECT_EQ(obstacle(folder / std::string(239, 'a')), "");
    EXPECT_EQ(obstacle(folder / std::string(240, 'a')), "its name is longer than 239 bytes");
    EXPECT_NE(obstacle(folder / std::string(256, 'a')), "");
}

TEST(Destination, InsteadOfSpecialFilesAPlainOneIsSuggested) {
    const test::Folder folder;
    EXPECT_TRUE(says(complaint("/dev/null", {}), "give --output the name of a plain file"));
    EXPECT_TRUE(says(complaint(folder.path(), {}), "choose another --output"));
}

TEST(Destination, NothingIsWrittenOverWhatAFolderIsReadFor) {
    const test::Folder folder;
    std::filesystem::create_directories(folder / "images/a");
    test::put_bytes(folder / "picture", "x");
    std::filesystem::create_symlink(folder / "picture", folder / "images/a/1");
    std::filesystem::create_directory_symlink("images", folder / "other");
    test::put_bytes(folder / "images/a/2", "x");
    const std::vector<Origin> inputs{{"the source", folder / "images"}};
    for (const char* name : {"images/a/2", "other/a/2"})
        EXPECT_TRUE(says(complaint(folder / name, inputs), "it is a file of the source")) << name;
    const std::vector<Origin> picky{{"the source", folder / "images", [](const auto&) { return false; }}};
    for (const char* name : {"images/a/2", "picture"}) EXPECT_EQ(complaint(folder / name, picky), "") << name;
    for (const char* name : {"images/new", "images/a/new", "other/a/new"})
        EXPECT_EQ(complaint(folder / name, inputs), "") << name;
    EXPECT_TRUE(says(complaint(folder / "picture", inputs), "it is a file of the source"));
    EXPECT_EQ(complaint(folder / "images.h5", inputs), "");
}

TEST(Destination, TwoOutputsNeedTwoNames) {
    const test::Folder folder;
    std::filesystem::create_symlink("a", folder / "b");
    for (const char* name : {"a", "b"}) {
        const std::vector<Destination> outputs{{"--output", folder / "a"}, {"--json", folder / name}};
        const auto problems = destination_problems(outputs, {});
        ASSERT_EQ(problems.size(), 1u) << name;
        EXPECT_TRUE(says(problems[0].text(), "--output names it")) << problems[0].text();
    }
}

}  // namespace
}  // namespace atnas::io
