// SPDX-License-Identifier: Apache-2.0
#include "atnas/core/contract.hpp"

#include <gtest/gtest.h>

namespace atnas {
namespace {

TEST(Contract, a_kept_contract_is_silent) {
    ATNAS_EXPECT(1 + 1 == 2);
    ATNAS_ASSERT(true);
    ATNAS_ENSURE(2 > 1);
}

TEST(ContractDeathTest, names_kind_condition_and_place) {
    EXPECT_DEATH(contract_broken("precondition", "count > 0", std::source_location::current()),
                 "contract\\.cpp:[0-9]+: .*precondition broken: count > 0");
}

#ifdef NDEBUG
TEST(Contract, vanishes_in_release) {
    int evaluated = 0;
    ATNAS_EXPECT(++evaluated < 0);
    ATNAS_ASSERT(++evaluated < 0);
    ATNAS_ENSURE(++evaluated < 0);
    EXPECT_EQ(evaluated, 0);
}
#else
TEST(ContractDeathTest, a_broken_contract_aborts) {
    const int count = 0;
    EXPECT_DEATH(ATNAS_EXPECT(count > 0), "precondition broken: count > 0");
    EXPECT_DEATH(ATNAS_ASSERT(count == 1), "assertion broken: count == 1");
    EXPECT_DEATH(ATNAS_ENSURE(count != 0), "postcondition broken: count != 0");
}
#endif

}  // namespace
}  // namespace atnas
