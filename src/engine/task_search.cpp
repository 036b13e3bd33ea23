// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/task_search.hpp"

#include <span>
#include <vector>

#include "atnas/core/contract.hpp"
#include "atnas/core/timer.hpp"

namespace atnas::engine {
namespace {

/// Rank 0's clock is everybody's.
bool is_over(double seconds, const Stopwatch& clock, const comm::Communicator& communicator) {
    return seconds > 0 && communicator.any(communicator.is_root() && clock.seconds() >= seconds);
}

}  // namespace

SearchEnd search_within(const SearchBudget& budget, EncodeSearch& search, const JudgeEncodes& judge,
                        const std::function<bool()>& stop, const comm::Communicator& communicator) {
    ATNAS_EXPECT(budget.evaluations > 0 || budget.seconds > 0);
    // A small space is soon known; in a large one a generation without a new encode is rare.
    constexpr int most_idle = 20;
    const Stopwatch clock;
    int idle = 0;
    while (idle < most_idle) {
        const std::span<const space::Genotype> asked = search.asked();
        const bool too_many =
            budget.evaluations > 0 && search.evaluations() + asked.size() > budget.evaluations && !asked.empty();
        if (search.generations() > 0 && (too_many || is_over(budget.seconds, clock, communicator)))
            return SearchEnd::budget;
        if (stop()) return SearchEnd::stopped;
        idle = asked.empty() ? idle + 1 : 0;
        std::vector<double> values;
        for (const FoldResult& result : judge(asked)) values.push_back(result.fitness());
        search.tell(values);
    }
    return SearchEnd::exhausted;
}

}  // namespace atnas::engine
