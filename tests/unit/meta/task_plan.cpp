// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/task_plan.hpp"

#include <algorithm>

#include <cmath>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/gradient_check.hpp"
#include "support/network_task.hpp"

namespace {

using namespace atnas;
using backend::PoolKind;

/// All kinds of nodes, values read by several, by nobody, and through a shared ReLU; odd sizes.
nn::Graph draw(nn::Manifest& manifest) {
    nn::Graph graph(manifest, {1, 2, 7, 5});
    const auto stem =
        graph.norm(graph.convolution(0, 3, {.kernel = {3, 3}, .pad = {1, 1}}, "stem", space::ConvBias::yes),
                   space::NormAffine::yes, "n0");
    graph.norm(graph.convolution(stem, 3, {}, "unread"), space::NormAffine::yes, "n1");
    const auto depthwise = graph.convolution(
        graph.relu(stem), 3, {.kernel = {3, 3}, .stride = {2, 2}, .pad = {2, 2}, .dilation = {2, 2}, .groups = 3},
        "depthwise");
    const auto pooled = graph.pool(stem, {PoolKind::average, {3, 3}, {2, 2}, {1, 1}});
    const auto largest =
        graph.norm(graph.pool(stem, {PoolKind::max, {3, 3}, {2, 2}, {1, 1}}), space::NormAffine::no, "n2");
    const auto odd = graph.subsample(graph.relu(stem), 1);
    const auto sum = graph.sum({depthwise, pooled, odd});
    const auto all = graph.concat({sum, graph.sum({largest, sum}), graph.zeros(graph.shape(sum))});
    graph.flatten(graph.pool(graph.relu(all), {PoolKind::average, {4, 3}, {1, 1}}));
    return graph;
}

constexpr int pixels = 70;  // numbers of one image

struct Bench {
    explicit Bench(space::Head kind, const meta::TaskShape& task)
        : device(backend::make_backend(backend::BackendKind::reference, backend::Precision::f64)),
          context(device->make_context()),
          arena(*device),
          shape(task) {
        nn::Manifest manifest;
        nn::Graph graph = draw(manifest);
        const nn::Head& head = nn::head_of(kind);
        nn::HeadParameters parameters = head.parameters(manifest, shape.way, graph.features());
        store = std::make_unique<nn::ParamStore>(*device, *context, manifest, 1);
        for (const nn::Block& block : store->manifest().blocks())
            for (const float value : test::block_numbers(block)) start.push_back(value);
        set(start);
        plan =
            std::make_unique<meta::TaskPlan>(meta::PlanPlace{*device, *context, arena, *store},
                                             meta::PlanNetwork{std::move(graph), head, std::move(parameters)}, shape);
        plan->write_task(test::task_of(shape, pixels, 1, 2));
    }

    void set(const std::vector<double>& values) {
        const backend::Tensor flat{
            {1, 1, 1, static_cast<int>(values.size())}, backend::Layout::plain, store->values().data()};
        device->write(*context, flat, std::span<const double>(values));
    }
    /// Some moments that no batch has.
    void give_moments() {
        moments = std::make_unique<nn::NormMoments>(*device, plan->graph());
        Bench other(space::Head::linear, {2, 4, 8, meta::Statistics::joint});
        moments->add(*device, *context, 1.25, other.plan->measure());
        plan->normalise_by(*moments);
    }
    double query_loss(const std::vector<double>& values) {
        set(values);
        plan->start();
        plan->query_forward();
        return plan->query_result().loss;
    }
    std::vector<double> query_gradient() {
        plan->query_backward();
        const auto gradient = store->make_sum(meta::TaskPlan::most_addends);
        plan->add_query_gradient(*gradient);
        return test::read_all(*device, *context, *gradient);
    }

