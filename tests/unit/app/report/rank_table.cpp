// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/rank_table.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "atnas/core/provenance.hpp"

namespace atnas::app {
namespace {

RankRow row(std::string host, std::vector<int> cores, int threads) {
    RankRow result;
    result.host = std::move(host);
    result.cores = std::move(cores);
    result.threads = threads;
    return result;
}

TEST(RankTable, own_row_is_this_process) {
    const RankRow own = own_row(3, 6, 2, "oneDNN", 4);
    EXPECT_EQ(own.host, host_name());
    EXPECT_EQ(own.process, getpid());
    EXPECT_FALSE(own.cores.empty());
    const auto rows = all_rows(own, comm::Communicator());
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].rank, 3);
    EXPECT_EQ(rows[0].local_rank, 0);
    EXPECT_EQ(rows[0].cores, own.cores);
    EXPECT_EQ(rows[0].backend, "oneDNN");
}

TEST(RankTable, text_names_everything) {
    RankRow r = row("node7", {4, 5, 6, 7, 12}, 1);
    r.rank = 3;
    r.local_rank = 1;
    r.process = 4711;
    r.first_island = 6;
    r.islands = 2;
    r.backend = "oneDNN 2.6.3";
    EXPECT_EQ(text_of(r),
              "rank 3 (local 1) on node7, process 4711: islands 6-7, oneDNN 2.6.3 on cores 4-7,12, 1 thread");
    r.islands = 1;
    r.cores.clear();
    r.threads = 2;
    EXPECT_EQ(text_of(r), "rank 3 (local 1) on node7, process 4711: island 6, oneDNN 2.6.3, 2 threads");
}

TEST(RankTable, threads_are_counted_against_the_cores_of_each_host) {
    EXPECT_TRUE(oversubscribed({row("a", {0, 1}, 1), row("a", {0, 1}, 1), row("b", {0}, 1)}).empty());
    const auto lines = oversubscribed({row("a", {0, 1}, 2), row("a", {0, 1}, 1), row("b", {0}, 1)});
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_TRUE(lines[0].starts_with("3 threads on 2 core(s) of a")) << lines[0];
    EXPECT_EQ(oversubscribed({row("a", {0}, 1), row("a", {0}, 1)}).size(), 1u) << "bound to the same core";
    const auto bound = oversubscribed({row("a", {0}, 1), row("a", {0}, 1), row("a", {1, 2, 3}, 1)});
    ASSERT_EQ(bound.size(), 1u);
    EXPECT_TRUE(bound[0].starts_with("2 threads are bound to core(s) 0 of a")) << bound[0];
    EXPECT_TRUE(oversubscribed({row("a", {}, 8)}).empty()) << "nothing is known";
}

}  // namespace
}  // namespace atnas::app
