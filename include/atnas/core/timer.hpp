// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Where the time of a rank goes.

#include <array>
#include <chrono>
#include <cstddef>
#include <span>
#include <string_view>

namespace atnas {

/// waiting: for ranks that are not ready for the same step yet.
enum class Phase { forward, backward, optimizer, reduction, evaluation, migration, checkpoint, waiting, count };
inline constexpr std::size_t phase_count = static_cast<std::size_t>(Phase::count);
std::string_view name_of(Phase phase) noexcept;

/// Is told when phases begin and end: profilers draw them over what the device does.
class PhaseObserver {
  public:
    virtual ~PhaseObserver() = default;
    virtual void begin(Phase phase) noexcept = 0;
    virtual void end() noexcept = 0;
};

/// Seconds of wall time per phase of this rank. Phases do not nest.
class PhaseTimes {
  public:
    /// \p observer: outlives the object, or null.
    explicit PhaseTimes(PhaseObserver* observer = nullptr) noexcept : observer_(observer) {}
    PhaseObserver* observer() const noexcept { return observer_; }
    void add(Phase phase, double seconds) noexcept { seconds_[static_cast<std::size_t>(phase)] += seconds; }
    double seconds(Phase phase) const noexcept { return seconds_[static_cast<std::size_t>(phase)]; }
    /// In the order of Phase.
    std::span<const double> seconds() const noexcept { return seconds_; }

  private:
    PhaseObserver* observer_;
    std::array<double, phase_count> seconds_{};
};

/// Seconds since construction, from a monotonic clock.
class Stopwatch {
  public:
    double seconds() const noexcept {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    }

  private:
    std::chrono::steady_clock::time_point start_{std::chrono::steady_clock::now()};
};

/// CPU seconds of the calling thread: other processes on its core do not count.
double thread_cpu_seconds() noexcept;

/// Adds the lifetime of the object to one phase.
class PhaseScope {
  public:
    PhaseScope(PhaseTimes& times, Phase phase) noexcept : times_(times), phase_(phase) {
        if (times_.observer() != nullptr) times_.observer()->begin(phase);
    }
    ~PhaseScope() {
        times_.add(phase_, watch_.seconds());
        if (times_.observer() != nullptr) times_.observer()->end();
    }
    PhaseScope(const PhaseScope&) = delete;
    PhaseScope& operator=(const PhaseScope&) = delete;

  private:
    PhaseTimes& times_;
    Phase phase_;
    Stopwatch watch_;
};

}  // namespace atnas
