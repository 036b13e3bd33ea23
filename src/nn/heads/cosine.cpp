// SPDX-License-Identifier: Apache-2.0
#include "heads.hpp"

#include <cmath>

namespace atnas::nn {
namespace {

/// Logits start as cosines of the angles between features and prototypes times a scale (Gidaris & Komodakis 2018; Chen
/// et al. 2019). Features and weights start at one length, the root of the first scale.
class CosineHead final : public PrototypeHead {
    const double length_ = std::sqrt(10.0);  ///< of features and of weights

    backend::FeatureScaleSpec scale_spec(int) const noexcept override {
        return {.length = backend::RowLength::one, .gain = length_};
    }
    backend::PrototypeSpec prototype_spec() const noexcept override {
        return {.similarity = backend::Similarity::cosine, .length = length_};
    }
};

}  // namespace

const Head& cosine_head() noexcept {
    static const CosineHead head;
    return head;
}

}  // namespace atnas::nn
