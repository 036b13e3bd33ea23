// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/meta_learner.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "atnas/data/split.hpp"
#include "atnas/data/strokes.hpp"
#include "atnas/meta/episode_evaluator.hpp"
#include "atnas/meta/learner_registry.hpp"
#include "atnas/meta/meta_gradient.hpp"
#include "atnas/meta/outer_optimizer.hpp"
#include "atnas/space/search_space.hpp"
#include "support/mean_accuracies.hpp"
#include "support/network_task.hpp"
#include "support/second_order.hpp"

namespace {

using namespace atnas;

/// Training and unseen classes of drawings, and a small conv4.
class MetaLearner : public testing::Test {
  protected:
    MetaLearner() : images_(data::make_strokes({.classes = 40, .classes_per_group = 40, .size = 16})) {
        options_.kind = "conv4";
        options_.channels = 16;
        options_.head = space::Head::linear;
        options_.image = images_.shape;
        std::vector<int> classes(40);
        std::iota(classes.begin(), classes.end(), 0);
        const std::span<const int> all(classes);
        train_ = std::make_unique<data::EpisodeSampler>(images_, all.first(30), task_);
        unseen_ = std::make_unique<data::EpisodeSampler>(images_, all.last(10), task_);
        device_ = backend::make_backend(backend::BackendKind::onednn);
        supernet_ = std::make_unique<supernet::Supernet>(*device_, options_, 1);
        plans_ = std::make_unique<meta::TaskPlans>(*supernet_, meta::InnerLoopOptions{.kept_steps = 3});
    }

    /// A new supernet, with learned rates for three steps.
    void use_rates(float initial) {
        plans_.reset();
        supernet_ = std::make_unique<supernet::Supernet>(*device_, options_, 1, 1, supernet::RateOptions{3, initial});
        plans_ = std::make_unique<meta::TaskPlans>(*supernet_, meta::InnerLoopOptions{.kept_steps = 3});
    }

    double accuracy_on_unseen_classes() { return accuracy_on_unseen_classes(adaptation_); }
    double accuracy_on_unseen_classes(const meta::AdaptationOptions& adaptation) {
        std::vector<data::Task> tasks(20);
        for (std::uint32_t t = 0; t < 20; ++t)
            unseen_->sample({.seed = 1, .purpose = Purpose::fitness_episode, .item = t}, tasks[t]);
        meta::EpisodeEvaluator evaluator(*plans_, tasks, {.adaptation = adaptation});
        return test::mean_accuracies(evaluator, std::vector<space::Genotype>(1), tasks.size()).front();
    }

    void train(meta::Learner kind, const meta::OuterOptions& outer, int iterations,
               const meta::AdaptationOptions& options, int shot) {
        constexpr int tasks = 4;
        std::vector<int> classes(30);
        std::iota(classes.begin(), classes.end(), 0);
        const data::EpisodeSampler train(images_, classes, {.way = task_.way, .shot = shot, .query = task_.query});
        const auto learner = meta::make_meta_learner(kind, meta::Adaptation(options));
        const auto optimizer = meta::make_outer_optimizer(*device_, supernet_->context(), supernet_->weights(), outer);
        meta::MetaGradient gradient(*device_, supernet_->context(), supernet_->weights(), tasks);
        data::Task drawn;
        for (int iteration = 0; iteration < iterations; ++iteration) {
            gradient.clear();
            for (int task = 0; task < tasks; ++task) {
                train.sample({.seed = 1,
                              .purpose = Purpose::train_episode,
                              .iteration = static_cast<std::uint32_t>(iteration),
                              .item = static_cast<std::uint32_t>(task)},
                             drawn);
                meta::TaskPlan& plan = plans_->plan({}, meta::shape_of(drawn, meta::Statistics::query));
                const auto result = learner->learn(plan, drawn, gradient.sum());
                gradient.count_task(plan.blocks(), result);
            }
            gradient.seal();
            const auto summary = gradient.summary();
            EXPECT_EQ(summary.tasks, tasks);
            ASSERT_TRUE(summary.finite);
            optimizer->step(gradient.sum(), summary.uses, meta::rate_at(outer, iteration));
        }
    }

