#include "atnas/meta/meta_gradient.hpp"

#include <gtest/gtest.h>

namespace {

using namespace atnas;

class MetaGradient : public testing::TestWithParam<backend::Precision> {};

TEST_P(MetaGradient, says_what_was_counted) {
    const auto device = backend::make_backend(backend::BackendKind::reference, GetParam());
    const auto context = device->make_context();
    nn::Manifest manifest;
    const nn::BlockId a = manifest.require("a", {1, 3, 1, 1}, nn::Initial::one);
    const nn::BlockId b = manifest.require("b", {1, 1, 1, 1}, nn::Initial::one);
    const nn::BlockId c = manifest.require("c", {1, 1, 1, 1}, nn::Initial::one);
    const nn::ParamStore weights(*device, *context, manifest, 1);
    meta::MetaGradient gradient(*device, *context, weights);
    ASSERT_EQ(gradient.buffer().size(), 5u + 3u + 2u);

    device->fill(*context, gradient.buffer(), {0, gradient.buffer().size()}, 9.0);
    gradient.clear();
    device->fill(*context, gradient.buffer(), {0, 5}, 2.5);
    gradient.count_task(std::vector<nn::BlockId>{a, c}, {1.5, 0.25});
    gradient.count_task(std::vector<nn::BlockId>{c}, {0.5, 0.75});
    gradient.seal();
    const auto summary = gradient.summary();
    EXPECT_EQ(summary.uses, (std::vector<float>{1, 0, 2}));
    EXPECT_EQ(summary.tasks, 2);
    EXPECT_EQ(summary.loss, 1.0);
    const auto values = nn::download(*device, *context, gradient.buffer());
    EXPECT_EQ(values, (std::vector<float>{2.5f, 2.5f, 2.5f, 2.5f, 2.5f, 1, 0, 2, 2, 2}));
    static_cast<void>(b);

    gradient.clear();
    gradient.seal();
    const auto nothing = gradient.summary();
    EXPECT_EQ(nothing.uses, (std::vector<float>{0, 0, 0}));
    EXPECT_EQ(nothing.tasks, 0);
    EXPECT_EQ(nothing.loss, 0) << "the mean of no task";
}

TEST_P(MetaGradient, summary_reads_the_reduced_buffer) {
    const auto device = backend::make_backend(backend::BackendKind::reference, GetParam());
    const auto context = device->make_context();
    nn::Manifest manifest;
    const nn::BlockId a = manifest.require("a", {1, 2, 1, 1}, nn::Initial::one);
    const nn::ParamStore weights(*device, *context, manifest, 1);
    meta::MetaGradient mine(*device, *context, weights);
    meta::MetaGradient other(*device, *context, weights);
    for (auto* gradient : {&mine, &other}) {
        gradient->clear();
        gradient->count_task(std::vector<nn::BlockId>{a}, {gradient == &mine ? 1.0 : 3.0, 0.5});
        gradient->seal();
    }
    device->axpy(*context, 1.0, other.buffer(), 0, mine.buffer(), {0, mine.buffer().size()});
    const auto summary = mine.summary();
    EXPECT_EQ(summary.uses, std::vector<float>{2});
    EXPECT_EQ(summary.tasks, 2);
    EXPECT_EQ(summary.loss, 2.0);
}

INSTANTIATE_TEST_SUITE_P(Precisions, MetaGradient, testing::Values(backend::Precision::f32, backend::Precision::f64),
                         [](const auto& test) { return test.param == backend::Precision::f64 ? "f64" : "f32"; });

}  // namespace
