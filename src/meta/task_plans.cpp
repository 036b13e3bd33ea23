// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/task_plans.hpp"

#include <algorithm>
#include <functional>

#include "atnas/backend/device_services.hpp"
#include "atnas/space/search_space.hpp"

namespace atnas::meta {
namespace {

data::LabelledImages ones(int count, int way, const space::ImageShape& image) {
    const auto pixels = static_cast<std::size_t>(image.channels * image.height * image.width);
    data::LabelledImages images{std::vector<float>(static_cast<std::size_t>(count) * pixels, 1.0f), {}};
    for (int i = 0; i < count; ++i) images.labels.push_back(i % way);
    return images;
}

}  // namespace

TaskPlans::TaskPlans(supernet::Supernet& supernet, const InnerLoopOptions& inner_loop, std::size_t kept)
    : supernet_(supernet), inner_loop_(inner_loop), kept_(kept) {
    for (int lane = 0; lane < supernet.lanes(); ++lane) lanes_.emplace_back(kept);
}

TaskPlan& TaskPlans::plan(const space::Genotype& genotype, const TaskShape& shape, int lane) {
    return lanes_[static_cast<std::size_t>(lane)].get({genotype, shape}, [&] {
        nn::Graph graph = supernet_.graph(genotype);
        nn::HeadParameters parameters = supernet_.head_parameters(shape.way, graph.features());
        std::vector<nn::BlockId> rates = supernet_.rates(graph.blocks(), parameters);
        return std::make_unique<TaskPlan>(
            place_on(supernet_, lane),
            PlanNetwork{std::move(graph), supernet_.head(), std::move(parameters), std::move(rates)}, shape,
            inner_loop_);
    });
}

void TaskPlans::run_once(TaskPlan& plan, backend::ExactSum& gradient) {
    const auto& [way, support, queries, statistics] = plan.shape();
    const space::ImageShape& image = supernet_.options().image;
    plan.write_task({.way = way, .support = ones(support, way, image), .query = ones(queries, way, image)});
    const nn::NormMoments moments(supernet_.backend(), plan.graph());
    if (statistics == Statistics::running) plan.normalise_by(moments);
    plan.start();
    if (inner_loop_.kept_steps > 0 && !supernet_.learns_rates()) plan.keep_step(0.0f);
    plan.step(0.0f);
    if (inner_loop_.query_losses == QueryLosses::every_step) plan.count_query_loss(0.5);
    plan.query_forward();
    plan.query_backward(
        gradient, [] {}, [](std::size_t) {});
    plan.add_weight_difference(gradient);
    static_cast<void>(plan.query_result());
}

void TaskPlans::warm_up(std::span<const TaskShape> shapes) {
    backend::Backend& backend = supernet_.backend();
    backend::DeviceServices* const device = backend.services();
    const auto memory_in_use = [&] { return device != nullptr ? device->memory_use().in_use : 0; };
    const space::SearchSpace& space = supernet_.space();
    std::size_t largest = 0;  // what a plan holds beside the arena
    const auto compile_all = [&](const std::function<void(TaskPlan&)>& use) {
        lanes_.front().clear();
        largest = 0;
        for (const TaskShape& shape : shapes) {
            for (const space::Genotype& genotype : space.extremes()) {
                const std::size_t before = memory_in_use();
                TaskPlan& compiled = plan(genotype, shape);
                largest = std::max(largest, memory_in_use() - before);
                use(compiled);
                // What it was made with is still on its way into memory that others get next.
                backend.finish(supernet_.context());
                lanes_.front().clear();
            }
        }
    };
    // Once to find out what is needed, which takes memory itself, and once to see what a plan takes then.
    compile_all([](TaskPlan&) {});
    const std::size_t most = supernet_.arena(0).most_taken();
    for (int lane = 0; lane < supernet_.lanes(); ++lane) {
        lanes_[static_cast<std::size_t>(lane)].clear();
        supernet_.arena(lane).hold(most);
        if (device != nullptr) device->prepare(supernet_.context(lane));
    }
    const auto gradient = supernet_.weights().make_sum(1);
    backend.clear(supernet_.context(), *gradient);
    compile_all([&](TaskPlan& compiled) { run_once(compiled, *gradient); });
    const std::size_t kept = space.gene_count() > 0 ? kept_ : std::min(kept_, shapes.size());
    // A quarter more for gaps between plans of different sizes.
    reserved_ = lanes_.size() * kept * largest / 4 * 5;
    if (device != nullptr) device->reserve(reserved_);
}

}  // namespace atnas::meta
