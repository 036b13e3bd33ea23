// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Ends a job that makes no progress any more, as when the network between its hosts is dead.
///
/// MPI libraries do not always report that: Open MPI 4.1 over TCP prints a connection's error and then waits for ever,
/// as long as its own daemons still reach each other. A silent peer cannot be told from one that computes, so the
/// measure is a time that no step of a healthy run takes.

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace atnas::comm {

/// Watches this process from a thread of its own, which calls no MPI and handles no signals. When a step takes longer
/// than the limit it prints an error and ends the process with ExitCode::failed, upon which the launcher ends the
/// others; where it cannot reach them, their own watchdogs do. Time in which the whole process was suspended does not
/// count.
class Watchdog {
  public:
    /// \param limit_s seconds; 0 = no watch is kept
    /// \param rank stands in the message
    /// \pre limit_s >= 0
    Watchdog(double limit_s, int rank);
    ~Watchdog();
    Watchdog(const Watchdog&) = delete;
    Watchdog& operator=(const Watchdog&) = delete;

    /// A step was completed and the next begins. Any thread may say so.
    void progress();

  private:
    void watch();

    std::chrono::duration<double> limit_;
    int rank_;
    std::mutex mutex_;
    std::condition_variable ended_;
    bool over_ = false;
    std::chrono::duration<double> idle_{0};  ///< since the last progress
    std::thread thread_;
};

}  // namespace atnas::comm
