// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/task_kind.hpp"

#include <algorithm>
#include <utility>

namespace atnas::app {
namespace {

Complaint read_task_kind(std::string_view text, TaskKind& kind) {
    const std::size_t cross = text.find('x');
    if (cross == std::string_view::npos || read_number(text.substr(0, cross), kind.way) ||
        read_number(text.substr(cross + 1), kind.shot))
        return "\"" + std::string(text) + "\" is not WAYxSHOT, for example 5x1";
    if (kind.way < 2 || kind.way > 10000) return "the way of " + std::string(text) + " must be in 2 ... 10000";
    if (kind.shot < 1 || kind.shot > 10000) return "the shot of " + std::string(text) + " must be in 1 ... 10000";
    return {};
}

}  // namespace

std::string text_of(TaskKind kind) {
    return number_text(kind.way) + "x" + number_text(kind.shot);
}

std::string text_of(const std::vector<TaskKind>& kinds) {
    std::string text;
    for (const TaskKind kind : kinds) text += (text.empty() ? "" : ",") + text_of(kind);
    return text;
}

Complaint read_task_kinds(std::string_view text, std::vector<TaskKind>& kinds) {
    std::vector<TaskKind> found;
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t end = std::min(text.find(',', start), text.size());
        TaskKind kind;
        if (auto complaint = read_task_kind(text.substr(start, end - start), kind)) return complaint;
        if (std::ranges::find(found, kind) != found.end()) return text_of(kind) + " is there twice";
        found.push_back(kind);
        start = end + 1;
    }
    kinds = std::move(found);
    return {};
}

}  // namespace atnas::app
