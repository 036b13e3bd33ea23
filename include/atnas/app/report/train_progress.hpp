// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What a person sees while `atnas train` is at work: lines of the log, and metrics.jsonl.

#include <filesystem>
#include <memory>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "atnas/comm/communicator.hpp"
#include "atnas/io/metrics.hpp"

namespace atnas::app {

/// What the search has tried so far.
struct TrialFigures {
    int tried{0}, evaluations{0};  ///< encodes; wanted ones
    double fitness{0};             ///< of the best: exp(-loss) on images held out; not above 0: it had no finite loss
    std::string encode;            ///< the best
    double seconds{0};             ///< since the training began, in runs before this one too
};

/// How many steps a report after \p step of \p steps is about; 0: none is due. There are twenty at most, whose
/// stretches hold every step once. \pre 0 < step <= steps
int stretch_ending(int step, int steps);

/// Steps since the last such figures.
struct StretchFigures {
    int step{0}, steps{0};  ///< done; of all training
    double epoch{0};        ///< passes over the training images so far
    double loss{0};         ///< mean over these steps
    double rate{0};         ///< of the last one
    double images_per_second{0};
    double left{0};     ///< seconds, as long as it goes on like that
    double seconds{0};  ///< since the training began, in runs before this one too
};

std::string text_of(const TrialFigures& figures);
std::string text_of(const StretchFigures& figures);
/// As metrics.jsonl has them; what is not a number becomes null.
nlohmann::json json_of(const TrialFigures& figures);
nlohmann::json json_of(const StretchFigures& figures);

class TrainProgress {
  public:
    explicit TrainProgress(const comm::Communicator& communicator) : communicator_(communicator) {}

    /// Opens metrics.jsonl in the run folder: fresh or, after a restart, to append. Throws Error on every rank.
    /// Collective.
    void start(const std::filesystem::path& folder, io::OpenMode mode);
    /// Log line and metrics. Throws Error(bad_data) on every rank where they cannot be written. Collective.
    /// \pre it has started
    void report(const TrialFigures& figures);
    void report(const StretchFigures& figures);

  private:
    void write(const std::string& text, const nlohmann::json& line);

    const comm::Communicator& communicator_;
    std::unique_ptr<io::MetricsFile> metrics_;  ///< rank 0 only
};

}  // namespace atnas::app
