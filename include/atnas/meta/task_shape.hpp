// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What a plan must know of a task before it is compiled.

#include "atnas/data/episode_sampler.hpp"
#include "atnas/data/task.hpp"

namespace atnas::meta {

enum class Transductive { no, yes };  ///< no: the query is normalised with the support set's statistics

/// How many images, not which: tasks of unequal shots fit a plan as well as any other of that size.
struct TaskShape {
    int way{5};       ///< classes
    int support{5};   ///< images to learn from, of all classes together
    int queries{75};  ///< images to be judged by, of all classes together
    Transductive transductive{Transductive::yes};

    bool operator==(const TaskShape&) const = default;
};

TaskShape shape_of(const data::Task& task, Transductive transductive) noexcept;
/// Of all tasks that such a sampler draws.
TaskShape shape_of(const data::EpisodeOptions& options, Transductive transductive) noexcept;

}  // namespace atnas::meta
