// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/application.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>
#include <sstream>

#include "atnas/app/commands/command_line.hpp"
#include "atnas/app/report/error_report.hpp"
#include "atnas/app/report/standard_streams.hpp"
#include "atnas/comm/watchdog.hpp"

namespace atnas::app {
namespace {

/// How long failing ranks wait for the others to fail the same way. Errors that all share come at nearly the same
/// moment. Also how long a failed rank may take to end.
constexpr double patience_s = 10;

ExitCode run_command(const std::vector<std::string>& words, const comm::Communicator& communicator,
                     const Failure& failure) {
    const std::unique_ptr<Command> command = parse_command_line(words, communicator);
    const ExitCode code = command->run({communicator, words, failure});
    if (code == ExitCode::done) expect_printed(communicator);
    return code;
}

/// Whole lines straight to standard error: loggers add times, and may be what failed.
void print_lines(const ErrorReport& report, const std::string& prefix) {
    for (const auto& line : report.lines) std::fputs((prefix + line + "\n").c_str(), stderr);
    std::fflush(stderr);
}

/// What other ranks say that failed for reasons of their own. All ranks are here, so all can be asked. Collective.
void print_others(const ErrorReport& report, const comm::Communicator& farewell) {
    std::string own;
    for (const std::string& line : report.lines) own += line + '\t';
    const std::vector<std::string> all = farewell.all_gather_line(own);
    if (!farewell.is_root()) return;
    for (std::size_t rank = 1; rank < all.size(); ++rank) {
        // Each different one once, from the lowest rank.
        if (std::find(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(rank), all[rank]) !=
            all.begin() + static_cast<std::ptrdiff_t>(rank))
            continue;
        ErrorReport other{report.code, {}};
        std::istringstream lines(all[rank]);
        for (std::string line; std::getline(lines, line, '\t');) other.lines.push_back(line);
        print_lines(other, "rank " + std::to_string(rank) + ": ");
    }
}

ExitCode fail(const ErrorReport& report, const comm::Communicator& communicator, const comm::Communicator& farewell) {
    if (communicator.is_root()) print_lines(report, "");
    if (all_arrive(farewell, patience_s)) {
        print_others(report, farewell);
    } else {
        if (!communicator.is_root()) print_lines(report, "rank " + std::to_string(communicator.rank()) + ": ");
        comm::abort_job(static_cast<int>(report.code));
    }
    return report.code;
}

}  // namespace

ExitCode run_application(const std::vector<std::string>& words, const comm::Communicator& communicator) noexcept {
    // Apart from the one the work uses, so that the last meeting cannot be taken for a collective somebody is stuck in.
    const comm::Communicator farewell = communicator.duplicate();
    // All is told when what failed is taken apart, and that must not take for ever: a GPU may not let go of a
    // reduction.
    std::optional<comm::Watchdog> unwinding;
    const Failure failure = [&](const std::exception_ptr& error) {
        const ExitCode code = fail(report_of(error), communicator, farewell);
        unwinding.emplace(patience_s, communicator.rank());
        throw Reported{code};
    };
    try {
        return run_command(words, communicator, failure);
    } catch (const Reported& reported) {
        return reported.code;
    } catch (...) {
        return fail(report_of(std::current_exception()), communicator, farewell);
    }
}

}  // namespace atnas::app
