// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/error_report.hpp"

#include <algorithm>
#include <chrono>
#include <new>
#include <thread>

#include <mpi.h>

#include "atnas/core/timer.hpp"

namespace atnas::app {
namespace {

std::string one_line(std::string text) {
    std::ranges::replace_if(
        text, [](char letter) { return letter == '\n' || letter == '\r'; }, ' ');
    return text;
}

}  // namespace

ErrorReport report_of(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const Error& found) {
        ErrorReport report{found.code(), {}};
        for (const auto& problem : found.problems()) report.lines.push_back("error: " + one_line(problem.text()));
        return report;
    } catch (const std::bad_alloc&) {
        return {ExitCode::failed,
                {"error: out of memory (this rank could not get what it asked for), use fewer ranks per "
                 "machine or a smaller network"}};
    } catch (const std::exception& found) {
        return {ExitCode::failed, {"error: " + one_line(found.what()) + " (nobody foresaw this), please report it"}};
    } catch (...) {
        return {ExitCode::failed, {"error: unknown (nobody foresaw this), please report it"}};
    }
}

bool all_arrive(const comm::Communicator& farewell, double seconds) {
    if (farewell.size() == 1) return true;
    MPI_Request request = MPI_REQUEST_NULL;
    if (MPI_Ibarrier(farewell.handle(), &request) != MPI_SUCCESS) return false;
    const Stopwatch watch;
    int arrived = 0;
    while (true) {
        if (MPI_Test(&request, &arrived, MPI_STATUS_IGNORE) != MPI_SUCCESS) return false;
        if (arrived != 0 || watch.seconds() > seconds) return arrived != 0;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

}  // namespace atnas::app
