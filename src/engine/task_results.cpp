// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/task_results.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

#include "atnas/engine/calibration.hpp"
#include "atnas/engine/mean_probabilities.hpp"
#include "atnas/engine/softmax.hpp"
#include "atnas/meta/tasks_in_flight.hpp"

namespace atnas::engine {
namespace {

/// The mean probabilities for the queries of a task and their copies, [queries, way]. \pre the plan has just answered
/// the queries
std::vector<float> mean_probabilities(const meta::TaskEvaluator& evaluator, meta::TaskPlan& plan,
                                      const JudgedTasks& tasks, int number, const data::Task& task) {
    const auto way = static_cast<std::size_t>(task.way);
    MeanProbabilities mean;
    mean.add(softmax(plan.query_logits(), way));
    for (int copy = 0; copy < tasks.query_copies; ++copy) {
        evaluator.queue_queries(plan, task, tasks.copy_of(number, task.query, copy));
        mean.add(softmax(plan.query_logits(), way));
    }
    return mean.values();
}

/// The most probable class of each query, by logits or by probabilities.
std::vector<int> most_probable_classes(std::span<const float> answers, int way) {
    const auto classes = static_cast<std::size_t>(way);
    std::vector<int> predicted;
    for (; !answers.empty(); answers = answers.subspan(classes))
        predicted.push_back(static_cast<int>(most_probable(answers.first(classes))));
    return predicted;
}

void note(std::vector<double>& results, int number, const nn::PassResult& result) {
    results.insert(results.end(), {static_cast<double>(number), result.accuracy, result.loss});
}

}  // namespace

int TaskResults::not_finite() const noexcept {
    return static_cast<int>(std::ranges::count_if(loss, [](double value) { return !std::isfinite(value); }));
}

TaskResults run_tasks(const AdaptedSubnet& subnet, const JudgedTasks& tasks, const comm::Communicator& communicator) {
    meta::TaskEvaluator evaluator(subnet.net.plans(), subnet.options);
    std::vector<double> mine;
    meta::TasksInFlight in_flight(subnet.net.supernet());
    for (int t = communicator.rank(); t < tasks.count; t += communicator.size()) {
        const int lane = in_flight.next();
        const data::Task& task = tasks.task_of(t);
        meta::TaskPlan& plan = evaluator.queue(subnet.genotype, task, lane);
        if (tasks.query_copies == 0 && tasks.confusion == nullptr) {
            in_flight.started([&mine, &plan, t] { note(mine, t, plan.query_result()); });
            continue;
        }
        // The task may be gone when its result is there.
        in_flight.started([&mine, &evaluator, &plan, &tasks, t, task] {
            const std::vector<int>& labels = task.query.labels;
            nn::PassResult result = plan.query_result();
            std::vector<float> answers;
            if (tasks.query_copies > 0) {
                answers = mean_probabilities(evaluator, plan, tasks, t, task);
                result = {mean_cross_entropy(answers, labels), share_right(answers, labels)};
            } else {
                answers = plan.query_logits();
            }
            note(mine, t, result);
            if (tasks.confusion == nullptr) return;
            std::vector<int> predicted;
            if (std::isfinite(result.loss)) predicted = most_probable_classes(answers, task.way);
            tasks.confusion->add({task.classes, labels, predicted});
        });
    }
    in_flight.finish();
    if (tasks.confusion != nullptr) tasks.confusion->sum(communicator);
    const auto count = static_cast<std::size_t>(tasks.count);
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
