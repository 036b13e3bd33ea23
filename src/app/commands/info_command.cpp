// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/commands/info_command.hpp"

#include <iostream>

#include "atnas/app/commands/option_setters.hpp"
#include "atnas/app/report/file_summary.hpp"
#include "atnas/io/metrics.hpp"

namespace atnas::app {

OptionTable InfoCommand::table() {
    OptionTable table;
    table.summary = "what is in a file: data set, checkpoint, network, predictions or evaluation";
    table.positional = {"file.h5", "a file that atnas wrote", Need::required, text_into(options_.file)};
    table.add(OptionGroup::output, {json_row(options_.json)});
    table.example = "atnas info runs/quickstart/latest.h5";
    return table;
}

CommandFiles InfoCommand::files() const {
    return {given({{"--json", options_.json}}), {{"the file", options_.file}}};
}

ExitCode InfoCommand::run(const Invocation& invocation) {
    const auto held = hold_outputs(*this, invocation.communicator);
    on_root(invocation.communicator, [&] {
        const auto summary = summary_of_file(options_.file);
        std::cout << summary.text;
        if (!options_.json.empty()) io::write_json(options_.json, summary.document);
    });
    return ExitCode::done;
}

}  // namespace atnas::app
