// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/task_shape.hpp"

namespace atnas::meta {

TaskShape shape_of(const data::Task& task, Transductive transductive) noexcept {
    return {task.way, task.support.count(), task.query.count(), transductive};
}

TaskShape shape_of(const data::EpisodeOptions& options, Transductive transductive) noexcept {
    return {options.way, options.way * options.shot, options.way * options.query, transductive};
}

}  // namespace atnas::meta
