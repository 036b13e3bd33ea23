// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Whole subnets on any backend: against the reference in double, and plans that take turns on the same memory.

#include <array>
#include <cstdint>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "atnas/core/random.hpp"
#include "atnas/space/search_space.hpp"
#include "atnas/supernet/supernet.hpp"
#include "support/network_task.hpp"

namespace atnas::test {

#ifdef NDEBUG
inline constexpr bool optimised = true;
#else
inline constexpr bool optimised = false;
#endif

struct SubnetCase {
    space::NetworkOptions network;
    meta::TaskShape task;
    int steps;
};

/// Presets, widths with and without padding, heads, and in turn all else that may differ.
inline std::vector<SubnetCase> subnet_cases() {
    std::vector<SubnetCase> cases;
    int number = 0;
    for (const auto preset : {space::CellPreset::metanas, space::CellPreset::darts})
        for (const int channels : {4, 12, 16})
            for (const auto head : {space::Head::linear, space::Head::zero, space::Head::proto}) {
                SubnetCase c;
                c.network.cell.preset = preset;
                c.network.channels = channels;
                // Either kind of prototypes.
                c.network.head = head == space::Head::proto && channels == 12 ? space::Head::cosine : head;
                c.network.cell.cells = 2;
                c.network.cell.reductions = {0};
                c.network.way = 3;
                c.network.cell.affine = number % 4 == 1 ? space::NormAffine::no : space::NormAffine::yes;
                c.network.cell.growth = number % 3 == 2 ? 2 : 1;
                c.network.image = {1 + 2 * (number % 2), 7 + number % 3, 5 + number % 5};
                if (number % 8 == 4) {
                    c.network.cell.stem = space::Stem::pooled;
                    c.network.image = {3, 27, 22};
                }
                c.task = {3, 6, 6, meta::all_statistics[static_cast<std::size_t>(number / 2 + number) % 4]};
                c.steps = number % 5 == 0 ? 0 : 2;
                // Without optimisation a case takes seconds.
                if (optimised || number % 4 == 0) cases.push_back(c);
                ++number;
            }
    return cases;
}

inline std::string name_of(const SubnetCase& c, const std::string& genotype) {
    std::ostringstream text;
    text << "C " << c.network.channels << " head " << space::name_of(c.network.head) << " image "
         << c.network.image.channels << "x" << c.network.image.height << "x" << c.network.image.width << " growth "
         << c.network.cell.growth << " statistics " << meta::name_of(c.task.statistics) << " steps " << c.steps << " "
         << genotype;
    return text.str();
}

inline space::Genotype sample(const space::SearchSpace& space, std::uint32_t item) {
    RandomStream random({.seed = 5, .purpose = Purpose::path, .item = item});
    return space.sample(random);
}

/// Near, for numbers that went through a few dozen layers in single precision.
inline void expect_alike(const TaskNumbers& actual, const TaskNumbers& expected, double tolerance) {
    for (std::size_t i = 0; i < expected.support_losses.size(); ++i)
        EXPECT_NEAR(actual.support_losses[i], expected.support_losses[i], tolerance);
    EXPECT_NEAR(actual.query.loss, expected.query.loss, tolerance * (1 + expected.query.loss));
    EXPECT_LE(relative_difference(actual.fomaml, expected.fomaml), 10 * tolerance);
    // Prototypes can fit the support set so well that steps vanish in the rounding of the weights.
    if (norm_of(expected.reptile) > 1e-3) {
        EXPECT_LE(relative_difference(actual.reptile, expected.reptile), 10 * tolerance);
    } else {
        EXPECT_LE(norm_of(actual.reptile), 2e-3);
    }
}

inline void expect_same(const TaskNumbers& actual, const TaskNumbers& expected) {
    EXPECT_EQ(actual.support_losses, expected.support_losses);
    EXPECT_EQ(actual.query.loss, expected.query.loss);
    EXPECT_EQ(actual.query.accuracy, expected.query.accuracy);
    EXPECT_EQ(actual.fomaml, expected.fomaml);
    EXPECT_EQ(actual.reptile, expected.reptile);
}

/// \p per_case: how many subnets of a case. \p every: one case of so many.
inline void expect_subnets_of_the_reference(backend::Backend& device, int per_case, int every = 1) {
    const auto reference = backend::make_backend(backend::BackendKind::reference, backend::Precision::f64);
    std::uint32_t item = 0;
    int number = 0;
    for (const SubnetCase& c : subnet_cases()) {
        if (number++ % every != 0) continue;
        const auto space = space::make_search_space(c.network);
        supernet::Supernet expected(*reference, c.network, 1);
        supernet::Supernet actual(device, c.network, 1);
        fill_weights(expected);
        fill_weights(actual);
        meta::TaskPlans expected_plans(expected);
        meta::TaskPlans actual_plans(actual);
        for (int i = 0; i < per_case; ++i, ++item) {
            const auto genotype = sample(*space, item);
            SCOPED_TRACE(name_of(c, space->to_text(genotype)));
            expect_alike(run_task(actual_plans, genotype, c.task, c.steps, 0.125f),
                         run_task(expected_plans, genotype, c.task, c.steps, 0.125f), 1e-4);
        }
    }
}

/// \p every: one case of so many.
inline void expect_plans_to_take_turns(backend::Backend& device, int every = 1) {
    std::uint32_t item = 100;
    int number = 0;
    for (const SubnetCase& c : subnet_cases()) {
        if (c.network.channels == 16 || number++ % every != 0) continue;  // 16: no padding
        const auto space = space::make_search_space(c.network);
        supernet::Supernet shared(device, c.network, 1);
        fill_weights(shared);
        meta::TaskPlans shared_plans(shared);
        const std::vector<space::Genotype> genotypes{sample(*space, item), sample(*space, item + 1)};
        item += 2;
        for (std::uint64_t turn = 0; turn < 3; ++turn) {
            const auto& genotype = genotypes[turn % 2];
            SCOPED_TRACE(name_of(c, space->to_text(genotype)) + " turn " + std::to_string(turn));
            supernet::Supernet fresh(device, c.network, 1);
            fill_weights(fresh);
            meta::TaskPlans fresh_plans(fresh);
            expect_same(run_task(shared_plans, genotype, c.task, c.steps, 0.125f, turn),
                        run_task(fresh_plans, genotype, c.task, c.steps, 0.125f, turn));
        }
    }
}

inline void expect_tasks_to_repeat(backend::Backend& device) {
    for (const auto head : {space::Head::zero, space::Head::proto, space::Head::cosine}) {
        space::NetworkOptions options;
        options.channels = 4;
        options.head = head;
        options.image = {1, 11, 11};
        const auto space = space::make_search_space(options);
        supernet::Supernet supernet(device, options, 1);
        meta::TaskPlans plans(supernet);
        const meta::TaskShape shape{5, 5, 10, meta::Statistics::support};
        const auto first = run_task(plans, sample(*space, 0), shape, 2, 0.1f, 0);
        const auto other = run_task(plans, sample(*space, 0), shape, 2, 0.1f, 1);
        EXPECT_NE(first.query.loss, other.query.loss);
        expect_same(run_task(plans, sample(*space, 0), shape, 2, 0.1f, 0), first);
    }
}

}  // namespace atnas::test
