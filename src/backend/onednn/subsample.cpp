// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "blocked.hpp"
#include "ops.hpp"

namespace atnas::backend::onednn {
namespace {

/// The channel blocks of a pixel stay together, so the op moves whole blocks.
class Subsample final : public Op {
  public:
    Subsample(const OnednnKit& kit, const SubsampleSpec& spec, const SubsampleTensors& t)
        : tensors_(t),
          offset_(spec.offset),
          block_(static_cast<std::size_t>(kit.block)),
          planes_(Blocked(t.x.shape, kit.block).batch * Blocked(t.x.shape, kit.block).blocks) {}

    void forward(Context&) override {
        const auto* x = static_cast<const float*>(tensors_.x.data);
        auto* y = static_cast<float*>(tensors_.y.data);
        for_each_output([&](std::ptrdiff_t in, std::size_t out) {
            if (in < 0)
                std::fill_n(y + out, block_, 0.0f);
            else
                std::copy_n(x + in, block_, y + out);
        });
    }

    void backward(Context&) override {
        if (!tensors_.dx) return;
        auto* dx = static_cast<float*>(tensors_.dx.data);
        const auto* dy = static_cast<const float*>(tensors_.dy.data);
        const Shape& s = tensors_.x.shape;
        std::fill_n(dx, planes_ * static_cast<std::size_t>(s.h) * static_cast<std::size_t>(s.w) * block_, 0.0f);
        for_each_output([&](std::ptrdiff_t in, std::size_t out) {
            if (in >= 0) std::copy_n(dy + out, block_, dx + in);
        });
    }

  private:
    /// Calls visit(input element or -1 outside, output element) for every output pixel.
    template <class Visit>
    void for_each_output(Visit visit) const {
        const Shape& in = tensors_.x.shape;
        const Shape& out = tensors_.y.shape;
        std::size_t position = 0;
        for (std::size_t plane = 0; plane < planes_; ++plane)
            for (int i = 0; i < out.h; ++i)
                for (int j = 0; j < out.w; ++j, position += block_) {
                    const int row = 2 * i + offset_;
                    const int column = 2 * j + offset_;
                    const bool inside = row < in.h && column < in.w;
                    const auto pixel = (plane * static_cast<std::size_t>(in.h) + static_cast<std::size_t>(row)) *
                                           static_cast<std::size_t>(in.w) +
                                       static_cast<std::size_t>(column);
                    visit(inside ? static_cast<std::ptrdiff_t>(pixel * block_) : -1, position);
                }
    }

    SubsampleTensors tensors_;
    int offset_;
    std::size_t block_, planes_;
};

}  // namespace

std::unique_ptr<Op> make_subsample(const OnednnKit& kit, const SubsampleSpec& spec, const SubsampleTensors& tensors) {
    return std::make_unique<Subsample>(kit, spec, tensors);
}

}  // namespace atnas::backend::onednn
