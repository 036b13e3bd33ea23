// SPDX-License-Identifier: Apache-2.0
#include "atnas/nn/param_store.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace {

using namespace atnas;

nn::Manifest manifest(bool with_extra = false) {
    nn::Manifest manifest;
    manifest.require("conv/weight", {64, 32, 3, 3}, nn::Initial::he_normal);
    manifest.require("norm/scale", {1, 64, 1, 1}, nn::Initial::one);
    manifest.require("norm/shift", {1, 64, 1, 1}, nn::Initial::zero);
    manifest.require("head/weight", {20, 400, 1, 1}, nn::Initial::fan_in_normal);
    if (with_extra) manifest.require("more", {3, 1, 1, 1}, nn::Initial::he_normal);
    return manifest;
}

struct Store {
    explicit Store(const nn::Manifest& blocks, std::uint64_t seed = 1,
                   backend::BackendKind kind = backend::BackendKind::reference,
                   backend::Precision precision = backend::Precision::f32)
        : device(backend::make_backend(kind, precision)),
          context(device->make_context()),
          weights(*device, *context, blocks, seed) {}
    std::vector<float> values() { return nn::download(*device, *context, weights.values()); }
    std::vector<float> values(nn::BlockId id) {
        const auto all = values();
        const auto range = weights.range(id);
        const auto first = all.begin() + static_cast<std::ptrdiff_t>(range.first);
        return {first, first + static_cast<std::ptrdiff_t>(range.count)};
    }

    std::unique_ptr<backend::Backend> device;
    std::unique_ptr<backend::Context> context;
    nn::ParamStore weights;
};

void expect_normal(const std::vector<float>& values, double variance) {
    double sum = 0;
    double squares = 0;
    double fourths = 0;
    for (const double v : values) {
        sum += v;
        squares += v * v;
        fourths += v * v * v * v;
    }
    const double n = static_cast<double>(values.size());
    EXPECT_NEAR(sum / n, 0, 4 * std::sqrt(variance / n));
    EXPECT_NEAR(squares / n, variance, 4 * variance * std::sqrt(2 / n));
    EXPECT_NEAR(fourths / n / (variance * variance), 3, 4 * std::sqrt(96 / n)) << "not normal";
}

TEST(ParamStore, draws_from_the_distributions_of_the_blocks) {
    Store store(manifest());
    expect_normal(store.values(0), 2.0 / (32 * 9));
    expect_normal(store.values(3), 1.0 / 400);
    EXPECT_EQ(store.values(1), std::vector<float>(64, 1.0f));
    EXPECT_EQ(store.values(2), std::vector<float>(64, 0.0f));
}

TEST(ParamStore, is_a_function_of_seed_and_block) {
    Store store(manifest());
    const auto values = store.values();
    EXPECT_EQ(Store(manifest()).values(), values);
    EXPECT_EQ(Store(manifest(), 1, backend::BackendKind::onednn).values(), values);
    EXPECT_EQ(Store(manifest(), 1, backend::BackendKind::reference, backend::Precision::f64).values(), values);
    EXPECT_NE(Store(manifest(), 2).values(0), store.values(0));
    auto longer = Store(manifest(true)).values();
    EXPECT_EQ(longer.size(), values.size() + 3);
    longer.resize(values.size());
    EXPECT_EQ(longer, values);
}

TEST(ParamStore, makes_arrays_like_itself) {
    Store store(manifest());
    const auto like = store.weights.make_like();
    EXPECT_EQ(like->size(), store.weights.size());
    EXPECT_EQ(store.weights.make_sum(1, 5)->size(), store.weights.size() + 5);
    EXPECT_EQ(nn::download(*store.device, *store.context, *like), std::vector<float>(like->size(), 0.0f));
    std::vector<float> values(like->size());
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i);
    nn::upload(*store.device, *store.context, values, *like);
    EXPECT_EQ(nn::download(*store.device, *store.context, *like), values);
}

TEST(Manifest, blocks_follow_each_other_without_gaps) {
    nn::Manifest blocks = manifest();
    std::size_t next = 0;
    for (const nn::Block& block : blocks.blocks()) {
        EXPECT_EQ(block.offset, next);
        next += block.shape.count();
    }
    EXPECT_EQ(blocks.size(), next);
    EXPECT_EQ(blocks.require("norm/shift", {1, 64, 1, 1}, nn::Initial::zero), 2);
    EXPECT_EQ(blocks.size(), next) << "known blocks take no more room";
}

}  // namespace
