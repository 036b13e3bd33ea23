// SPDX-License-Identifier: Apache-2.0
/// \file
/// Main program of the tests of one process. A run without a test is a failure: a filter with a typing error must not
/// look like success.

#include <iostream>

#include <gtest/gtest.h>

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    const int failed = RUN_ALL_TESTS();
    const auto& tests = *testing::UnitTest::GetInstance();
    if (!testing::GTEST_FLAG(list_tests) && tests.test_to_run_count() == 0) {
        std::cerr << "no test was run\n";
        return 1;
    }
    return failed;
}
