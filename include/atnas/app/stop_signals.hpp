// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Signals that ask a run to stop in time.

#include <array>
#include <string>

#include <csignal>

namespace atnas::app {

/// While the object lives, SIGTERM, SIGINT and SIGUSR1 set a flag instead of ending the process. One object at a time.
class StopSignals {
  public:
    StopSignals();
    /// Puts the former handlers back.
    ~StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

    /// Name of the last such signal that this process got, e.g. "SIGTERM"; empty when there was none.
    std::string arrived() const;

    static constexpr std::array signals{SIGTERM, SIGINT, SIGUSR1};

  private:
    std::array<struct sigaction, signals.size()> former_{};
};

}  // namespace atnas::app
