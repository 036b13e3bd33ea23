#include <iostream>

#include "atnas/app/commands/commands.hpp"
#include "atnas/app/commands/outputs.hpp"
#include "atnas/app/report/file_summary.hpp"
#include "atnas/io/metrics.hpp"

namespace atnas::app {

ExitCode run_info(const CommandLine& line, const comm::Communicator& communicator) {
    const auto& options = std::get<InfoOptions>(line.request);
    const auto held = hold_outputs(line.request, communicator);
    on_root(communicator, [&] {
        const auto summary = summary_of_file(options.file);
        std::cout << summary.text;
        if (!options.json.empty()) io::write_json(options.json, summary.document);
    });
    return ExitCode::done;
}

}  // namespace atnas::app
