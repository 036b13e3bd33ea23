// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "blocked.hpp"
#include "ops.hpp"

namespace atnas::backend::onednn {
namespace {

/// oneDNN's own concat refuses parts that end inside a channel block, so both cases are here: whole blocks are copied
/// as they lie, others channel by channel.
class Concat final : public Op {
  public:
    Concat(const OnednnKit& kit, const ConcatTensors& t)
        : tensors_(t), whole_(t.y.shape, kit.block), block_(kit.block) {
        aligned_ =
            std::all_of(t.x.begin(), t.x.end(), [&](const Tensor& x) { return Blocked(x.shape, kit.block).whole(); });
    }

    void forward(Context&) override {
        auto* y = static_cast<float*>(tensors_.y.data);
        if (!whole_.whole()) std::fill_n(y, whole_.count(), 0.0f);
        visit(
            tensors_.x,
            [&](float* part, std::size_t at, std::size_t count, std::size_t stride) {
                for (std::size_t i = 0; i < count; i += stride) y[at + i] = part[i];
            },
            [&](float* part, std::size_t at, std::size_t count) { std::copy_n(part, count, y + at); });
    }

    void backward(Context&) override {
        const auto* dy = static_cast<const float*>(tensors_.dy.data);
        if (!dy) return;
        for (std::size_t i = 0; i < tensors_.dx.size(); ++i) {
            const Blocked part(tensors_.x[i].shape, block_);
            if (tensors_.dx[i] && !part.whole())
                std::fill_n(static_cast<float*>(tensors_.dx[i].data), part.count(), 0.0f);
        }
        visit(
            tensors_.dx,
            [&](float* part, std::size_t at, std::size_t count, std::size_t stride) {
                for (std::size_t i = 0; i < count; i += stride) part[i] = dy[at + i];
            },
            [&](float* part, std::size_t at, std::size_t count) { std::copy_n(dy + at, count, part); });
    }

  private:
    /// For every part with data: dense(part, element of the whole, count) block by block, or strided(..., stride)
    /// channel by channel.
    template <class Strided, class Dense>
    void visit(const std::vector<Tensor>& parts, Strided strided, Dense dense) const {
        for (std::size_t n = 0; n < whole_.batch; ++n) {
            std::size_t first = 0;
            for (std::size_t p = 0; p < tensors_.x.size(); ++p) {
                const Blocked part(tensors_.x[p].shape, block_);
                auto* data = p < parts.size() ? static_cast<float*>(parts[p].data) : nullptr;
                if (data && aligned_) {
                    dense(data + part.at(n, 0), whole_.at(n, first), part.blocks * part.pixels * part.block);
                } else if (data) {
                    for (std::size_t c = 0; c < part.channels; ++c)
                        strided(data + part.at(n, c), whole_.at(n, first + c), part.pixels * part.block, part.block);
                }
                first += part.channels;
            }
        }
    }

    ConcatTensors tensors_;
    Blocked whole_;
    int block_;
    bool aligned_;
};

}  // namespace

std::unique_ptr<Op> make_concat(const OnednnKit& kit, const ConcatTensors& tensors) {
    return std::make_unique<Concat>(kit, tensors);
}

}  // namespace atnas::backend::onednn
