// SPDX-License-Identifier: Apache-2.0
#include "atnas/core/shell_text.hpp"

#include <gtest/gtest.h>

namespace atnas {
namespace {

TEST(ShellText, AShellTakesItApartAgain) {
    EXPECT_EQ(shell_text({"atnas", "search", "--run.seed=1"}), "atnas search --run.seed=1");
    EXPECT_EQ(shell_text({"my run", "it's", "", "a;b"}), "'my run' 'it'\\''s' '' 'a;b'");
    EXPECT_EQ(shell_text({}), "");
}

}  // namespace
}  // namespace atnas