    const data::EpisodeOptions task_{.way = 5, .shot = 1, .query = 5};
    const meta::AdaptationOptions adaptation_{3, 0.1f};
    data::ImageSet images_;
    space::NetworkOptions options_;
    std::unique_ptr<data::EpisodeSampler> train_, unseen_;
    std::unique_ptr<backend::Backend> device_;
    std::unique_ptr<supernet::Supernet> supernet_;
    std::unique_ptr<meta::TaskPlans> plans_;
};

TEST_F(MetaLearner, fomaml_learns_to_learn) {
    const double before = accuracy_on_unseen_classes();
    train(meta::Learner::fomaml, {.rate = 3e-3}, 60, adaptation_, 1);
    const double after = accuracy_on_unseen_classes();
    EXPECT_GT(after, before + 0.08);
    EXPECT_GT(after, 0.4) << "chance is 0.2";
}

/// A learner by what it is: the slope of the query loss after adaptation, at weights and tasks of tests/golden, away
/// from kinks.
class Slope : public testing::Test {
  protected:
    /// A conv4 of these, and its task.
    struct Case {
        space::Head head;
        space::ImageShape image;
        int shot;
        meta::Statistics statistics;
    };
    static constexpr std::array cases{Case{space::Head::linear, {1, 16, 16}, 1, meta::Statistics::query},
                                      Case{space::Head::linear, {1, 16, 16}, 2, meta::Statistics::joint},
                                      Case{space::Head::proto, {1, 24, 20}, 2, meta::Statistics::query},
                                      Case{space::Head::cosine, {1, 16, 16}, 2, meta::Statistics::joint}};

    /// Compares the learner's gradient with slopes, by the weights that \p moves names. \p rates: learned ones.
    void expect_slopes(const Case& c, meta::Learner learner, int steps, const supernet::RateOptions& rates,
                       const std::function<bool(const nn::Block&)>& moves) {
        space::NetworkOptions options;
        options.kind = "conv4";
        options.channels = 8;
        options.head = c.head;
        options.image = c.image;
        options.way = 3;
        supernet::Supernet supernet(*device_, options, 1, 1, rates);
        test::fill_weights(supernet);
        meta::TaskPlans plans(supernet, {.kept_steps = steps});
        meta::TaskPlan& plan = plans.plan({}, {3, 3 * c.shot, 6, c.statistics});
        const data::Task task = test::task_of(plan.shape(), c.image.height * c.image.width, 1000001, 1000002);
        const meta::Adaptation adaptation({steps, 0.25f});
        const auto sum = supernet.weights().make_sum(meta::TaskPlan::most_addends);
        meta::make_meta_learner(learner, adaptation)->learn(plan, task, *sum);
        auto gradient = test::read_all(*device_, supernet.context(), *sum);
        std::vector<double> moving;
        for (const nn::Block& block : supernet.manifest().blocks())
            moving.insert(moving.end(), block.shape.count(), moves(block) ? 1.0 : 0.0);
        for (std::size_t i = 0; i < moving.size(); ++i) gradient[i] *= moving[i];
        ASSERT_GT(test::norm_of(gradient), 0);

        backend::Buffer& weights = supernet.weights().values();
        const auto start = test::read_all(*device_, supernet.context(), weights);
        const auto loss_at = [&](const std::vector<float>& direction, double distance) {
            std::vector<double> moved = start;
            for (std::size_t i = 0; i < moved.size(); ++i) moved[i] += distance * moving[i] * direction[i];
            const backend::Tensor flat{
                {1, 1, 1, static_cast<int>(moved.size())}, backend::Layout::plain, weights.data()};
            device_->write(supernet.context(), flat, std::span<const double>(moved));
            return adaptation.run(plan, task).loss;
        };
        for (std::uint64_t stream = 0; stream < 5; ++stream) {
            const auto direction = test::numbers(start.size(), stream);
            constexpr double distance = 1e-8;
            const double slope = (loss_at(direction, distance) - loss_at(direction, -distance)) / (2 * distance);
            double expected = 0;
            for (std::size_t i = 0; i < start.size(); ++i) expected += gradient[i] * direction[i];
            EXPECT_NEAR(slope, expected, 1e-4 * test::norm_of(gradient)) << space::name_of(c.head) << ' ' << stream;
        }
    }

