// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/commands/print_text.hpp"

#include <iostream>

namespace atnas::app {

ExitCode PrintText::run(const Invocation& invocation) {
    if (invocation.communicator.is_root()) std::cout << text_;
    return ExitCode::done;
}

}  // namespace atnas::app
