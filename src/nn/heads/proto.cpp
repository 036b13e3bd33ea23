// SPDX-License-Identifier: Apache-2.0
#include "heads.hpp"

#include <cmath>

namespace atnas::nn {
namespace {

/// Logits start as negative squared distances to the prototypes, but for what all classes share (Snell et al. 2017;
/// Triantafillou et al. 2020).
class ProtoHead final : public PrototypeHead {
    /// Normalised features that went through a ReLU differ by about one each, so that squared distances grow with
    /// their number: divided by it, logits of all widths start alike. Saturated ones would learn slowly.
    backend::FeatureScaleSpec scale_spec(int features) const noexcept override {
        constexpr double distance = 10.0;  // between features that all differ by one
        return {.gain = std::sqrt(distance / features)};
    }
    backend::PrototypeSpec prototype_spec() const noexcept override { return {}; }
};

}  // namespace

const Head& proto_head() noexcept {
    static const ProtoHead head;
    return head;
}

}  // namespace atnas::nn