    std::unique_ptr<backend::Backend> device_ =
        backend::make_backend(backend::BackendKind::reference, backend::Precision::f64);
};

TEST_F(Slope, of_the_whole_objective_is_second_order) {
    for (const Case& c : cases) expect_slopes(c, meta::Learner::maml, 2, {}, [](const nn::Block&) { return true; });
}

/// After one step nothing is left out of it.
TEST_F(Slope, by_the_rates_of_one_step_is_of_first_order) {
    const auto is_rate = [](const nn::Block& block) { return block.name.starts_with("rates/"); };
    for (const Case& c : cases) expect_slopes(c, meta::Learner::meta_sgd, 1, {.steps = 1}, is_rate);
}

/// The gradient of a weighted sum of losses is that sum of their gradients.
class QueryLossesOfAllSteps : public Slope {
  protected:
    static constexpr int steps = 3;
    static constexpr double early = 0.2;

    static void expect_sum(backend::Backend& device, const Case& c, meta::Learner learner, double tolerance) {
        SCOPED_TRACE(std::string(space::name_of(c.head)) + ' ' + entry_of(learner).name);
        space::NetworkOptions options;
        options.kind = "conv4";
        options.channels = 8;
        options.head = c.head;
        options.image = c.image;
        options.way = 3;
        const bool rates = learner == meta::Learner::meta_sgd;
        supernet::Supernet supernet(device, options, 1, 1,
                                    rates ? supernet::RateOptions{steps, 0.2f} : supernet::RateOptions{});
        test::fill_weights(supernet);
        meta::TaskPlans plans(supernet,
                              {.kept_steps = rates ? steps : 0, .query_losses = meta::QueryLosses::every_step});
        meta::TaskPlan& plan = plans.plan({}, {3, 3 * c.shot, 6, c.statistics});
        const data::Task task = test::task_of(plan.shape(), c.image.height * c.image.width, 1000001, 1000002);
        const auto gradient_of = [&](int made, double early_loss) {
            const meta::AdaptationOptions adaptation{.steps = made, .rate = 0.25f, .early_loss = early_loss};
            const auto sum = supernet.weights().make_sum(meta::TaskPlan::most_addends);
            meta::make_meta_learner(learner, meta::Adaptation(adaptation))->learn(plan, task, *sum);
            return test::read_all(device, supernet.context(), *sum);
        };
        const std::vector<double> last = gradient_of(steps, 0);
        std::vector<double> expected = last;
        for (double& value : expected) value *= 1 - (steps - 1) * early;
        for (int made = 1; made < steps; ++made) {
            const auto gradient = gradient_of(made, 0);
            for (std::size_t i = 0; i < expected.size(); ++i) expected[i] += early * gradient[i];
        }
        const auto all = gradient_of(steps, early);
        EXPECT_LT(test::relative_difference(all, expected), tolerance);
        EXPECT_GT(test::relative_difference(all, last), 1e-3);
        EXPECT_EQ(gradient_of(steps, 0), last) << "nothing stays behind";
    }
};

TEST_F(QueryLossesOfAllSteps, add_up) {
    const auto onednn = backend::make_backend(backend::BackendKind::onednn);
    for (const auto learner : {meta::Learner::fomaml, meta::Learner::anil, meta::Learner::meta_sgd}) {
        for (const Case& c : cases) {
            expect_sum(*device_, c, learner, 1e-9);
            expect_sum(*onednn, c, learner, 1e-4);
        }
    }
}

TEST_F(MetaLearner, maml_without_steps_is_fomaml) {
    options_.head = space::Head::proto;
    supernet::Supernet supernet(*device_, options_, 1);
    meta::TaskPlans plans(supernet, {.kept_steps = 3});
    data::Task drawn;
    train_->sample({.seed = 1, .purpose = Purpose::train_episode}, drawn);
    meta::TaskPlan& plan = plans.plan({}, meta::shape_of(task_, meta::Statistics::query));
    const auto gradient_of = [&](meta::Learner kind, int steps) {
        const auto sum = supernet.weights().make_sum(meta::TaskPlan::most_addends);
        meta::make_meta_learner(kind, meta::Adaptation({steps, 0.1f}))->learn(plan, drawn, *sum);
        return test::read_all(*device_, supernet.context(), *sum);
    };
    EXPECT_EQ(gradient_of(meta::Learner::maml, 0), gradient_of(meta::Learner::fomaml, 0));
    EXPECT_GT(test::relative_difference(gradient_of(meta::Learner::maml, 3), gradient_of(meta::Learner::fomaml, 3)),
              1e-2);
}

/// In single precision, by differences: see the comment in trajectory.cpp.
TEST_F(MetaLearner, second_order_on_onednn_is_that_of_double_precision) {
    test::expect_second_order_of_double_precision(*device_, 16);
}

TEST_F(MetaLearner, gives_the_same_bits_where_a_reduction_follows_block_by_block) {
    data::Task drawn;
    train_->sample({.seed = 1, .purpose = Purpose::train_episode}, drawn);
    for (const auto head : {space::Head::linear, space::Head::proto})
        for (const auto& entry : meta::learner_registry()) {
            options_.head = head;
            const int rates = entry.kept == meta::Kept::directions ? 3 : 0;
            supernet::Supernet supernet(*device_, options_, 1, 1, {.steps = rates});
            const bool second_order = entry.kept == meta::Kept::way;
            meta::TaskPlans plans(
                supernet, {.kept_steps = second_order || rates > 0 ? 3 : 0,
                           .query_losses = second_order ? meta::QueryLosses::last : meta::QueryLosses::every_step});
            meta::TaskPlan& plan = plans.plan({}, meta::shape_of(task_, meta::Statistics::query));
            for (const double early_loss : {0.0, 0.2}) {
                if (second_order && early_loss > 0) continue;
                meta::AdaptationOptions adaptation = adaptation_;
                adaptation.early_loss = early_loss;
                const auto learner = meta::make_meta_learner(entry.learner, meta::Adaptation(adaptation));
                const auto whole = supernet.weights().make_sum(meta::TaskPlan::most_addends);
                const auto parts = supernet.weights().make_sum(meta::TaskPlan::most_addends);
                learner->learn(plan, drawn, *whole);
                learner->run_last(
                    plan, drawn, *parts, [] {}, [](std::size_t) {});
                EXPECT_EQ(test::read_all(*device_, supernet.context(), *parts),
                          test::read_all(*device_, supernet.context(), *whole))
                    << entry.name << ' ' << early_loss;
            }
        }
}

TEST_F(MetaLearner, anil_learns_to_learn) {
    meta::AdaptationOptions adaptation = adaptation_;
    adaptation.adapted = nn::WeightSlice::Part::head;
    const double before = accuracy_on_unseen_classes(adaptation);
    train(meta::Learner::anil, {.rate = 3e-3}, 60, adaptation_, 1);
    const double after = accuracy_on_unseen_classes(adaptation);
    EXPECT_GT(after, before + 0.08);
    EXPECT_GT(after, 0.4) << "chance is 0.2";
}

TEST_F(MetaLearner, meta_sgd_learns_to_learn_and_its_rates) {
    use_rates(0.01f);
    const double before = accuracy_on_unseen_classes();
    train(meta::Learner::meta_sgd, {.rate = 3e-3}, 60, adaptation_, 1);
    const double after = accuracy_on_unseen_classes();
    EXPECT_GT(after, before + 0.08);
    EXPECT_GT(after, 0.4) << "chance is 0.2";
    const auto weights = nn::download(*device_, supernet_->context(), supernet_->weights().values());
    for (const nn::Block& block : supernet_->manifest().blocks()) {
        // A bias before a norm has no gradient to step along.
        if (!block.name.starts_with("rates/") || block.name.ends_with("conv/bias")) continue;
        for (std::size_t k = 0; k < block.shape.count(); ++k)
            EXPECT_NE(weights[block.offset + k], 0.01f) << block.name << ' ' << k;
    }
    // Further steps have the rates of the last one.
    meta::AdaptationOptions longer = adaptation_;
    longer.steps = 6;
    EXPECT_GT(accuracy_on_unseen_classes(longer), 0.4);
}

TEST_F(MetaLearner, meta_sgd_with_equal_rates_steps_as_fomaml) {
    data::Task drawn;
    train_->sample({.seed = 1, .purpose = Purpose::train_episode}, drawn);
    for (const auto head : {space::Head::linear, space::Head::proto}) {
        options_.head = head;
        const auto gradient_of = [&](meta::Learner learner, const supernet::RateOptions& rates, float rate) {
            supernet::Supernet supernet(*device_, options_, 1, 1, rates);
            meta::TaskPlans plans(supernet, {.kept_steps = 3});
            meta::TaskPlan& plan = plans.plan({}, meta::shape_of(task_, meta::Statistics::query));
            const auto sum = supernet.weights().make_sum(meta::TaskPlan::most_addends);
            meta::make_meta_learner(learner, meta::Adaptation({3, rate}))->learn(plan, drawn, *sum);
            return test::read_all(*device_, supernet.context(), *sum);
        };
        const auto fomaml = gradient_of(meta::Learner::fomaml, {}, 0.1f);
        const auto meta_sgd = gradient_of(meta::Learner::meta_sgd, {3, 0.1f}, 7.0f);
        const auto weights = std::span(meta_sgd).first(fomaml.size());
        EXPECT_LE(test::relative_difference(weights, fomaml), 1e-4) << name_of(head);
        EXPECT_GT(test::norm_of(std::span(meta_sgd).subspan(fomaml.size())), 0) << name_of(head);
    }
}

TEST_F(MetaLearner, reptile_learns_to_learn) {
    const double before = accuracy_on_unseen_classes();
    train(meta::Learner::reptile, {.rate = 3e-3}, 150, {5, 0.2f}, 5);
    const double after = accuracy_on_unseen_classes();
    EXPECT_GT(after, before + 0.08);
    EXPECT_GT(after, 0.4) << "chance is 0.2";
}

TEST_F(MetaLearner, adapts_the_part_of_the_weights_that_is_the_learners) {
    data::Task drawn;
    train_->sample({.seed = 1, .purpose = Purpose::train_episode}, drawn);
    meta::TaskPlan& plan = plans_->plan({}, meta::shape_of(task_, meta::Statistics::query));
    const std::size_t head = supernet_->weights().range(plan.blocks().end()[-2]).first;
    for (const auto& entry : meta::learner_registry()) {
        meta::make_meta_learner(entry.learner, meta::Adaptation(adaptation_))->run(plan, drawn);
        const auto difference = supernet_->weights().make_sum(1);
        plan.add_weight_difference(*difference);
        const auto moved = test::read_all(*device_, supernet_->context(), *difference);
        const auto network = std::span(moved).first(head);
        EXPECT_EQ(test::norm_of(network) > 0, entry.adapted == nn::WeightSlice::Part::all) << entry.name;
        EXPECT_GT(test::norm_of(std::span(moved).subspan(head)), 0) << entry.name;
    }
}

TEST_F(MetaLearner, contributions_add_up) {
    data::Task drawn;
    train_->sample({.seed = 1, .purpose = Purpose::train_episode}, drawn);
    meta::TaskPlan& plan = plans_->plan({}, meta::shape_of(task_, meta::Statistics::query));
    for (const auto& entry : meta::learner_registry()) {
        const auto learner = meta::make_meta_learner(entry.learner, meta::Adaptation(adaptation_));
        const auto gradient = supernet_->weights().make_sum(2 * meta::TaskPlan::most_addends);
        const auto weights = test::read_all(*device_, supernet_->context(), supernet_->weights().values());
        learner->learn(plan, drawn, *gradient);
        const auto once = test::read_all(*device_, supernet_->context(), *gradient);
        learner->learn(plan, drawn, *gradient);
        const auto twice = test::read_all(*device_, supernet_->context(), *gradient);
        EXPECT_GT(test::norm_of(once), 0);
        std::vector<double> doubled = once;
        for (double& value : doubled) value *= 2;
        EXPECT_LE(test::relative_difference(twice, doubled), 1e-6);
        EXPECT_EQ(test::read_all(*device_, supernet_->context(), supernet_->weights().values()), weights)
            << "the shared weights are the outer optimizer's";
    }
}

}  // namespace
