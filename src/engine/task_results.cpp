// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/task_results.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <numeric>
#include <span>

#include "atnas/engine/calibration.hpp"
#include "atnas/engine/mean_probabilities.hpp"
#include "atnas/engine/softmax.hpp"
#include "atnas/meta/tasks_in_flight.hpp"

namespace atnas::engine {
namespace {

/// A task whose queries a plan has just answered, on this lane.
struct Answered {
    meta::TaskEvaluator& evaluator;
    meta::TaskPlan& plan;
    const data::Task& task;
};

/// The mean probabilities of the queries and their copies, [queries, way].
std::vector<float> mean_probabilities(const Answered& answered, std::span<const data::LabelledImages> copies) {
    const auto way = static_cast<std::size_t>(answered.task.way);
    MeanProbabilities mean;
    mean.add(softmax(answered.plan.query_logits(), way));
    for (const data::LabelledImages& copy : copies) {
        answered.evaluator.queue_queries(answered.plan, answered.task, copy);
        mean.add(softmax(answered.plan.query_logits(), way));
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

nn::PassResult result_of(std::span<const float> probabilities, std::span<const int> predicted,
                         std::span<const int> labels) {
    const auto right =
        std::inner_product(labels.begin(), labels.end(), predicted.begin(), 0, std::plus<>(), std::equal_to<>());
    return {mean_cross_entropy(probabilities, labels), static_cast<double>(right) / static_cast<double>(labels.size())};
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
        if (!tasks.copies_of && tasks.confusion == nullptr) {
            in_flight.started([&mine, &plan, t] { note(mine, t, plan.query_result()); });
            continue;
        }
        // The task may be gone when its result is there.
        in_flight.started([&mine, &evaluator, &plan, &tasks, t, task] {
            std::vector<data::LabelledImages> copies;
            if (tasks.copies_of) copies = tasks.copies_of(t, task.query);
            nn::PassResult result = plan.query_result();
            const std::vector<float> answers =
                copies.empty() ? plan.query_logits() : mean_probabilities({evaluator, plan, task}, copies);
            std::vector<int> predicted = most_probable_classes(answers, task.way);
            if (!copies.empty()) result = result_of(answers, predicted, task.query.labels);
            note(mine, t, result);
            if (!std::isfinite(result.loss)) predicted.clear();
            if (tasks.confusion != nullptr) tasks.confusion->add({task.classes, task.query.labels, predicted});
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
