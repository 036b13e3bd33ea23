// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/commands/command.hpp"

#include <algorithm>
#include <iterator>

namespace atnas::app {

void Command::complete(std::vector<Assignment>, std::vector<Problem>&, const comm::Communicator&) {}

std::vector<Problem> Command::output_problems() const {
    const CommandFiles found = files();
    return io::destination_problems(found.outputs, found.inputs, found.coming);
}

std::vector<io::Destination> given(std::initializer_list<io::Destination> outputs) {
    std::vector<io::Destination> result;
    std::ranges::copy_if(outputs, std::back_inserter(result),
                         [](const io::Destination& output) { return !output.path.empty(); });
    return result;
}

std::vector<io::LockFile> hold_outputs(const Command& command, const comm::Communicator& communicator) {
    std::vector<io::LockFile> held;
    on_root(communicator, [&] { held = io::hold(command.files().outputs); });
    return held;
}

}  // namespace atnas::app
