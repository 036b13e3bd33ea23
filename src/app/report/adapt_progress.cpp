// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/adapt_progress.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace atnas::app {
namespace {

constexpr int lines = 20;

/// "3" or "3/50" with a limit.
std::string of(const std::string& done, const std::string& limit) {
    return limit.empty() ? done : done + "/" + limit;
}

}  // namespace

double AdaptProgress::share(const engine::SearchProgress& progress) const noexcept {
    const double evaluations =
        budget_.evaluations > 0 ? static_cast<double>(progress.evaluations) / static_cast<double>(budget_.evaluations)
                                : 0;
    return std::max(evaluations, budget_.seconds > 0 ? progress.seconds / budget_.seconds : 0);
}

std::optional<std::string> AdaptProgress::line(const engine::SearchProgress& progress) {
    const int reached = static_cast<int>(std::min(1.0, share(progress)) * lines);
    if (reached <= said_) return {};
    said_ = reached;
    const std::string judged = of(fmt::format("{}", progress.evaluations),
                                  budget_.evaluations > 0 ? fmt::format("{}", budget_.evaluations) : "");
    const std::string seconds =
        of(fmt::format("{:.1f}", progress.seconds), budget_.seconds > 0 ? fmt::format("{:.1f}", budget_.seconds) : "");
    const std::string best = progress.fitness > 0
                                 ? fmt::format("has a loss of {:.4f} on held-out images", -std::log(progress.fitness))
                                 : std::string("has no finite loss");
    return fmt::format("search: {} encodes judged, {} s, the best {}", judged, seconds, best);
}

}  // namespace atnas::app
