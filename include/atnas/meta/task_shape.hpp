// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What a plan must know of a task before it is compiled.

#include "atnas/data/episode_sampler.hpp"
#include "atnas/data/task.hpp"
#include "atnas/meta/statistics.hpp"

namespace atnas::meta {

/// How many images, not which: tasks of unequal shots fit a plan as well as any other of that size.
struct TaskShape {
    int way{5};       ///< classes
    int support{5};   ///< images to learn from, of all classes together
    int queries{75};  ///< images to be judged by, of all classes together
    Statistics statistics{Statistics::query};

    bool operator==(const TaskShape&) const = default;
};

TaskShape shape_of(const data::Task& task, Statistics statistics) noexcept;
/// Of all tasks that such a sampler draws.
TaskShape shape_of(const data::EpisodeOptions& options, Statistics statistics) noexcept;

}  // namespace atnas::meta
