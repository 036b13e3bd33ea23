// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/operation_use.hpp"

#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace atnas::app {
namespace {

using space::Gene;
using space::GeneKind;

const std::vector<Gene> genes{{"input", GeneKind::connection, {"0", "1"}},
                              {"first", GeneKind::operation, {"pool", "conv", "skip"}},
                              {"second", GeneKind::operation, {"pool", "conv", "skip"}},
                              {"unused", GeneKind::operation, {"pool"}}};

TEST(OperationUse, FindsTheLeastAndTheMostOfOperationsWithAChoice) {
    const std::vector<std::int64_t> counts{0,  99, 0,  //
                                           5,  4,  7,  //
                                           4,  8,  4,  //
                                           16, 0,  0};
    const auto use = operation_use(genes, counts);
    ASSERT_TRUE(use);
    EXPECT_EQ(use->operations, 6);
    EXPECT_EQ(use->as_rare, 3);
    EXPECT_EQ(text_of(*use), "operations trained least: 3 of 6 in 4 tasks (first: conv), most: in 8 (second: conv)");
    EXPECT_EQ(json_of(*use)["most"]["tasks"], 8);
    EXPECT_EQ(json_of(*use)["least"]["alike"], 3);
}

TEST(OperationUse, ThereIsNoneWithoutAChoice) {
    EXPECT_FALSE(operation_use({}, {}));
    EXPECT_FALSE(operation_use(std::vector{genes[0], genes[3]}, std::vector<std::int64_t>(4, 1)));
    EXPECT_FALSE(operation_use(genes, std::vector<std::int64_t>{})) << "not of these genes";
    EXPECT_FALSE(operation_use(genes, std::vector<std::int64_t>(8, 1))) << "nor these";
}

}  // namespace
}  // namespace atnas::app
