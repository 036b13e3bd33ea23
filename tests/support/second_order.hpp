// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Second-order meta-gradients on any backend: against the reference in double.

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "atnas/backend/factories.hpp"
#include "atnas/data/strokes.hpp"
#include "atnas/meta/meta_learner.hpp"
#include "support/network_task.hpp"

namespace atnas::test {

/// The meta-gradient of second order through three steps on one task, at a new supernet's weights.
inline std::vector<double> second_order_gradient(backend::Backend& device, const space::NetworkOptions& network,
                                                 const data::Task& drawn) {
    supernet::Supernet supernet(device, network, 1);
    meta::TaskPlans plans(supernet, {.kept_steps = 3});
    meta::TaskPlan& plan = plans.plan({}, meta::shape_of(drawn, meta::Statistics::query));
    const auto sum = supernet.weights().make_sum(meta::TaskPlan::most_addends);
    meta::make_meta_learner(meta::Learner::maml, meta::Adaptation({3, 0.03f}))->learn(plan, drawn, *sum);
    return read_all(device, supernet.context(), *sum);
}

/// On tasks of drawings, through a conv4 of so many channels: within 5 % in the median of five tasks. Some task may
/// pass a jump of the gradients, another one on every processor and device.
inline void expect_second_order_of_double_precision(backend::Backend& device, int channels) {
    const auto exact = backend::make_backend(backend::BackendKind::reference, backend::Precision::f64);
    const auto images = data::make_strokes({.classes = 30, .classes_per_group = 30, .size = 16});
    std::vector<int> classes(30);
    std::iota(classes.begin(), classes.end(), 0);
    const data::EpisodeSampler sampler(images, classes, {.way = 5, .shot = 1, .query = 5});
    space::NetworkOptions network;
    network.kind = "conv4";
    network.channels = channels;
    network.image = images.shape;
    data::Task drawn;
    for (const auto head : {space::Head::linear, space::Head::proto}) {
        network.head = head;
        std::vector<double> differences;
        for (std::uint32_t item = 0; item < 5; ++item) {
            sampler.sample({.seed = 1, .purpose = Purpose::train_episode, .item = item}, drawn);
            differences.push_back(relative_difference(second_order_gradient(device, network, drawn),
                                                      second_order_gradient(*exact, network, drawn)));
        }
        std::ranges::sort(differences);
        EXPECT_LE(differences[2], 0.05) << "in the median, head " << name_of(head);
    }
}

}  // namespace atnas::test
