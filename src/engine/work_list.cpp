// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/work_list.hpp"

#include <utility>

#include "atnas/core/contract.hpp"

namespace atnas::engine {
namespace {

std::uint32_t length_of(std::span<const std::size_t> list) {
    return static_cast<std::uint32_t>(list.size());
}

}  // namespace

WorkList::WorkList(Schedule schedule, comm::TaskCounters& counters, std::uint32_t step)
    : schedule_(std::move(schedule)), counters_(counters), step_(step) {
    ATNAS_EXPECT(static_cast<std::size_t>(counters.ranks().back()) < schedule_.size());
}

std::optional<std::size_t> WorkList::take() {
    if (const auto item = take_from(counters_.own_position())) {
        ++own_;
        return item;
    }
    const auto item = steal();
    if (item) ++stolen_;
    return item;
}

std::optional<std::size_t> WorkList::steal() {
    for (;;) {
        std::size_t victim = 0;
        std::uint32_t most = 0;
        for (std::size_t position = 0; position < counters_.ranks().size(); ++position) {
            const std::uint32_t left = counters_.left(position, step_, length_of(list_of(position)));
            if (left > most) {
                victim = position;
                most = left;
            }
        }
        if (most == 0) return {};
        // Others may have been quicker: then there is less left, and the search begins anew.
        if (const auto item = take_from(victim)) return item;
    }
}

std::optional<std::size_t> WorkList::take_from(std::size_t position) {
    const auto list = list_of(position);
    const auto index = counters_.take(position, step_, length_of(list));
    if (!index) return {};
    return list[*index];
}

std::span<const std::size_t> WorkList::list_of(std::size_t position) const {
    return schedule_[static_cast<std::size_t>(counters_.ranks()[position])];
}

}  // namespace atnas::engine
