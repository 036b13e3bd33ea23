// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Kinds of few-shot tasks, as people write them: 5x1 is 5-way 1-shot.

#include <string>
#include <string_view>
#include <vector>

#include "atnas/app/deck/number_text.hpp"

namespace atnas::app {

struct TaskKind {
    int way{5};   ///< classes, at least 2
    int shot{1};  ///< labelled images per class, at least 1

    bool operator==(const TaskKind&) const = default;
};

/// "5x1"
std::string text_of(TaskKind kind);
/// "5x1,20x1"
std::string text_of(const std::vector<TaskKind>& kinds);

/// Reads what text_of() writes into \p kinds, or says why it cannot: no such text, too few classes or images, a kind
/// that is there twice.
Complaint read_task_kinds(std::string_view text, std::vector<TaskKind>& kinds);

}  // namespace atnas::app
