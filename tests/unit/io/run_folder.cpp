// SPDX-License-Identifier: Apache-2.0
#include "atnas/io/run_folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/folder.hpp"

namespace atnas::io {
namespace {

TEST(RunFolder, IsMadeAndOneRunsAtATime) {
    const test::Folder folder;
    {
        const RunFolder run(folder / "a/b/");
        EXPECT_TRUE(std::filesystem::is_directory(folder / "a/b"));
        EXPECT_NE(user_of_run_folder(folder / "a/b"), "");
        try {
            const RunFolder second(folder / "a/b");
            FAIL() << "two runs have it";
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ExitCode::stopped) << "a later try may succeed";
        }
        EXPECT_TRUE(std::filesystem::is_directory(folder / "a/b")) << "the second run took it away";
    }
    EXPECT_EQ(folder.entries(), 0u) << "what was made for nothing goes again";
    {
        const RunFolder run(folder / "a/b");
        test::put_bytes(folder / "a/b/checkpoint", "x");
    }
    EXPECT_EQ(test::bytes_of(folder / "a/b/checkpoint"), "x");
    EXPECT_EQ(user_of_run_folder(folder / "a/b"), "");
}

TEST(RunFolder, ThatCannotBeMadeIsAnError) {
    const test::Folder folder;
    test::put_bytes(folder / "file", "x");
    EXPECT_THROW(RunFolder(folder / "file/run"), Error);
    EXPECT_THROW(RunFolder("/proc/run"), Error);
}

TEST(RunFolder, ProblemsAreSeenBefore) {
    const test::Folder folder;
    EXPECT_TRUE(run_folder_problems(folder / "a/b").empty());
    EXPECT_TRUE(run_folder_problems(folder.path()).empty());
    EXPECT_EQ(run_folder_problems("/proc/run").size(), 1u);
    ASSERT_EQ(::mkfifo((folder / "metrics.jsonl").c_str(), 0666), 0);
    EXPECT_EQ(run_folder_problems(folder.path()).size(), 1u);
    EXPECT_EQ(folder.entries(), 1u);
}

}  // namespace
}  // namespace atnas::io
