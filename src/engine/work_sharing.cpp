// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/work_sharing.hpp"

namespace atnas::engine {

WorkSharing::WorkSharing(const comm::Communicator& communicator, const WorkSharingOptions& options)
    : options_(options), ranks_(communicator.size()), counters_(communicator, options.scope) {}

WorkList WorkSharing::begin(std::span<const WorkItem> items) {
    return {make_schedule(items, ranks_, options_.schedule), counters_, ++step_};
}

void WorkSharing::end(const WorkList& list) noexcept {
    figures_.own += list.own();
    figures_.stolen += list.stolen();
}

}  // namespace atnas::engine
