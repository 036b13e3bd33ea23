// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/load_report.hpp"

#include <numeric>
#include <vector>

#include <nlohmann/json.hpp>

namespace atnas::app {

LoadReport load_report(std::span<const double> own, const comm::Communicator& communicator) {
    const std::span<const double> half = own.subspan(own.size() / 2);
    if (half.empty()) return {};
    const auto iterations = static_cast<double>(half.size());
    const auto sum = [](std::span<const double> values) { return std::accumulate(values.begin(), values.end(), 0.0); };
    const double total = sum(half);
    std::vector<double> busiest(half.begin(), half.end());
    communicator.max(busiest);
    const double all = sum(communicator.all_gather(std::span(&total, 1)));
    return {.mean = all / communicator.size() / iterations, .busiest = sum(busiest) / iterations};
}

nlohmann::json json_of(const LoadReport& report) {
    return {{"mean", report.mean}, {"busiest", report.busiest}};
}

}  // namespace atnas::app
