// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/free_memory.hpp"

#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "support/folder.hpp"

namespace atnas::engine {
namespace {

namespace fs = std::filesystem;

/// The files of a system that does not exist.
class FreeMemory : public testing::Test {
  protected:
    void write(const std::string& name, const std::string& text) {
        const fs::path path = root_.path() / name;
        fs::create_directories(path.parent_path());
        std::ofstream(path) << text;
    }
    std::optional<double> left() const { return free_memory(root_.path()); }

  private:
    test::Folder root_;
};

constexpr const char* machine = "MemTotal:  8000 kB\nMemAvailable:   4000 kB\nHugePages_Total:  0\n";

TEST_F(FreeMemory, IsThatOfTheMachineWhereNoLimitIsSet) {
    EXPECT_EQ(left(), std::nullopt) << "nothing is said";
    write("proc/meminfo", machine);
    EXPECT_EQ(left(), 4000 * 1024);
    write("proc/self/cgroup", "0::/user.slice\n");
    EXPECT_EQ(left(), 4000 * 1024) << "a group without files";
    write("sys/fs/cgroup/user.slice/memory.max", "max\n");
    write("sys/fs/cgroup/user.slice/memory.current", "1000\n");
    EXPECT_EQ(left(), 4000 * 1024);
}

TEST_F(FreeMemory, IsWhatTheJobMayStillTake) {
    write("proc/meminfo", machine);
    write("proc/self/cgroup", "0::/slurm/job_7/step_0\n");
    write("sys/fs/cgroup/slurm/job_7/step_0/memory.max", "max\n");
    write("sys/fs/cgroup/slurm/job_7/step_0/memory.current", "50000\n");
    write("sys/fs/cgroup/slurm/job_7/memory.max", "300000\n");
    write("sys/fs/cgroup/slurm/job_7/memory.current", "100000\n");
    EXPECT_EQ(left(), 200000) << "the limit of the job holds for its steps";
    write("sys/fs/cgroup/slurm/job_7/memory.stat", "anon 40000\ninactive_file 30000\nactive_file 10000\n");
    EXPECT_EQ(left(), 240000) << "files that were read are forgotten when memory is needed";
    write("sys/fs/cgroup/slurm/job_7/memory.current", "900000\n");
    EXPECT_EQ(left(), 0) << "which is something that is said";
}

TEST_F(FreeMemory, ReadsTheFirstVersionToo) {
    write("proc/meminfo", machine);
    write("proc/self/cgroup", "12:cpuset:/other\n9:hugetlb,memory:/slurm/job_8\n0::/\n");
    write("sys/fs/cgroup/memory/slurm/job_8/memory.limit_in_bytes", "700000\n");
    write("sys/fs/cgroup/memory/slurm/job_8/memory.usage_in_bytes", "500000\n");
    EXPECT_EQ(left(), 200000);
    // What stands there where no limit is set.
    write("sys/fs/cgroup/memory/slurm/job_8/memory.limit_in_bytes", "9223372036854771712\n");
    EXPECT_EQ(left(), 4000 * 1024);
}

TEST_F(FreeMemory, IsKnownHere) {
    EXPECT_GT(free_memory().value(), 0) << "where there is /proc";
}

}  // namespace
}  // namespace atnas::engine
