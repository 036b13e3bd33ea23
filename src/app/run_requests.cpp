// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/run_requests.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <limits>
#include <optional>

#include "atnas/core/log.hpp"

namespace atnas::app {
namespace {

// One bit for everything that may be asked for, so that one reduction carries all of it.
enum Request : unsigned {
    sigterm = 1,
    sigint = 2,
    sigusr1 = 4,
    walltime = 8,
    stop_file = 16,
    flag_raised = 32,  // whoever raised it has been asked to stop, and others have left work undone since
    any_stop = sigterm | sigint | sigusr1 | walltime | stop_file | flag_raised,
    checkpoint_file = 64,
    checkpoint_time = 128,
};

constexpr const char* stop_name = "stop_now";
constexpr const char* checkpoint_name = "checkpoint_now";

/// Seconds between looks at the files: a shared file system may take long to say that there is none.
constexpr double look_every = 0.5;

bool is_there(const std::filesystem::path& path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
}

void remove_stale(const std::filesystem::path& path) {
    std::error_code ignored;
    if (std::filesystem::remove(path, ignored)) world_log().info("{} is from before this run: removed", path.string());
}

/// Rank 0's answer for all; they start to count at this moment.
std::optional<double> seconds_left(const RunOptions& options, const comm::Communicator& communicator) {
    constexpr double none = std::numeric_limits<double>::infinity();
    double left = none;
    if (options.walltime > 0) {
        left = options.walltime;
    } else if (communicator.is_root()) {
        const auto now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
        left = slurm_seconds_left(std::getenv("SLURM_JOB_END_TIME"), now).value_or(none);
    }
    communicator.broadcast(std::as_writable_bytes(std::span(&left, 1)), 0);
    if (left == none) return {};
    return left;
}

}  // namespace

RunRequests::RunRequests(const Deck& deck, const StopSignals& signals, const comm::Communicator& communicator)
    : folder_(deck.run.folder),
      checkpoint_seconds_(60 * deck.run.checkpoint_minutes),
      signals_(signals),
      communicator_(communicator),
      asked_to_stop_(communicator),
      watchdog_(deck.runtime.stall_limit, communicator.rank()),
      budget_(seconds_left(deck.run, communicator)) {
    if (!communicator.is_root()) return;
    remove_stale(folder_ / stop_name);
    remove_stale(folder_ / checkpoint_name);
}

void RunRequests::look() {
    if (!communicator_.is_root() || since_look_.seconds() < look_every) return;
    since_look_ = Stopwatch();
    files_ =
        (is_there(folder_ / stop_name) ? stop_file : 0U) | (is_there(folder_ / checkpoint_name) ? checkpoint_file : 0U);
}

unsigned RunRequests::own() {
    look();
    unsigned asked = files_;
    const std::string signal = signals_.arrived();
    if (signal == "SIGTERM") asked |= sigterm;
    if (signal == "SIGINT") asked |= sigint;
    if (signal == "SIGUSR1") asked |= sigusr1;
    if (budget_.over()) asked |= walltime;
    return asked;
}

void RunRequests::end_step() {
    watchdog_.progress();
    budget_.note_step(step_.seconds());
    step_ = Stopwatch();
}

void RunRequests::agree() {
    // Before the others are waited for: they reckon with their own work.
    end_step();
    unsigned asked = own();
    const bool late = checkpoint_seconds_ > 0 && since_checkpoint_.seconds() > checkpoint_seconds_;
    if (communicator_.is_root() && late) asked |= checkpoint_time;
    if (asked_to_stop_.is_raised()) asked |= flag_raised;
    agreed_ = communicator_.any_of(asked);
    if ((agreed_ & flag_raised) != 0) asked_to_stop_.lower();
    watchdog_.progress();
    step_ = Stopwatch();
}

bool RunRequests::stop() const noexcept {
    return (agreed_ & any_stop) != 0;
}

bool RunRequests::checkpoint() const noexcept {
    return (agreed_ & (checkpoint_file | checkpoint_time)) != 0;
}

std::string RunRequests::reason() const {
    std::string text;
    const auto name = [&](Request request, const char* words) {
        if ((agreed_ & request) != 0) text += (text.empty() ? "" : ", ") + std::string(words);
    };
    name(sigterm, "SIGTERM");
    name(sigint, "SIGINT");
    name(sigusr1, "SIGUSR1");
    name(walltime, "the wall time is nearly over");
    name(stop_file, "stop_now");
    return text.empty() ? "a request that was withdrawn" : text;
}

bool RunRequests::interrupted() {
    end_step();
    if ((own() & any_stop) != 0) asked_to_stop_.raise();
    return asked_to_stop_.is_raised();
}

void RunRequests::note_checkpoint(double seconds) noexcept {
    watchdog_.progress();
    budget_.note_checkpoint(seconds);
    since_checkpoint_ = Stopwatch();
    // The checkpoint is no part of the next step.
    step_ = Stopwatch();
    agreed_ &= ~static_cast<unsigned>(checkpoint_time);
    if ((agreed_ & checkpoint_file) == 0) return;
    agreed_ &= ~static_cast<unsigned>(checkpoint_file);
    files_ &= ~static_cast<unsigned>(checkpoint_file);
    std::error_code ignored;
    if (communicator_.is_root()) std::filesystem::remove(folder_ / checkpoint_name, ignored);
}

}  // namespace atnas::app
