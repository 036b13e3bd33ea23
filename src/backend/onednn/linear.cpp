// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <stdexcept>

#include "atnas/core/timer.hpp"
#include "ops.hpp"

namespace atnas::backend::onednn {
namespace {

/// c = a b (+ c), row-major, a or b transposed as stored.
void multiply(char transpose_a, char transpose_b, int rows, int columns, int inner, const void* a, const void* b,
              float keep, void* c) {
    const dnnl_dim_t lda = transpose_a == 'N' ? inner : rows;
    const dnnl_dim_t ldb = transpose_b == 'N' ? columns : inner;
    if (dnnl_sgemm(transpose_a, transpose_b, rows, columns, inner, 1.0f, static_cast<const float*>(a), lda,
                   static_cast<const float*>(b), ldb, keep, static_cast<float*>(c), columns) != dnnl_success)
        throw std::runtime_error("oneDNN: sgemm failed");
}

class Linear final : public Op {
  public:
    explicit Linear(const LinearTensors& t) : t_(t) {}

    void forward(Context&) override {
        const int n = t_.x.shape.n, features = t_.x.shape.c, classes = t_.y.shape.c;
        auto* y = static_cast<float*>(t_.y.data);
        if (const auto* bias = static_cast<const float*>(t_.bias.data); bias != nullptr)
            for (int i = 0; i < n; ++i) std::copy_n(bias, classes, y + static_cast<std::ptrdiff_t>(i) * classes);
        multiply('N', 'T', n, classes, features, t_.x.data, t_.weight.data, t_.bias ? 1.0f : 0.0f, y);
    }

    void backward(Context&) override {
        const int n = t_.x.shape.n, features = t_.x.shape.c, classes = t_.y.shape.c;
        if (t_.dx) multiply('N', 'N', n, features, classes, t_.dy.data, t_.weight.data, 0.0f, t_.dx.data);
        if (t_.dweight) multiply('T', 'N', classes, features, n, t_.dy.data, t_.x.data, 0.0f, t_.dweight.data);
        if (t_.dbias) {
            auto* dbias = static_cast<float*>(t_.dbias.data);
            const auto* dy = static_cast<const float*>(t_.dy.data);
            std::fill_n(dbias, classes, 0.0f);
            for (int i = 0; i < n; ++i)
                for (int o = 0; o < classes; ++o) dbias[o] += dy[static_cast<std::ptrdiff_t>(i) * classes + o];
        }
    }

  private:
    LinearTensors t_;
};

}  // namespace

double measure_peak(HostBackend& backend, double seconds) {
    constexpr int side = 1024;
    const auto a = backend.allocate(side * side);
    const auto b = backend.allocate(side * side);
    const auto c = backend.allocate(side * side);
    double best = 0.0;
    for (const Stopwatch whole; best == 0.0 || whole.seconds() < seconds;) {
        const Stopwatch once;
        multiply('N', 'N', side, side, side, a->data(), b->data(), 0.0f, c->data());
        best = std::max(best, 2e-9 * side * side * side / once.seconds());
    }
    return best;
}

std::unique_ptr<Op> make_linear(const OnednnKit&, const LinearTensors& tensors) {
    return std::make_unique<Linear>(tensors);
}

}  // namespace atnas::backend::onednn
