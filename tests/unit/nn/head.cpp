// SPDX-License-Identifier: Apache-2.0
#include "atnas/nn/head.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "atnas/nn/weight_slice.hpp"

namespace {

using namespace atnas;

/// Features, labels and gradients of \p count images.
nn::SupportTensors take_images(nn::Arena& arena, int count, int features) {
    return {arena.take({count, features, 1, 1}, backend::Layout::plain),
            arena.take({count, features, 1, 1}, backend::Layout::plain),
            arena.take({count, 1, 1, 1}, backend::Layout::plain)};
}

/// A head alone: no network before it.
class Head : public testing::Test {
  protected:
    static constexpr int way = 2;
    static constexpr int features = 3;

    /// The slice for a head: shared weights as they begin, all values of a task's own 7.
    nn::WeightSlice& slice_for(space::Head kind) {
        head_ = &nn::head_of(kind);
        nn::Manifest manifest;
        const nn::HeadParameters parameters = head_->parameters(manifest, way, features);
        store_ = std::make_unique<nn::ParamStore>(*device_, *context_, manifest, 1);
        arena_ = std::make_unique<nn::Arena>(*device_);
        slice_ =
            std::make_unique<nn::WeightSlice>(*device_, *arena_, *store_, nn::WeightSlice::Options{{}, parameters});
        slice_->load(*context_);
        own_ = parameters.shared.size();
        for (std::size_t p = own_; p < own_ + parameters.own.size(); ++p)
            write(slice_->head(p).values, std::vector<double>(slice_->head(p).values.shape.count(), 7.0));
        return *slice_;
    }
    void write(const backend::Tensor& tensor, const std::vector<double>& values) {
        device_->write(*context_, tensor, std::span(values));
    }
    std::vector<double> read(const backend::Tensor& tensor) {
        std::vector<double> values(tensor.shape.count());
        device_->read(*context_, tensor, std::span<double>(values));
        return values;
    }

    /// Of two queries right after the start from one image of each class, the features being those of the network.
    std::vector<double> first_logits(space::Head kind, const std::vector<double>& support_features,
                                     const std::vector<double>& query_features, double log_scale) {
        nn::WeightSlice& slice = slice_for(kind);
        write(slice.head(0).values, {log_scale});
        nn::SupportTensors support = take_images(*arena_, way, features);
        const nn::SupportTensors query = take_images(*arena_, 2, features);
        write(support.features, support_features);
        write(support.labels, {0, 1});
        write(query.features, query_features);
        const auto scaled = head_->scale(*device_, *arena_, slice, {support.features, support.dfeatures});
        scaled.op->forward(*context_);
        support.features = scaled.tensors.features;
        support.dfeatures = scaled.tensors.dfeatures;
        head_->start(*device_, slice, support)->forward(*context_);
        const auto seen = head_->scale(*device_, *arena_, slice, {query.features, query.dfeatures});
        seen.op->forward(*context_);
        const backend::Tensor logits = arena_->take({2, way, 1, 1}, backend::Layout::plain);
        head_->layer(*device_, slice, {seen.tensors.features, seen.tensors.dfeatures, logits, {}})->forward(*context_);
        return read(logits);
    }

