// SPDX-License-Identifier: Apache-2.0
#include "atnas/io/lock_file.hpp"

#include <cerrno>
#include <cstddef>
#include <iterator>
#include <optional>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "atnas/core/provenance.hpp"

#include "support/folder.hpp"

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

TEST(LockFile, PatienceWaitsForItsEnd) {
    const test::Folder folder;
    std::optional<LockFile> first(std::in_place, folder / ".lock", "the folder", ExitCode::bad_data);
    const auto try_it = [&](const Patience& patience) {
        const LockFile second(folder / ".lock", "the folder", ExitCode::stopped, patience);
    };
    testing::internal::CaptureStderr();
    EXPECT_THROW(try_it({std::chrono::milliseconds(700)}), Error);
    const std::string said = testing::internal::GetCapturedStderr();
    const auto warning = said.find("the folder is in use by process " + std::to_string(::getpid()));
    EXPECT_NE(warning, std::string::npos) << said;
    EXPECT_EQ(said.find("in use", warning + 20), std::string::npos) << "said more than once: " << said;
    EXPECT_THROW(try_it({std::chrono::hours(1), [] { return true; }}), Error);
    std::thread other([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        first.reset();
    });
    EXPECT_NO_THROW(try_it({std::chrono::minutes(5)}));
    other.join();
}

TEST(LockFile, RemovesOnlyItsOwn) {
    const test::Folder folder;
    {
        const LockFile first(folder / ".lock", "the folder", ExitCode::bad_data);
        std::filesystem::remove(folder / ".lock");
        test::put_bytes(folder / ".lock", "another's");
    }
    EXPECT_EQ(test::bytes_of(folder / ".lock"), "another's");
}

TEST(LockFile, IsSharedAsItsFolderIs) {
    const test::Folder folder;
    for (const auto mode : {0775, 0777, 0700}) {
        std::filesystem::permissions(folder.path(), std::filesystem::perms(mode));
        const LockFile lock(folder / ".lock", "the folder", ExitCode::bad_data);
        EXPECT_EQ(std::filesystem::status(folder / ".lock").permissions(), std::filesystem::perms(mode & 0666));
    }
}

TEST(LockFile, ThatAnotherUserLeftNamesThem) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can be two users";
    const test::Folder folder;
    std::filesystem::permissions(folder.path(), std::filesystem::perms(0777));
    test::put_bytes(folder / ".lock", "");
    std::filesystem::permissions(folder / ".lock", std::filesystem::perms(0644));
    ASSERT_EQ(::seteuid(65534), 0);
    std::string said;
    try {
        const LockFile lock(folder / ".lock", "the folder", ExitCode::stopped);
    } catch (const Error& error) {
        said = error.what();
    }
    ASSERT_EQ(::seteuid(0), 0);
    EXPECT_NE(said.find("it is root's"), std::string::npos) << said;
    EXPECT_NE(said.find("remove it"), std::string::npos) << said;
}

/// From here on this process meets a file system without locks.
bool forbid_locks() {
    sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fcntl, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[1])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, F_OFD_SETLK, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOLCK),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const sock_fprog filter{static_cast<unsigned short>(std::size(program)), program};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

TEST(LockFile, WithoutLocksNothingOfOthersIsRemoved) {
    const test::Folder folder;
    test::put_bytes(folder / ".a.abc123.partial", "perhaps being written");
    const pid_t child = ::fork();
    if (child == 0) {
        if (!forbid_locks()) std::_Exit(2);
        const std::vector<Destination> outputs{{"--output", folder / "a"}};
        const std::vector<LockFile> held = hold(outputs);
        std::_Exit(held.size() == 1 && !held.front().keeps_others_out() ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status));
    if (WEXITSTATUS(status) == 2) GTEST_SKIP() << "no filters of system calls here";
    EXPECT_EQ(WEXITSTATUS(status), 0);
    EXPECT_TRUE(std::filesystem::exists(folder / ".a.abc123.partial"));
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
