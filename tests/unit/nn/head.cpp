// SPDX-License-Identifier: Apache-2.0
#include "atnas/nn/head.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "atnas/nn/weight_slice.hpp"

namespace {

using namespace atnas;

/// A head alone: no network before it.
class Head : public testing::Test {
  protected:
    static constexpr int way = 2;
    static constexpr int features = 3;

    /// The slice for a head, all values 7.
    nn::WeightSlice& slice_for(space::Head kind) {
        head_ = &nn::head_of(kind);
        nn::Manifest manifest;
        const nn::HeadParameters parameters = head_->parameters(manifest, way, features);
        store_ = std::make_unique<nn::ParamStore>(*device_, *context_, manifest, 1);
        arena_ = std::make_unique<nn::Arena>(*device_);
        slice_ =
            std::make_unique<nn::WeightSlice>(*device_, *arena_, *store_, nn::WeightSlice::Options{{}, parameters});
        for (std::size_t p = 0; p < 2; ++p) {
            const backend::Tensor& values = slice_->head(p).values;
            device_->write(*context_, values, std::span<const double>(std::vector<double>(values.shape.count(), 7.0)));
        }
        return *slice_;
    }
    std::vector<double> read(const backend::Tensor& tensor) {
        std::vector<double> values(tensor.shape.count());
        device_->read(*context_, tensor, std::span<double>(values));
        return values;
    }

    std::unique_ptr<backend::Backend> device_ =
        backend::make_backend(backend::BackendKind::reference, backend::Precision::f64);
    std::unique_ptr<backend::Context> context_ = device_->make_context();
    const nn::Head* head_{nullptr};
    std::unique_ptr<nn::ParamStore> store_;
    std::unique_ptr<nn::Arena> arena_;
    std::unique_ptr<nn::WeightSlice> slice_;
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
    EXPECT_TRUE(slice.blocks().empty());
    EXPECT_EQ(head_->starts_from(), nn::Head::StartsFrom::features);
    const nn::SupportTensors support{arena_->take({4, features, 1, 1}, backend::Layout::plain),
                                     arena_->take({4, features, 1, 1}, backend::Layout::plain),
                                     arena_->take({4, 1, 1, 1}, backend::Layout::plain)};
    // One image of class 0, the second; three of class 1.
    const std::vector<double> x{1, 2, 3, 10, 20, 30, 4, 5, 6, 7, 8, 9};
    const std::vector<double> labels{1, 0, 1, 1};
    device_->write(*context_, support.features, std::span(x));
    device_->write(*context_, support.labels, std::span(labels));
    const auto start = head_->start(*device_, slice, support);
    start->forward(*context_);
    EXPECT_EQ(read(slice.head(0).values), (std::vector<double>{20, 40, 60, 8, 10, 12}));
    EXPECT_EQ(read(slice.head(1).values), (std::vector<double>{-1400, -77}));
    // d loss / d weight = 1 for class 0 and 3 for class 1, nothing for the biases: 2 / images of the class of each.
    const std::vector<double> weight{1, 1, 1, 3, 3, 3};
    const std::vector<double> bias{0, 0};
    device_->write(*context_, slice.head(0).gradient, std::span(weight));
    device_->write(*context_, slice.head(1).gradient, std::span(bias));
    start->backward(*context_);
    EXPECT_EQ(read(support.dfeatures), std::vector<double>(12, 2.0));
}

}  // namespace
