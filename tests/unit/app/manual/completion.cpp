// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/manual/completion.hpp"

#include <gtest/gtest.h>

namespace atnas::app {
namespace {

/// tests/app/test_manual.py asks a bash.
TEST(Completion, HasWhatTheTablesSay) {
    const std::string script = bash_completion();
    for (const char* const line :
         {"\n_atnas_commands='import search evaluate ", "\n    search) echo '--help --restart= --dump-deck --json= ",
          "\n    \"search --restart\") echo 'latest PATH' ;;\n",
          "\n    \"import --output\" | \"import -o\") echo 'PATH' ;;\n", "\n    \"train --seed\") echo '' ;;\n",
          "\n    *\" --space.kind\") echo 'cell conv4' ;;\n", "\n    *\" --meta.batch\") echo '' ;;\n",
          "\ncomplete -F _atnas atnas\n"})
        EXPECT_NE(script.find(line), std::string::npos) << line << "\n" << script;
}

}  // namespace
}  // namespace atnas::app
