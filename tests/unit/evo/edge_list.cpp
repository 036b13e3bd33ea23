// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/edge_list.hpp"

#include <gtest/gtest.h>

namespace atnas::evo {
namespace {

using Edges = std::vector<Edge>;

TEST(EdgeList, BlanksAndCommasSeparate) {
    std::vector<Problem> problems;
    EXPECT_EQ(read_edges(" 0>1  1>2,2>0 , 10>2 ", 11, problems), (Edges{{0, 1}, {1, 2}, {2, 0}, {10, 2}}));
    EXPECT_TRUE(read_edges("", 3, problems).empty());
    EXPECT_TRUE(read_edges(" , ", 3, problems).empty());
    EXPECT_TRUE(problems.empty());
}

TEST(EdgeList, EverythingWrongIsListedAtOnce) {
    std::vector<Problem> problems(1);
    const Edges edges = read_edges("0>1 1>3 3>1 2>2 0>1 1>0 a>1 1> >1 12 1>-1 1>2x 0>99999999999 0>1>2", 3, problems);
    EXPECT_EQ(edges, (Edges{{0, 1}, {1, 0}}));
    const std::pair<const char*, const char*> expected[] = {
        {"1>3", "0 ... 2"},
        {"3>1", "0 ... 2"},
        {"2>2", "itself"},
        {"0>1", "twice"},
        {"a>1", "FROM>TO"},
        {"1>", "FROM>TO"},
        {">1", "FROM>TO"},
        {"12", "FROM>TO"},
        {"1>-1", "FROM>TO"},
        {"1>2x", "FROM>TO"},
        {"0>99999999999", "FROM>TO"},
        {"0>1>2", "FROM>TO"},
    };
    ASSERT_EQ(problems.size(), 1 + std::size(expected)) << "problems are appended";
    for (std::size_t i = 0; i < std::size(expected); ++i) {
        EXPECT_EQ(problems[i + 1].problem, std::string("edges: ") + expected[i].first);
        EXPECT_NE(problems[i + 1].reason.find(expected[i].second), std::string::npos) << problems[i + 1].text();
    }
}

}  // namespace
}  // namespace atnas::evo
