// SPDX-License-Identifier: Apache-2.0
// Whole tasks against PyTorch: tests/golden/generate.py says how the numbers came about.

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "atnas/meta/meta_learner.hpp"
#include "atnas/space/search_space.hpp"
#include "atnas/supernet/supernet.hpp"
#include "support/network_task.hpp"

namespace {

using namespace atnas;
using nlohmann::json;

const json& cases() {
    static const json values = json::parse(std::ifstream(ATNAS_TESTS "/golden/values.json"));
    return values;
}

space::NetworkOptions options_of(const json& c) {
    space::NetworkOptions options;
    options.kind = c["space"] == "conv4" ? "conv4" : "cell";
    options.channels = c["channels"];
    options.image = {c["colours"], c["height"], c["width"]};
    options.way = c["way"];
    const auto head = c["head"].get<std::string>();
    options.head =
        *std::ranges::find_if(space::all_heads, [&](space::Head kind) { return space::name_of(kind) == head; });
    if (options.kind == "conv4") return options;
    options.cell.preset = c["preset"] == "darts" ? space::CellPreset::darts : space::CellPreset::metanas;
    options.cell.cells = c["cells"];
    options.cell.reductions = c["reductions"].get<std::vector<int>>();
    options.cell.growth = c["growth"];
    options.cell.stem = c["stem"] == "pooled" ? space::Stem::pooled : space::Stem::single;
    options.cell.affine = c["affine"].get<bool>() ? space::NormAffine::yes : space::NormAffine::no;
    return options;
}

meta::Statistics statistics_of(const std::string& name) {
    for (const auto statistics : meta::all_statistics)
        if (meta::name_of(statistics) == name) return statistics;
    throw std::invalid_argument(name);
}

/// Norm, first and last element.
std::vector<double> sample(std::span<const double> x) {
    return {test::norm_of(x), x.front(), x.back()};
}

/// \p scale: what differences are relative to.
void expect_near(const std::vector<double>& actual, const json& expected, double tolerance, double scale,
                 const std::string& what) {
    for (std::size_t i = 0; i < actual.size(); ++i)
        EXPECT_NEAR(actual[i], expected[i].get<double>(), tolerance * scale) << what << ", number " << i;
}

std::vector<double> features(supernet::Supernet& supernet, const space::Genotype& genotype, int batch) {
    backend::Backend& device = supernet.backend();
    nn::Arena arena(device);
    const auto gradients = supernet.weights().make_like();
    const std::size_t bytes = device.precision() == backend::Precision::f64 ? sizeof(double) : sizeof(float);
    const auto tensors = [&](nn::BlockId id) -> nn::BlockTensors {
        const nn::Block& block = supernet.manifest().block(id);
        const auto at = [&](backend::Buffer& buffer) {
            return backend::Tensor{block.shape, backend::Layout::plain,
                                   static_cast<std::byte*>(buffer.data()) + block.offset * bytes};
        };
        return {at(supernet.weights().values()), at(*gradients)};
    };
    const nn::Graph graph = supernet.graph(genotype);
    const nn::NormMoments moments(arena, graph);
    nn::Pass pass(device, arena, {graph, tensors, moments}, {.batch = batch});
    device.write(supernet.context(), pass.images(),
                 std::span<const float>(test::numbers(pass.images().shape.count(), 1000001)));
    pass.forward(supernet.context());
    std::vector<double> values(pass.features().shape.count());
    device.read(supernet.context(), pass.features(), std::span<double>(values));
    return values;
}

/// What second-order MAML contributes.
std::vector<double> maml(supernet::Supernet& supernet, const space::Genotype& genotype, const meta::TaskShape& shape,
                         const meta::AdaptationOptions& adaptation) {
    meta::TaskPlans plans(supernet, {.kept_steps = adaptation.steps});
    const space::ImageShape& image = supernet.options().image;
    const data::Task task = test::task_of(shape, image.channels * image.height * image.width, 1000001, 1000002);
    meta::RunningMoments moments(plans, std::span(&task, 1));
    const nn::NormMoments* const measured =
        shape.statistics == meta::Statistics::running ? &moments.of(genotype, 0) : nullptr;
    meta::TaskPlan& plan = plans.plan(genotype, shape);
    if (measured != nullptr) plan.normalise_by(*measured);
    const auto gradient = supernet.weights().make_sum(meta::TaskPlan::most_addends);
    meta::make_meta_learner(meta::Learner::maml, meta::Adaptation(adaptation))->learn(plan, task, *gradient);
    return test::read_all(supernet.backend(), supernet.context(), *gradient);
}

/// The meta-gradient with learned rates, theirs included.
void check_meta_sgd(backend::Backend& device, const json& c, const space::Genotype& genotype,
                    const meta::TaskShape& shape, double tolerance) {
    const int steps = c["steps"];
    supernet::Supernet supernet(device, options_of(c), 1, 1, {.steps = steps});
    test::fill_weights(supernet);
    meta::TaskPlans plans(supernet, {.kept_steps = steps});
    constexpr float not_used = 100.0f;
    const auto result = test::run_task(plans, genotype, shape, steps, not_used);
    const json& expected = c["meta_sgd"];
    EXPECT_NEAR(result.query.loss, expected["query_loss"].get<double>(), tolerance);
    const double total = test::norm_of(result.fomaml);
    std::size_t seen = 0;
    for (const nn::Block& block : supernet.manifest().blocks()) {
        const auto gradient = std::span(result.fomaml).subspan(block.offset, block.shape.count());
        if (!expected["blocks"].contains(block.name)) {
            EXPECT_EQ(test::norm_of(gradient), 0) << block.name;
            continue;
        }
        ++seen;
        const json& numbers = expected["blocks"][block.name];
        expect_near(sample(gradient), numbers, tolerance, numbers[0].get<double>() + 1e-2 * total,
                    block.name + " meta_sgd");
    }
    EXPECT_EQ(seen, expected["blocks"].size());
}

/// \p second_order: tolerance of gradients that are found by differences; none are where it is 0.
void check(backend::Backend& device, double tolerance, double second_order = 0) {
    ASSERT_GE(cases().size(), 10u);
    int with_rates = 0;
    for (const json& c : cases()) {
        SCOPED_TRACE(c["name"].get<std::string>());
        const space::NetworkOptions options = options_of(c);
        space::Genotype genotype;
        if (options.kind == "cell") genotype = space::make_search_space(options)->from_text(c["genotype"]);
        supernet::Supernet supernet(device, options, 1);
        test::fill_weights(supernet);
        meta::TaskPlans plans(supernet);
        const meta::TaskShape shape{options.way, options.way * c["shot"].get<int>(),
                                    options.way * c["query"].get<int>(), statistics_of(c["statistics"])};

        const double feature_norm = c["features"][0];
        expect_near(sample(features(supernet, genotype, shape.support)), c["features"], tolerance, feature_norm,
                    "features");
        const auto adapted = c.contains("adapted") ? nn::WeightSlice::Part::head : nn::WeightSlice::Part::all;
        const auto result = test::run_task(plans, genotype, shape, c["steps"], c["rate"], 0, adapted);
        ASSERT_EQ(result.support_losses.size(), c["support_losses"].size());
        expect_near(result.support_losses, c["support_losses"], tolerance, 1.0, "support losses");
        EXPECT_NEAR(result.query.loss, c["query_loss"].get<double>(), tolerance);
        EXPECT_NEAR(result.query.accuracy, c["query_accuracy"].get<double>(), 1e-6);

        if (c.contains("meta_sgd")) {
            check_meta_sgd(device, c, genotype, shape, tolerance);
            ++with_rates;
        }

        const double total_fomaml = test::norm_of(result.fomaml);
        const double total_reptile = test::norm_of(result.reptile);
        const auto second = second_order > 0 && !c.contains("adapted")
                                ? maml(supernet, genotype, shape, {c["steps"], c["rate"]})
                                : std::vector<double>{};
        const double total_maml = test::norm_of(second);
        std::size_t seen = 0;
        for (const nn::Block& block : supernet.manifest().blocks()) {
            const auto fomaml = std::span(result.fomaml).subspan(block.offset, block.shape.count());
            const auto reptile = std::span(result.reptile).subspan(block.offset, block.shape.count());
            if (!c["blocks"].contains(block.name)) {  // another subnet's
                EXPECT_EQ(test::norm_of(fomaml), 0) << block.name;
                EXPECT_EQ(test::norm_of(reptile), 0) << block.name;
                continue;
            }
            ++seen;
            const json& expected = c["blocks"][block.name];
            // Cancelled blocks (a bias before a norm) hold nothing but the rounding of the others.
            const auto scale = [](const json& numbers, double total) {
                return numbers[0].get<double>() + 1e-2 * total;
            };
            expect_near(sample(fomaml), expected["fomaml"], tolerance, scale(expected["fomaml"], total_fomaml),
                        block.name + " meta-gradient");
            expect_near(sample(reptile), expected["reptile"], tolerance, scale(expected["reptile"], total_reptile),
                        block.name + " difference of weights");
            if (second.empty()) continue;
            expect_near(sample(std::span(second).subspan(block.offset, block.shape.count())), expected["maml"],
                        second_order, scale(expected["maml"], total_maml), block.name + " second order");
        }
        EXPECT_EQ(seen, c["blocks"].size());
    }
    EXPECT_GE(with_rates, 7);
}

TEST(GoldenValues, reference_in_double) {
    check(*backend::make_backend(backend::BackendKind::reference, backend::Precision::f64), 1e-9, 1e-5);
}

TEST(GoldenValues, reference) {
    check(*backend::make_backend(backend::BackendKind::reference), 1e-4);
}

TEST(GoldenValues, onednn) {
    check(*backend::make_backend(backend::BackendKind::onednn), 1e-4);
}

}  // namespace
