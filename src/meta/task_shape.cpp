// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/task_shape.hpp"

namespace atnas::meta {

TaskShape shape_of(const data::Task& task, Statistics statistics) noexcept {
    return {task.way, task.support.count(), task.query.count(), statistics};
}

TaskShape shape_of(const data::EpisodeOptions& options, Statistics statistics) noexcept {
    return {options.way, options.way * options.shot * (1 + options.copies.count), options.way * options.query,
            statistics};
}

}  // namespace atnas::meta
