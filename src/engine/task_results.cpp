// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/task_results.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "atnas/meta/tasks_in_flight.hpp"

namespace atnas::engine {

int TaskResults::not_finite() const noexcept {
    return static_cast<int>(std::ranges::count_if(loss, [](double value) { return !std::isfinite(value); }));
}

TaskResults run_tasks(const AdaptedSubnet& subnet, int tasks, const TaskOf& task_of,
                      const comm::Communicator& communicator) {
    meta::TaskEvaluator evaluator(subnet.net.plans(), subnet.options);
    std::vector<double> mine;
    meta::TasksInFlight in_flight(subnet.net.supernet());
    for (int t = communicator.rank(); t < tasks; t += communicator.size()) {
        const int lane = in_flight.next();
        meta::TaskPlan& plan = evaluator.queue(subnet.genotype, task_of(t), lane);
        in_flight.started([&mine, &plan, t] {
            const nn::PassResult result = plan.query_result();
            mine.insert(mine.end(), {static_cast<double>(t), result.accuracy, result.loss});
        });
    }
    in_flight.finish();
    const auto count = static_cast<std::size_t>(tasks);
    TaskResults results{std::vector<double>(count), std::vector<double>(count)};
    const std::vector<double> all = communicator.all_gather(mine);
    for (std::size_t i = 0; i < all.size(); i += 3) {
        const auto task = static_cast<std::size_t>(all[i]);
        results.accuracy[task] = std::isfinite(all[i + 2]) ? all[i + 1] : 0.0;
        results.loss[task] = all[i + 2];
    }
    return results;
}

}  // namespace atnas::engine
