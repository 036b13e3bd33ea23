#include "atnas/io/lock_file.hpp"

#include <optional>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "atnas/core/provenance.hpp"

#include "folder.hpp"

namespace atnas::io {
namespace {

TEST(LockFile, KeepsOthersOutAndNamesItsHolder) {
    const test::Folder folder;
    std::optional<LockFile> first(std::in_place, folder / ".lock", "the folder", ExitCode::bad_data);
    const std::string holder = holder_of(folder / ".lock");
    for (const std::string& words :
         {"process " + std::to_string(::getpid()) + " of ", " on " + host_name() + " since "})
        EXPECT_NE(holder.find(words), std::string::npos) << holder;
    try {
        const LockFile second(folder / ".lock", "the folder", ExitCode::restart_refused);
        FAIL() << "two hold it";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::restart_refused);
        EXPECT_NE(std::string(error.what()).find("the folder is in use (by " + holder), std::string::npos)
            << error.what();
    }
    first.reset();
    EXPECT_EQ(folder.entries(), 0u);
    EXPECT_EQ(holder_of(folder / ".lock"), "");
    const LockFile third(folder / ".lock", "the folder", ExitCode::bad_data);
}

TEST(LockFile, EndsWithItsProcess) {
    const test::Folder folder;
    const pid_t child = ::fork();
    if (child == 0) {
        LockFile lock(folder / ".lock", "the folder", ExitCode::bad_data);
        std::_Exit(0);  // as if killed: nothing is taken down
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_NE(test::bytes_of(folder / ".lock"), "");
    EXPECT_EQ(holder_of(folder / ".lock"), "");
    const LockFile mine(folder / ".lock", "the folder", ExitCode::bad_data);
    EXPECT_NE(holder_of(folder / ".lock").find(std::to_string(::getpid())), std::string::npos);
}

TEST(LockFile, ThatCannotBeMadeIsAnError) {
    const test::Folder folder;
    EXPECT_THROW(LockFile(folder / "no/.lock", "the folder", ExitCode::restart_refused), Error);
    EXPECT_EQ(holder_of(folder / "no/.lock"), "");
}

TEST(LockFile, OutputsAreHeldWhereTheyAreWritten) {
    const test::Folder folder;
    std::filesystem::create_directories(folder / "sub");
    std::filesystem::create_symlink("sub/a", folder / "a");
    test::put_bytes(folder / "sub/.a.abc123.partial", "left by a killed process");
    const std::vector<Destination> by_link{{"--output", folder / "a"}};
    const std::vector<Destination> by_name{{"--json", folder / "sub/a"}};
    {
        const std::vector<LockFile> held = hold(by_link);
        EXPECT_FALSE(std::filesystem::exists(folder / "sub/.a.abc123.partial"));
        EXPECT_THROW(hold(by_name), Error);
    }
    const std::vector<LockFile> held = hold(by_name);
    EXPECT_EQ(held.size(), 1u);
}

}  // namespace
}  // namespace atnas::io
