// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/startup_times.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "atnas/core/timer.hpp"

namespace atnas::app {
namespace {

/// Made before main() begins.
const Stopwatch since_start;

}  // namespace

void StartupTimes::end(const std::string& part) {
    const double now = since_start.seconds();
    parts_.emplace_back(part, now - seconds());
}

double StartupTimes::seconds() const noexcept {
    double sum = 0.0;
    for (const auto& [part, seconds] : parts_) sum += seconds;
    return sum;
}

std::string text_of(const StartupTimes& times) {
    std::string text;
    for (const auto& [part, seconds] : times.parts())
        text += fmt::format("{}{} {:.1f}", text.empty() ? "" : ", ", part, seconds);
    return fmt::format("{:.1f} s ({})", times.seconds(), text);
}

nlohmann::json json_of(const StartupTimes& times) {
    nlohmann::json document = {{"seconds", times.seconds()}};
    for (const auto& [part, seconds] : times.parts()) document[part] = seconds;
    return document;
}

}  // namespace atnas::app
