// SPDX-License-Identifier: Apache-2.0
#include "atnas/nn/norm_moments.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace {

using namespace atnas;

TEST(NormMoments, add_up_channel_by_channel) {
    const auto device = backend::make_backend(backend::BackendKind::reference, backend::Precision::f64);
    const auto context = device->make_context();
    nn::Manifest manifest;
    nn::Graph graph(manifest, {1, 3, 2, 2});
    const auto first = graph.norm(0, space::NormAffine::no, "first");
    graph.flatten(graph.norm(first, space::NormAffine::no, "second"));

    nn::Arena arena(*device);
    nn::NormMoments batch(arena, graph);
    ASSERT_EQ(batch.nodes(), 3U);
    EXPECT_FALSE(batch.of(2).mean);  // the flattening
    device->write(*context, batch.of(0).mean, std::span<const double>(std::vector<double>{1, 2, 3}));
    device->write(*context, batch.of(0).variance, std::span<const double>(std::vector<double>{4, 5, 6}));
    device->write(*context, batch.of(1).mean, std::span<const double>(std::vector<double>{7, 8, 9}));

    nn::NormMoments mean(*device, graph);
    const auto read = [&](const backend::Tensor& tensor) {
        std::vector<double> values(3);
        device->read(*context, tensor, std::span<double>(values));
        return values;
    };
    EXPECT_EQ(read(mean.of(0).mean), (std::vector<double>{0, 0, 0}));
    mean.add(*device, *context, 0.5, batch);
    mean.add(*device, *context, 0.5, batch);
    EXPECT_EQ(read(mean.of(0).mean), (std::vector<double>{1, 2, 3}));
    EXPECT_EQ(read(mean.of(0).variance), (std::vector<double>{4, 5, 6}));
    EXPECT_EQ(read(mean.of(1).mean), (std::vector<double>{7, 8, 9}));
    mean.add(*device, *context, 1.0, batch);
    mean.set(*device, *context, batch);
    EXPECT_EQ(read(mean.of(0).variance), (std::vector<double>{4, 5, 6}));
}

}  // namespace
