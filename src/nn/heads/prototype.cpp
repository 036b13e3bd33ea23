// SPDX-License-Identifier: Apache-2.0
#include "heads.hpp"

#include "atnas/nn/weight_slice.hpp"

namespace atnas::nn {
namespace {

/// Starts from the mean features of each class (Snell et al. 2017; Triantafillou et al. 2020).
class PrototypeHead final : public AffineHead {
  public:
    HeadParameters parameters(Manifest&, int way, int features) const override { return own_parameters(way, features); }
    StartsFrom starts_from() const noexcept override { return StartsFrom::features; }
    std::unique_ptr<backend::Op> start(backend::Backend& backend, WeightSlice& slice,
                                       const SupportTensors& support) const override {
        const BlockTensors& weight = slice.head(0);
        const BlockTensors& bias = slice.head(1);
        return backend.prototype_head({}, {support.features, support.dfeatures, support.labels, weight.values,
                                           weight.gradient, bias.values, bias.gradient});
    }
};

}  // namespace

const Head& prototype_head() noexcept {
    static const PrototypeHead head;
    return head;
}

}  // namespace atnas::nn
