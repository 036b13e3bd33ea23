// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/task_results.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "atnas/meta/tasks_in_flight.hpp"

namespace atnas::engine {
namespace {

/// Of a task: class by label, and labels of its queries.
struct Asked {
    std::vector<int> classes, labels;
};

}  // namespace

int TaskResults::not_finite() const noexcept {
    return static_cast<int>(std::ranges::count_if(loss, [](double value) { return !std::isfinite(value); }));
}

TaskResults run_tasks(const AdaptedSubnet& subnet, int tasks, const TaskOf& task_of,
                      const comm::Communicator& communicator, Confusion* confusion) {
    meta::TaskEvaluator evaluator(subnet.net.plans(), subnet.options);
    std::vector<double> mine;
    meta::TasksInFlight in_flight(subnet.net.supernet());
    for (int t = communicator.rank(); t < tasks; t += communicator.size()) {
        const int lane = in_flight.next();
        const data::Task& task = task_of(t);
        meta::TaskPlan& plan = evaluator.queue(subnet.genotype, task, lane);
        // The task may be gone when its result is there.
        Asked asked;
        if (confusion != nullptr) asked = {task.classes, task.query.labels};
        in_flight.started([&mine, &plan, t, confusion, asked = std::move(asked)] {
            const nn::PassResult result = plan.query_result();
            mine.insert(mine.end(), {static_cast<double>(t), result.accuracy, result.loss});
            if (confusion == nullptr) return;
            std::vector<int> predicted;
            if (std::isfinite(result.loss)) predicted = plan.query_predictions();
            confusion->add({asked.classes, asked.labels, predicted});
        });
    }
    in_flight.finish();
    if (confusion != nullptr) confusion->sum(communicator);
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
