// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// How long it takes a process until it has done something, and with what.

#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace atnas::app {

/// The way from the start of this process to the end of its first meta-iteration, in parts that follow each other.
class StartupTimes {
  public:
    /// The first part, "launch", ends now: MPI, command line, deck.
    StartupTimes() { end("launch"); }

    /// A part ends now; it began where the one before ended.
    void end(const std::string& part);
    /// Names and seconds, in the order of time.
    const std::vector<std::pair<std::string, double>>& parts() const noexcept { return parts_; }
    /// From the start of the process to the end of the last part.
    double seconds() const noexcept;

  private:
    std::vector<std::pair<std::string, double>> parts_;
};

/// "5.1 s (launch 0.3, network 4.8)"
std::string text_of(const StartupTimes& times);
/// Seconds by part, and their sum as "seconds".
nlohmann::json json_of(const StartupTimes& times);

}  // namespace atnas::app
