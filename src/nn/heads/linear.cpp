// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include "heads.hpp"

namespace atnas::nn {
namespace {

/// Learned over tasks like the rest of the network, as in MAML.
class LinearHead final : public AffineHead {
  public:
    /// \p name: prefix of the names of its weights.
    explicit LinearHead(std::string name) : name_(std::move(name)) {}

    HeadParameters parameters(Manifest& manifest, int way, int features) const override {
        return {.shared = {manifest.require(name_ + "/weight", {way, features, 1, 1}, Initial::fan_in_normal),
                           manifest.require(name_ + "/bias", {1, way, 1, 1}, Initial::zero)}};
    }
    std::unique_ptr<backend::Op> start(backend::Backend&, WeightSlice&, const SupportTensors&) const override {
        return nullptr;
    }

  private:
    std::string name_;
};

}  // namespace

const Head& linear_head() noexcept {
    static const LinearHead head("head");
    return head;
}

const Head& pretraining_head() noexcept {
    static const LinearHead head("pretrain");
    return head;
}

}  // namespace atnas::nn
