// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include <omp.h>

#include "atnas/backend/factories.hpp"
#include "atnas/backend/host_backend.hpp"
#include "blocked.hpp"
#include "ops.hpp"

namespace atnas::backend {
namespace {

/// Channels per block: one vector register of floats, as oneDNN's own kernels want it.
int block_for(dnnl::cpu_isa isa) {
    // Instruction sets are bit masks: a set includes another when it has all of its bits.
    const auto avx512 = static_cast<unsigned>(dnnl::cpu_isa::avx512_core);
    return (static_cast<unsigned>(isa) & avx512) == avx512 ? 16 : 8;
}

class OnednnBackend final : public HostBackend {
  public:
    OnednnBackend()
        : HostBackend(Precision::f32),
          scratch_(*this),
          copies_(*this),
          kit_{dnnl::engine(dnnl::engine::kind::cpu, 0), *this, scratch_, copies_,
               block_for(dnnl::get_effective_cpu_isa())},
          reference_(make_reference_backend(Precision::f32)) {}

    std::string description() const override {
        const dnnl_version_t* v = dnnl::version();
        return "oneDNN " + std::to_string(v->major) + "." + std::to_string(v->minor) + "." + std::to_string(v->patch) +
               ", blocks of " + std::to_string(kit_.block) + " channels";
    }
    double measure_peak(double seconds) override { return onednn::measure_peak(*this, seconds); }
    std::unique_ptr<Context> make_context() override { return std::make_unique<OnednnContext>(kit_.engine); }
    std::size_t storage(const Shape& shape, Layout layout) const noexcept override {
        return layout == Layout::plain ? shape.count() : onednn::Blocked(shape, kit_.block).count();
    }

    void write(Context&, const Tensor& to, std::span<const float> values) override { write_values(to, values); }
    void write(Context&, const Tensor& to, std::span<const double> values) override { write_values(to, values); }
    void read(Context&, const Tensor& from, std::span<float> values) override { read_values(from, values); }
    void read(Context&, const Tensor& from, std::span<double> values) override { read_values(from, values); }

    std::unique_ptr<Op> convolution(const ConvolutionSpec& spec, const ConvolutionTensors& t) override {
        return onednn::make_convolution(kit_, spec, t);
    }
    std::unique_ptr<Op> pool(const PoolSpec& spec, const PoolTensors& t) override {
        return onednn::make_pool(kit_, spec, t);
    }
    std::unique_ptr<Op> norm(const NormSpec& spec, const NormTensors& t) override {
        return onednn::make_norm(kit_, spec, t);
    }
    std::unique_ptr<Op> fan_out(const FanOutTensors& t) override { return onednn::make_fan_out(kit_, t); }
    std::unique_ptr<Op> sum(const SumTensors& t) override { return onednn::make_sum(kit_, t); }
    std::unique_ptr<Op> image_scale(const ImageScaleTensors& t) override { return onednn::make_image_scale(kit_, t); }
    std::unique_ptr<Op> subsample(const SubsampleSpec& spec, const SubsampleTensors& t) override {
        return onednn::make_subsample(kit_, spec, t);
    }
    std::unique_ptr<Op> concat(const ConcatTensors& t) override { return onednn::make_concat(kit_, t); }
    std::unique_ptr<Op> flatten(const FlattenTensors& t) override { return onednn::make_flatten(kit_, t); }
    std::unique_ptr<Op> linear(const LinearTensors& t) override { return onednn::make_linear(kit_, t); }
    // Tiny and on plain tensors: the reference loops serve.
    std::unique_ptr<Op> feature_scale(const FeatureScaleSpec& spec, const FeatureScaleTensors& t) override {
        return reference_->feature_scale(spec, t);
    }
    std::unique_ptr<Op> softmax_loss(const LossTensors& t) override { return reference_->softmax_loss(t); }
    std::unique_ptr<Op> prototype_head(const PrototypeSpec& spec, const PrototypeTensors& t) override {
        return reference_->prototype_head(spec, t);
    }

  private:
    /// Calls visit(plain element, stored element) for all of them.
    template <class Visit>
    void for_each(const Tensor& tensor, Visit visit) const {
        const bool native = tensor.layout == Layout::native;
        const onednn::Blocked map(tensor.shape, native ? kit_.block : 1);
        std::size_t plain = 0;
        for (std::size_t n = 0; n < map.batch; ++n)
            for (std::size_t c = 0; c < map.channels; ++c)
                for (std::size_t p = 0; p < map.pixels; ++p, ++plain) visit(plain, map.at(n, c) + p * map.block);
    }
    template <class T>
    void write_values(const Tensor& to, std::span<const T> values) {
        auto* data = static_cast<float*>(to.data);
        std::fill_n(data, storage(to.shape, to.layout), 0.0f);
        for_each(to, [&](std::size_t plain, std::size_t stored) { data[stored] = static_cast<float>(values[plain]); });
    }
    template <class T>
    void read_values(const Tensor& from, std::span<T> values) {
        const auto* data = static_cast<const float*>(from.data);
        for_each(from, [&](std::size_t plain, std::size_t stored) { values[plain] = static_cast<T>(data[stored]); });
    }

    Scratch scratch_, copies_;
    OnednnKit kit_;
    std::unique_ptr<Backend> reference_;
};

}  // namespace

void set_threads(int threads) {
    omp_set_num_threads(threads);
}

std::unique_ptr<Backend> make_onednn_backend() {
    return std::make_unique<OnednnBackend>();
}

}  // namespace atnas::backend
