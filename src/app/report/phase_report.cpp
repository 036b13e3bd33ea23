// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/phase_report.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace atnas::app {

PhaseReport phase_report(const PhaseTimes& own, const comm::Communicator& communicator) {
    const std::vector<double> all = communicator.all_gather(own.seconds());
    PhaseReport report;
    for (std::size_t p = 0; p < phase_count; ++p) {
        Spread& spread = report[p];
        spread.min = all[p];
        for (std::size_t at = p; at < all.size(); at += phase_count) {
            spread.min = std::min(spread.min, all[at]);
            spread.max = std::max(spread.max, all[at]);
            spread.avg += all[at] / communicator.size();
        }
    }
    return report;
}

std::string text_of(const PhaseReport& report) {
    std::string text;
    for (std::size_t p = 0; p < phase_count; ++p)
        text += fmt::format("{}{} {:.2f}/{:.2f}/{:.2f}", p == 0 ? "" : ", ", name_of(static_cast<Phase>(p)),
                            report[p].min, report[p].avg, report[p].max);
    return text;
}

nlohmann::json json_of(const PhaseReport& report) {
    nlohmann::json json;
    for (std::size_t p = 0; p < phase_count; ++p)
        json[std::string(name_of(static_cast<Phase>(p)))] = {
            {"min", report[p].min}, {"avg", report[p].avg}, {"max", report[p].max}};
    return json;
}

}  // namespace atnas::app
