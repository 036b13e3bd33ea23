// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/schedule.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <numeric>

#include "atnas/core/contract.hpp"

namespace atnas::engine {
namespace {

/// The loads of all ranks as a tree whose nodes hold the least loaded rank below them.
class Loads {
  public:
    explicit Loads(int ranks)
        : leaves_(std::bit_ceil(static_cast<std::size_t>(ranks))),
          loads_(leaves_, std::numeric_limits<double>::infinity()),
          least_(2 * leaves_) {
        std::fill_n(loads_.begin(), ranks, 0.0);
        std::iota(least_.begin() + static_cast<std::ptrdiff_t>(leaves_), least_.end(), std::size_t{0});
        for (std::size_t node = leaves_ - 1; node > 0; --node) update(node);
    }

    double of(std::size_t rank) const { return loads_[rank]; }

    /// Equal ones: the lowest.
    std::size_t least() const { return least_[1]; }

    std::size_t least_of(const comm::RankBlock& block) const {
        auto first = static_cast<std::size_t>(block.first);
        auto end = first + static_cast<std::size_t>(block.count);
        std::size_t found = first;
        for (first += leaves_, end += leaves_; first < end; first /= 2, end /= 2) {
            if (first % 2 == 1) found = lesser(found, least_[first++]);
            if (end % 2 == 1) found = lesser(found, least_[--end]);
        }
        return found;
    }

    void add(std::size_t rank, double cost) {
        loads_[rank] += cost;
        for (std::size_t node = (leaves_ + rank) / 2; node > 0; node /= 2) update(node);
    }

  private:
    std::size_t lesser(std::size_t a, std::size_t b) const {
        if (loads_[a] != loads_[b]) return loads_[a] < loads_[b] ? a : b;
        return std::min(a, b);
    }
    void update(std::size_t node) { least_[node] = lesser(least_[2 * node], least_[2 * node + 1]); }

    std::size_t leaves_;
    std::vector<double> loads_;
    std::vector<std::size_t> least_;  ///< the children of node n are 2n and 2n + 1; 1 is the root
};

}  // namespace

Schedule make_schedule(std::span<const WorkItem> items, int ranks, const ScheduleOptions& options) {
    ATNAS_EXPECT(ranks > 0 && options.slack >= 0);
    std::vector<std::size_t> order(items.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return items[a].cost > items[b].cost; });
    double total = 0;
    for (const WorkItem& item : items) total += item.cost;
    const double limit = total / ranks * (1 + options.slack);

    Schedule schedule(static_cast<std::size_t>(ranks));
    Loads loads(ranks);
    for (const std::size_t index : order) {
        const WorkItem& item = items[index];
        ATNAS_EXPECT(item.home.first >= 0 && item.home.count > 0 && item.home.first + item.home.count <= ranks);
        std::size_t rank = loads.least_of(item.home);
        if (loads.of(rank) + item.cost > limit && loads.of(loads.least()) < loads.of(rank)) rank = loads.least();
        schedule[rank].push_back(index);
        loads.add(rank, item.cost);
    }
    return schedule;
}

}  // namespace atnas::engine
