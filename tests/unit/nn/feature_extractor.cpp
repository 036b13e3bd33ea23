// SPDX-License-Identifier: Apache-2.0
#include "atnas/nn/feature_extractor.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace {

using namespace atnas;

/// A network whose features are its four pixels, and a head that scales them.
class FeatureExtractor : public testing::Test {
  protected:
    FeatureExtractor() : graph_(manifest_, {1, 1, 2, 2}) {
        graph_.flatten(0);
        parameters_ = head_.parameters(manifest_, 2, graph_.features());
        store_ = std::make_unique<nn::ParamStore>(*device_, *context_, manifest_, 1);
        slice_ = std::make_unique<nn::WeightSlice>(*device_, arena_, *store_,
                                                   nn::WeightSlice::Options{graph_.blocks(), parameters_});
        slice_->load(*context_);
        moments_ = std::make_unique<nn::NormMoments>(arena_, graph_);
        batch_ = std::make_unique<nn::FeatureExtractor>(
            *device_, arena_, nn::FeatureExtractor::Network{graph_, head_, *slice_, *moments_},
            nn::Pass::Options{.batch = 3});
        device_->write(*context_, batch_->images(), std::span<const double>(std::vector<double>(12, 2.0)));
        batch_->forward(*context_);
    }
    std::vector<double> read(const backend::Tensor& tensor) {
        std::vector<double> values(tensor.shape.count());
        device_->read(*context_, tensor, std::span<double>(values));
        return values;
    }

    std::unique_ptr<backend::Backend> device_ =
        backend::make_backend(backend::BackendKind::reference, backend::Precision::f64);
    std::unique_ptr<backend::Context> context_ = device_->make_context();
    const nn::Head& head_ = nn::head_of(space::Head::proto);
    nn::Arena arena_{*device_};
    nn::Manifest manifest_;
    nn::Graph graph_;
    nn::HeadParameters parameters_;
    std::unique_ptr<nn::ParamStore> store_;
    std::unique_ptr<nn::WeightSlice> slice_;
    std::unique_ptr<nn::NormMoments> moments_;
    std::unique_ptr<nn::FeatureExtractor> batch_;
};

TEST_F(FeatureExtractor, features_are_scaled_as_the_head_says) {
    const double gain = std::sqrt(10.0 / 4);
    for (const double value : read(batch_->features())) EXPECT_NEAR(value, 2 * gain, 1e-12);
    // The scale alone follows its weight.
    device_->write(*context_, slice_->head(0).values, std::span<const double>(std::vector<double>{std::log(3.0)}));
    batch_->scale(*context_);
    for (const double value : read(batch_->features())) EXPECT_NEAR(value, 6 * gain, 1e-12);
}

TEST_F(FeatureExtractor, clears_the_gradient_of_the_images_asked_for) {
    device_->write(*context_, batch_->feature_gradient(), std::span<const double>(std::vector<double>(12, 1.0)));
    batch_->clear_feature_gradient(*context_, {1, 1});
    EXPECT_EQ(read(batch_->feature_gradient()), (std::vector<double>{1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1}));
    batch_->backward(*context_);
    // Two images of four features of 2, times the gain: the derivative of exp is itself.
    EXPECT_NEAR(read(slice_->head(0).gradient)[0], 2 * 4 * 2 * std::sqrt(10.0 / 4), 1e-12);
}

}  // namespace
