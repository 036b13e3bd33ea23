// SPDX-License-Identifier: Apache-2.0
#include "atnas/nn/classifier.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace {

using namespace atnas;

/// A network without weights whose features are its two pixels, and a linear head that takes them for logits.
class Classifier : public testing::Test {
  protected:
    Classifier() : graph_(manifest_, {1, 1, 1, 2}) {
        graph_.flatten(0);
        const nn::Head& head = nn::head_of(space::Head::linear);
        const nn::HeadParameters parameters = head.parameters(manifest_, 2, graph_.features());
        store_ = std::make_unique<nn::ParamStore>(*device_, *context_, manifest_, 1);
        nn::upload(*device_, *context_, std::vector<float>{1, 0, 0, 1, 0, 0}, store_->values());
        slice_ = std::make_unique<nn::WeightSlice>(*device_, arena_, *store_,
                                                   nn::WeightSlice::Options{graph_.blocks(), parameters});
        slice_->load(*context_);
        moments_ = std::make_unique<nn::NormMoments>(arena_, graph_);
        batch_ = std::make_unique<nn::FeatureExtractor>(*device_, arena_,
                                                        nn::FeatureExtractor::Network{graph_, head, *slice_, *moments_},
                                                        nn::Pass::Options{.batch = 5});
        // Not the first image of the batch, and not the last.
        classifier_ = std::make_unique<nn::Classifier>(*device_, arena_, nn::Classifier::Judge{head, *slice_, 2},
                                                       *batch_, nn::Rows{1, 3});
    }
    nn::PassResult classify(const std::vector<float>& images, const std::vector<int>& labels) {
        classifier_->write(*context_, images, labels);
        batch_->forward(*context_);
        classifier_->classify(*context_);
        return classifier_->result(*context_);
    }

    std::unique_ptr<backend::Backend> device_ =
        backend::make_backend(backend::BackendKind::reference, backend::Precision::f64);
    std::unique_ptr<backend::Context> context_ = device_->make_context();
    nn::Arena arena_{*device_};
    nn::Manifest manifest_;
    nn::Graph graph_;
    std::unique_ptr<nn::ParamStore> store_;
    std::unique_ptr<nn::WeightSlice> slice_;
    std::unique_ptr<nn::NormMoments> moments_;
    std::unique_ptr<nn::FeatureExtractor> batch_;
    std::unique_ptr<nn::Classifier> classifier_;
};

TEST_F(Classifier, labels_are_an_input_like_the_images) {
    const std::vector<float> images{3, 0, 0, 3, 3, 0};
    const double right = std::log1p(std::exp(-3.0));
    const double wrong = std::log1p(std::exp(3.0));
    nn::PassResult result = classify(images, {0, 1, 0});
    EXPECT_NEAR(result.loss, right, 1e-12);
    EXPECT_EQ(result.accuracy, 1.0);
    result = classify(images, {0, 0, 0});
    EXPECT_NEAR(result.loss, (2 * right + wrong) / 3, 1e-12);
    EXPECT_NEAR(result.accuracy, 2.0 / 3, 1e-12);
    result = classify({0, 3, 3, 0, 0, 3}, {0, 1, 0});
    EXPECT_NEAR(result.loss, wrong, 1e-12);
    EXPECT_EQ(result.accuracy, 0.0);
}

TEST_F(Classifier, of_equal_logits_the_first_counts) {
    EXPECT_NEAR(classify({1, 2, 5, 4, 3, 3}, {0, 0, 0}).accuracy, 2.0 / 3, 1e-12);
}

TEST_F(Classifier, gradients_are_those_of_the_mean_loss) {
    classify({0, 0, 0, 0, 0, 0}, {0, 1, 1});
    batch_->clear_feature_gradient(*context_, {0, 5});
    classifier_->backward(*context_);
    batch_->backward(*context_);
    std::vector<double> bias(2);
    device_->read(*context_, slice_->head(1).gradient, std::span<double>(bias));
    // Both classes at 1/2; one image of class 0, two of class 1.
    EXPECT_NEAR(bias[0], 0.5 - 1.0 / 3, 1e-12);
    EXPECT_NEAR(bias[1], 0.5 - 2.0 / 3, 1e-12);
}

}  // namespace
