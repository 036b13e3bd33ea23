// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/import_warnings.hpp"

#include <algorithm>

#include "atnas/core/log.hpp"

namespace atnas::app {

void warn_of(fmt::format_string<const std::string&> line, const std::vector<std::string>& found, const char* what) {
    constexpr std::size_t most = 20;
    for (std::size_t i = 0; i < std::min(found.size(), most); ++i) world_log().warn(fmt::format(line, found[i]));
    if (found.size() > most) world_log().warn("... and {} more {}", found.size() - most, what);
}

void warn_of_skipped(const data::ImportReport& found) {
    warn_of("skipped {}", found.skipped, "images");
}

}  // namespace atnas::app
