// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/gpu_choice.hpp"

#include <gtest/gtest.h>

namespace atnas::engine {
namespace {

using Addresses = std::vector<std::string>;

/// A rank that can use these.
RankGpus rank_on(int host, const Addresses& addresses) {
    RankGpus rank{host, "node" + std::to_string(host)};
    for (const std::string& address : addresses)
        rank.seen.gpus.push_back({"GPU", {address, "uuid of " + address}, 1, ""});
    if (addresses.empty()) rank.seen.obstacle = "no driver";
    return rank;
}

std::vector<int> devices(const std::vector<RankGpus>& ranks) {
    const GpuChoice choice = choose_gpus(ranks);
    EXPECT_FALSE(choice.problem) << choice.problem->reason;
    return choice.devices;
}

/// The reason why there is no choice; it must name all of \p words.
void expect_problem(const std::vector<RankGpus>& ranks, const std::vector<std::string>& words) {
    const GpuChoice choice = choose_gpus(ranks);
    ASSERT_TRUE(choice.problem);
    EXPECT_TRUE(choice.devices.empty());
    EXPECT_FALSE(choice.problem->suggestion.empty());
    for (const std::string& word : words)
        EXPECT_NE(choice.problem->reason.find(word), std::string::npos) << word << " in " << choice.problem->reason;
}

TEST(GpuChoice, ranks_that_see_the_same_go_by_their_place_on_the_host) {
    const Addresses all{"A", "B", "C"};
    EXPECT_EQ(devices({rank_on(0, all), rank_on(0, all), rank_on(0, all)}), (std::vector{0, 1, 2}));
    // Dealt out to hosts in turn.
    EXPECT_EQ(devices({rank_on(0, all), rank_on(1, all), rank_on(0, all), rank_on(1, all)}), (std::vector{0, 0, 1, 1}));
}

TEST(GpuChoice, the_same_in_another_order_is_not_shared) {
    EXPECT_EQ(devices({rank_on(0, {"A", "B"}), rank_on(0, {"B", "A"})}), (std::vector{0, 0}));
    EXPECT_EQ(devices({rank_on(0, {"B", "A"}), rank_on(0, {"B", "A"})}), (std::vector{0, 1}));
}

TEST(GpuChoice, ranks_that_see_their_own_take_the_first_of_them) {
    EXPECT_EQ(devices({rank_on(0, {"A"}), rank_on(0, {"B"}), rank_on(0, {"C"})}), (std::vector{0, 0, 0}));
    EXPECT_EQ(devices({rank_on(0, {"A", "B"}), rank_on(0, {"C", "D"}), rank_on(0, {"E", "F"})}),
              (std::vector{0, 0, 0}));
    EXPECT_EQ(devices({rank_on(0, {"A", "B"}), rank_on(0, {"C"})}), (std::vector{0, 0}));
}

TEST(GpuChoice, one_rank_takes_its_first) {
    EXPECT_EQ(devices({rank_on(0, {"A", "B"})}), (std::vector{0}));
}

TEST(GpuChoice, hosts_may_differ_and_addresses_repeat_there) {
    EXPECT_EQ(devices({rank_on(0, {"A", "B"}), rank_on(0, {"A", "B"}), rank_on(2, {"A"}), rank_on(3, {"A"})}),
              (std::vector{0, 1, 0, 0}));
}

TEST(GpuChoice, what_cannot_be_used_is_passed_over) {
    const auto with_bad = [](int bad) {
        RankGpus rank = rank_on(0, {"A", "B", "C"});
        rank.seen.gpus[static_cast<std::size_t>(bad)].obstacle = "too old";
        return rank;
    };
    EXPECT_EQ(devices({with_bad(0), with_bad(0)}), (std::vector{1, 2}));
    EXPECT_EQ(devices({with_bad(1), with_bad(1)}), (std::vector{0, 2}));
    expect_problem({with_bad(1), with_bad(1), with_bad(1)}, {"ranks 0, 1, 2 on host node0", "2 usable GPU(s), A, C"});
}

TEST(GpuChoice, fewer_than_ranks_are_refused_by_host_and_address) {
    expect_problem({rank_on(0, {"A"}), rank_on(0, {"A"})}, {"ranks 0, 1 on host node0", "1 usable GPU(s), A"});
    // One host is enough.
    expect_problem({rank_on(0, {"A", "B"}), rank_on(0, {"A", "B"}), rank_on(2, {"A"}), rank_on(2, {"A"})},
                   {"ranks 2, 3 on host node2"});
}

TEST(GpuChoice, some_in_common_are_refused) {
    expect_problem({rank_on(0, {"A", "B"}), rank_on(0, {"B", "C"})},
                   {"host node0", "rank 0 sees A B", "rank 1 sees B C"});
    expect_problem({rank_on(0, {"A"}), rank_on(0, {"A"}), rank_on(0, {"B"})}, {"rank 2 sees B"});
}

TEST(GpuChoice, a_rank_without_one_says_why) {
    expect_problem({rank_on(0, {"A"}), rank_on(1, {})}, {"rank 1 on host node1 can use no GPU: no driver"});
    RankGpus old = rank_on(0, {"A", "B"});
    for (auto& gpu : old.seen.gpus) gpu.obstacle = "it is too old";
    expect_problem({old}, {"GPU A: it is too old, GPU B: it is too old"});
}

/// A slice of a GPU per rank, or all slices for all ranks: they have one PCI address.
TEST(GpuChoice, slices_of_one_gpu_are_told_apart) {
    const auto sees = [](const Addresses& uuids) {
        RankGpus rank{0, "node0"};
        for (const std::string& uuid : uuids) rank.seen.gpus.push_back({"GPU", {"A", uuid}, 1, ""});
        return rank;
    };
    EXPECT_EQ(devices({sees({"1"}), sees({"2"})}), (std::vector{0, 0}));
    EXPECT_EQ(devices({sees({"1", "2"}), sees({"1", "2"})}), (std::vector{0, 1}));
    EXPECT_EQ(devices({sees({"1", "2"}), sees({"2", "1"})}), (std::vector{0, 0}));
    expect_problem({sees({"1"}), sees({"1"})}, {"1 usable GPU(s), A"});
    expect_problem({sees({"1", "2"}), sees({"1", "2"}), sees({"1", "2"})}, {"2 usable GPU(s), A 1, A 2"});
    expect_problem({sees({"1", "2"}), sees({"2", "3"})}, {"rank 0 sees A 1 A 2", "rank 1 sees A 2 A 3"});
    RankGpus old = sees({"1", "2"});
    for (auto& gpu : old.seen.gpus) gpu.obstacle = "it is too old";
    expect_problem({old}, {"GPU A 1: it is too old, GPU A 2: it is too old"});
}

TEST(GpuChoice, what_a_rank_sees_arrives_whole) {
    const std::vector<RankGpus> ranks = gpus_of_ranks(comm::Communicator());
    ASSERT_EQ(ranks.size(), 1U);
    const backend::VisibleGpus seen = backend::visible_gpus();
    EXPECT_FALSE(ranks[0].host_name.empty());
    EXPECT_EQ(ranks[0].seen.obstacle, seen.obstacle);
    ASSERT_EQ(ranks[0].seen.gpus.size(), seen.gpus.size());
    EXPECT_EQ(seen.gpus.empty(), !seen.obstacle.empty());
}

}  // namespace
}  // namespace atnas::engine