    std::unique_ptr<backend::Backend> device_ =
        backend::make_backend(backend::BackendKind::reference, backend::Precision::f64);
    std::unique_ptr<backend::Context> context_ = device_->make_context();
    const nn::Head* head_{nullptr};
    std::unique_ptr<nn::ParamStore> store_;
    std::unique_ptr<nn::Arena> arena_;
    std::unique_ptr<nn::WeightSlice> slice_;
    std::size_t own_{0};  ///< place of the first parameter that belongs to the task
};

TEST_F(Head, linear_parameters_are_shared_and_stay) {
    nn::WeightSlice& slice = slice_for(space::Head::linear);
    EXPECT_EQ(slice.blocks().size(), 2u);
    EXPECT_EQ(slice.head_blocks().size(), 2u);
    EXPECT_EQ(head_->start(*device_, slice, {}), nullptr);
    EXPECT_EQ(head_->starts_from(), nn::Head::StartsFrom::weights);
}

TEST_F(Head, zero_starts_at_zero) {
    nn::WeightSlice& slice = slice_for(space::Head::zero);
    EXPECT_TRUE(slice.blocks().empty());
    head_->start(*device_, slice, {})->forward(*context_);
    EXPECT_EQ(read(slice.head(0).values), std::vector<double>(way * features, 0.0));
    EXPECT_EQ(read(slice.head(1).values), std::vector<double>(way, 0.0));
    EXPECT_EQ(head_->starts_from(), nn::Head::StartsFrom::weights);
}

TEST_F(Head, a_prototype_is_the_mean_of_as_many_images_as_its_class_has) {
    nn::WeightSlice& slice = slice_for(space::Head::proto);
    EXPECT_EQ(head_->starts_from(), nn::Head::StartsFrom::features);
    const nn::SupportTensors support = take_images(*arena_, 4, features);
    // One image of class 0, the second; three of class 1.
    write(support.features, {1, 2, 3, 10, 20, 30, 4, 5, 6, 7, 8, 9});
    write(support.labels, {1, 0, 1, 1});
    const auto start = head_->start(*device_, slice, support);
    start->forward(*context_);
    EXPECT_EQ(read(slice.head(own_).values), (std::vector<double>{20, 40, 60, 8, 10, 12}));
    EXPECT_EQ(read(slice.head(own_ + 1).values), (std::vector<double>{-1400, -77}));
    // d loss / d weight = 1 for class 0 and 3 for class 1, nothing for the biases: 2 / images of the class of each.
    write(slice.head(own_).gradient, {1, 1, 1, 3, 3, 3});
    write(slice.head(own_ + 1).gradient, {0, 0});
    start->backward(*context_);
    EXPECT_EQ(read(support.dfeatures), std::vector<double>(12, 2.0));
}

TEST_F(Head, linear_and_zero_take_the_features_as_they_are) {
    for (const auto kind : {space::Head::linear, space::Head::zero}) {
        const nn::WeightSlice& slice = slice_for(kind);
        const nn::SupportTensors images = take_images(*arena_, 2, features);
        const auto scaled = head_->scale(*device_, *arena_, slice, {images.features, images.dfeatures});
        EXPECT_EQ(scaled.op, nullptr);
        EXPECT_EQ(scaled.tensors.features.data, images.features.data);
        EXPECT_EQ(scaled.tensors.dfeatures.data, images.dfeatures.data);
    }
}

TEST_F(Head, the_scale_is_one_shared_weight_that_starts_at_zero) {
    for (const auto kind : {space::Head::proto, space::Head::cosine}) {
        const nn::WeightSlice& slice = slice_for(kind);
        EXPECT_EQ(head_->starts_from(), nn::Head::StartsFrom::features);
        ASSERT_EQ(slice.head_blocks().size(), 1u);
        const nn::Block& block = store_->manifest().block(slice.head_blocks()[0]);
        EXPECT_EQ(block.name, "head/log_scale");
        EXPECT_EQ(read(slice.head(0).values), std::vector<double>{0});
    }
}

TEST_F(Head, proto_logits_are_scaled_distances_to_the_prototypes) {
    // One image of each class; they differ by one in every feature.
    const std::vector<double> logits = first_logits(space::Head::proto, {1, 0, 1, 0, 1, 0}, {1, 0, 1, 1, 0, 0}, 0.0);
    // Without the scale distances are 0 and 3 for the first query, 1 and 2 for the second.
    EXPECT_NEAR(logits[0] - logits[1], 10.0 / features * (3 - 0), 1e-12);
    EXPECT_NEAR(logits[2] - logits[3], 10.0 / features * (2 - 1), 1e-12);
    const auto doubled = first_logits(space::Head::proto, {1, 0, 1, 0, 1, 0}, {1, 0, 1, 1, 0, 0}, std::log(2.0));
    for (std::size_t i = 0; i < logits.size(); ++i) EXPECT_NEAR(doubled[i], 4 * logits[i], 1e-12);
}

TEST_F(Head, cosine_logits_are_scaled_cosines) {
    // Prototypes along the first and the second axis, queries at 60 and at 0 degrees to the first; lengths are of no
    // importance.
    const std::vector<double> support{100, 0, 0, 0, 500, 0};
    const std::vector<double> queries{100, 0, 100 * std::sqrt(3.0), 700, 0, 0};
    const std::vector<double> cosines{0.5, 0, 1, 0};
    const std::vector<double> logits = first_logits(space::Head::cosine, support, queries, 0.0);
    const std::vector<double> doubled = first_logits(space::Head::cosine, support, queries, std::log(2.0));
    for (std::size_t i = 0; i < cosines.size(); ++i) {
        // Lengths have an epsilon.
        EXPECT_NEAR(logits[i], 10 * cosines[i], 1e-4);
        EXPECT_NEAR(doubled[i], 20 * cosines[i], 1e-4);
    }
}

}  // namespace
