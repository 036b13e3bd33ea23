// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/task.hpp"

#include <algorithm>

namespace atnas::data {

bool labels_fit(const Task& task) noexcept {
    const auto is_class = [&](int label) { return 0 <= label && label < task.way; };
    const auto& learned = task.support.labels;
    for (int c = 0; c < task.way; ++c)
        if (std::ranges::find(learned, c) == learned.end()) return false;
    return std::ranges::all_of(learned, is_class) && std::ranges::all_of(task.query.labels, is_class);
}

}  // namespace atnas::data