    std::unique_ptr<backend::Backend> device;
    std::unique_ptr<backend::Context> context;
    nn::Arena arena;
    meta::TaskShape shape;
    std::unique_ptr<nn::ParamStore> store;
    std::unique_ptr<meta::TaskPlan> plan;
    std::vector<double> start;
    std::unique_ptr<nn::NormMoments> moments;
};

TEST(TaskPlan, gradient_without_steps_is_that_of_the_query_loss) {
    for (const auto head : {space::Head::linear, space::Head::proto, space::Head::cosine})
        for (const auto statistics : {meta::Statistics::query, meta::Statistics::joint, meta::Statistics::running}) {
            Bench bench(head, {3, 6, 6, statistics});
            if (statistics == meta::Statistics::running) bench.give_moments();
            bench.query_loss(bench.start);
            const auto gradient = bench.query_gradient();
            test::expect_gradient(fmt::format("{} {}", space::name_of(head), meta::name_of(statistics)), bench.start,
                                  gradient,
                                  [&](const std::vector<double>& values) { return bench.query_loss(values); });
        }
}

TEST(TaskPlan, one_batch_gives_the_query_gradient_after_a_step_at_rate_zero_too) {
    // With a step it takes the two parts of the gradient one after the other.
    Bench bench(space::Head::proto, {3, 6, 6, meta::Statistics::joint});
    bench.query_loss(bench.start);
    const auto expected = bench.query_gradient();
    bench.plan->start();
    bench.plan->step(0.0f);
    bench.plan->query_forward();
    const auto gradient = bench.query_gradient();
    EXPECT_LE(test::relative_difference(gradient, expected), 1e-10);
    // What a task with steps left has no part in that of one without.
    bench.query_loss(bench.start);
    EXPECT_EQ(bench.query_gradient(), expected);
}

TEST(TaskPlan, a_step_of_one_batch_learns_from_the_support_set_alone) {
    const auto adapted = [](const std::vector<int>& labels) {
        Bench bench(space::Head::linear, {2, 4, 4, meta::Statistics::joint});
        data::Task task = test::task_of(bench.shape, pixels, 3, 4);
        task.query.labels = labels;
        bench.plan->write_task(task);
        bench.query_loss(bench.start);
        bench.query_gradient();
        bench.plan->start();
        bench.plan->step(0.5f);
        const auto difference = bench.store->make_sum(1);
        bench.plan->add_weight_difference(*difference);
        return test::read_all(*bench.device, *bench.context, *difference);
    };
    EXPECT_EQ(adapted({0, 0, 1, 1}), adapted({1, 0, 1, 0}));
}

TEST(TaskPlan, running_statistics_judge_every_query_by_itself) {
    // Each half of the queries by itself, among other images and labels.
    Bench four(space::Head::proto, {2, 4, 4, meta::Statistics::running});
    four.give_moments();
    data::Task task = test::task_of(four.shape, pixels, 3, 4);
    task.query.labels = {0, 1, 0, 1};
    const auto halves = [&](int first) {
        Bench two(space::Head::proto, {2, 4, 2, meta::Statistics::running});
        two.give_moments();
        data::Task part = task;
        part.query.labels = {0, 1};
        part.query.images.assign(task.query.images.begin() + first * pixels,
                                 task.query.images.begin() + (first + 2) * pixels);
        two.plan->write_task(part);
        return two.query_loss(two.start);
    };
    four.plan->write_task(task);
    EXPECT_NEAR(four.query_loss(four.start), (halves(0) + halves(2)) / 2, 1e-12);
}

TEST(TaskPlan, measures_the_moments_of_all_images) {
    // Given its own moments, a joint batch is normalised as by itself.
    Bench bench(space::Head::proto, {3, 6, 6, meta::Statistics::joint});
    const double loss = bench.query_loss(bench.start);
    Bench given(space::Head::proto, {3, 6, 6, meta::Statistics::running});
    bench.set(bench.start);
    given.plan->normalise_by(bench.plan->measure());
    EXPECT_NEAR(given.query_loss(given.start), loss, 1e-12);
}

TEST(TaskPlan, statistics_of_the_support_set_are_constants_of_the_gradient) {
    // The query is the support set: its loss is the same either way, its gradient is not.
    const auto run = [](meta::Statistics statistics) {
        Bench bench(space::Head::linear, {2, 4, 4, statistics});
        bench.plan->write_task(test::task_of(bench.shape, pixels, 3, 3));
        const double loss = bench.query_loss(bench.start);
        return std::pair(loss, bench.query_gradient());
    };
    const auto [loss, gradient] = run(meta::Statistics::query);
    const auto [given_loss, given_gradient] = run(meta::Statistics::support);
    EXPECT_NEAR(loss, given_loss, 1e-12);
    EXPECT_GT(test::relative_difference(given_gradient, gradient), 0.01);
}

TEST(TaskPlan, a_step_is_gradient_descent_on_the_support_loss) {
    Bench bench(space::Head::linear, {2, 4, 4});
    bench.plan->write_task(test::task_of(bench.shape, pixels, 3, 3));
    const double loss = bench.query_loss(bench.start);
    const auto gradient = bench.query_gradient();
    bench.plan->start();
    bench.plan->step(0.5f);
    EXPECT_NEAR(bench.plan->support_result().loss, loss, 1e-12);
    const auto difference = bench.store->make_sum(1);
    bench.plan->add_weight_difference(*difference);
    const auto moved = test::read_all(*bench.device, *bench.context, *difference);
    for (std::size_t i = 0; i < moved.size(); ++i) EXPECT_NEAR(moved[i], 0.5 * gradient[i], 1e-12);
}

/// Steps of the head move nothing else, and the first of them is that of all weights.
TEST(TaskPlan, a_step_of_the_head_leaves_the_network) {
    Bench bench(space::Head::linear, {2, 4, 4});
    const auto moved = [&](nn::WeightSlice::Part adapted) {
        bench.plan->start();
        bench.plan->step(0.5f, adapted);
        const auto difference = bench.store->make_sum(1);
        bench.plan->add_weight_difference(*difference);
        return test::read_all(*bench.device, *bench.context, *difference);
    };
    const auto all = moved(nn::WeightSlice::Part::all);
    const auto head = moved(nn::WeightSlice::Part::head);
    const std::size_t first = bench.store->range(bench.plan->blocks().end()[-2]).first;
    for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(head[i], i < first ? 0 : all[i]) << i;
}

/// The learner's gradient after steps of the head is that of the query loss by all weights where the head is the
/// adapted one: the first order of Raghu et al. 2020. Without steps it is compared with finite differences above.
TEST(TaskPlan, gradient_after_steps_of_the_head_is_that_at_the_adapted_head) {
    Bench bench(space::Head::linear, {3, 6, 6, meta::Statistics::query});
    bench.plan->start();
    for (int step = 0; step < 3; ++step) bench.plan->step(0.5f, nn::WeightSlice::Part::head);
    bench.plan->query_forward();
    const double loss = bench.plan->query_result().loss;
    const auto gradient = bench.query_gradient();
    const auto difference = bench.store->make_sum(1);
    bench.plan->add_weight_difference(*difference);
    std::vector<double> adapted = bench.start;
    const auto moved = test::read_all(*bench.device, *bench.context, *difference);
    for (std::size_t i = 0; i < adapted.size(); ++i) adapted[i] -= moved[i];
    EXPECT_NE(adapted, bench.start);
    EXPECT_NEAR(bench.query_loss(adapted), loss, 1e-10);
    EXPECT_LE(test::relative_difference(gradient, bench.query_gradient()), 1e-9);
}

TEST(TaskPlan, starts_from_the_shared_weights) {
    for (const auto head : space::all_heads) {
        Bench bench(head, {2, 4, 4});
        const double loss = bench.query_loss(bench.start);
        if (head == space::Head::zero) {
            EXPECT_NEAR(loss, std::log(2.0), 1e-12);
        }
        for (int step = 0; step < 3; ++step) bench.plan->step(0.1f);
        bench.plan->query_forward();
        EXPECT_NE(bench.plan->query_result().loss, loss);
        EXPECT_EQ(bench.query_loss(bench.start), loss);
        const auto difference = bench.store->make_sum(1);
        bench.plan->add_weight_difference(*difference);
        EXPECT_EQ(test::norm_of(test::read_all(*bench.device, *bench.context, *difference)), 0)
            << "no step, no difference";
        EXPECT_EQ(test::read_all(*bench.device, *bench.context, bench.store->values()), bench.start);
    }
}

TEST(TaskPlan, adds_blocks_as_their_gradients_become_final) {
    for (const auto head : space::all_heads) {
        SCOPED_TRACE(space::name_of(head));
        Bench bench(head, {2, 4, 4});
        const auto read = [&](const backend::ExactSum& sum) {
            return test::read_all(*bench.device, *bench.context, sum);
        };
        const auto run = [&] {
            bench.set(bench.start);
            bench.plan->start();
            bench.plan->step(0.1f);
            bench.plan->query_forward();
        };
        run();
        const auto expected = bench.query_gradient();
        run();
        const auto gradient = bench.store->make_sum(meta::TaskPlan::most_addends);
        std::vector<std::size_t> firsts;
        std::vector<std::vector<double>> sums;
        int adding = 0;
        bench.plan->query_backward(
            *gradient,
            [&] {
                ++adding;
                EXPECT_EQ(test::norm_of(read(*gradient)), 0) << "added before it was said";
            },
            [&](std::size_t first) {
                firsts.push_back(first);
                sums.push_back(read(*gradient));
            });
        EXPECT_EQ(adding, 1);
        EXPECT_EQ(read(*gradient), expected) << "the same bits";
        ASSERT_GE(firsts.size(), 2u);
        EXPECT_EQ(firsts.back(), 0u);
        EXPECT_GT(firsts.front(), 0u) << "nothing is final before the last pass";
        EXPECT_TRUE(std::is_sorted(firsts.rbegin(), firsts.rend()));
        for (std::size_t k = 0; k < firsts.size(); ++k)
            for (std::size_t i = firsts[k]; i < expected.size(); ++i)
                ASSERT_EQ(sums[k][i], expected[i]) << "element " << i << " was called final too early";
    }
}

/// A task of unequal shots: class 0 has one image to learn from, class 1 has three; queries in no order.
data::Task ragged() {
    data::Task task = test::task_of({2, 4, 4}, pixels, 5, 6);
    task.support.labels = {1, 0, 1, 1};
    task.query.labels = {1, 0, 0, 0};
    return task;
}

/// The same images, \p order[i] in place i.
data::LabelledImages reordered(const data::LabelledImages& from, const std::vector<std::size_t>& order) {
    data::LabelledImages to;
    for (const std::size_t i : order) {
        to.images.insert(to.images.end(), from.images.begin() + static_cast<std::ptrdiff_t>(i * pixels),
                         from.images.begin() + static_cast<std::ptrdiff_t>((i + 1) * pixels));
        to.labels.push_back(from.labels[i]);
    }
    return to;
}

/// Two steps; the loss, then the meta-gradient.
std::vector<double> learn(Bench& bench, const data::Task& task, int steps = 2) {
    bench.plan->write_task(task);
    bench.plan->start();
    for (int step = 0; step < steps; ++step) bench.plan->step(0.1f);
    bench.plan->query_forward();
    std::vector<double> numbers{bench.plan->query_result().loss, bench.plan->query_result().accuracy};
    const auto gradient = bench.query_gradient();
    numbers.insert(numbers.end(), gradient.begin(), gradient.end());
    return numbers;
}

TEST(TaskPlan, labels_belong_to_their_images_whatever_the_order) {
    for (const auto head : space::all_heads) {
        SCOPED_TRACE(space::name_of(head));
        Bench bench(head, {2, 4, 4});
        data::Task shuffled = ragged();
        shuffled.support = reordered(shuffled.support, {2, 3, 1, 0});
        shuffled.query = reordered(shuffled.query, {3, 0, 2, 1});
        const auto expected = learn(bench, ragged());
        EXPECT_LE(test::relative_difference(learn(bench, shuffled), expected), 1e-10);
        data::Task mislabelled = ragged();
        std::swap(mislabelled.support.labels[0], mislabelled.support.labels[1]);
        EXPECT_GT(test::relative_difference(learn(bench, mislabelled), expected), 1e-3);
    }
}

TEST(TaskPlan, duplicated_images_change_nothing_where_every_class_has_as_many_times_more) {
    for (const auto head : space::all_heads) {
        SCOPED_TRACE(space::name_of(head));
        Bench bench(head, {2, 4, 4});
        Bench twice(head, {2, 8, 4});
        data::Task doubled = ragged();
        doubled.support = reordered(doubled.support, {0, 1, 2, 3, 0, 1, 2, 3});
        EXPECT_LE(test::relative_difference(learn(twice, doubled), learn(bench, ragged())), 1e-10);
    }
}

TEST(TaskPlan, gradient_of_unequal_shots_is_that_of_the_query_loss) {
    for (const auto head : {space::Head::linear, space::Head::proto, space::Head::cosine}) {
        Bench bench(head, {2, 4, 4});
        bench.plan->write_task(ragged());
        bench.query_loss(bench.start);
        const auto gradient = bench.query_gradient();
        test::expect_gradient(std::string(space::name_of(head)), bench.start, gradient,
                              [&](const std::vector<double>& values) { return bench.query_loss(values); });
    }
}

TEST(TaskPlan, lists_the_blocks_it_trains) {
    Bench zero(space::Head::zero, {2, 2, 2});
    EXPECT_EQ(zero.plan->blocks().size(), zero.plan->graph().blocks().size());
    Bench linear(space::Head::linear, {2, 2, 2});
    EXPECT_EQ(linear.plan->blocks().size(), linear.store->manifest().blocks().size());
}

}  // namespace
