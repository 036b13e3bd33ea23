#include "kernels/norm.hpp"
#include "context.hpp"
#include "launch.hpp"
#include "ops.hpp"
#include "tensors.hpp"

namespace atnas::backend::cuda {
namespace {

std::size_t channels_of(const Tensor& tensor) noexcept {
    return static_cast<std::size_t>(tensor.shape.c);
}

/// What both ways to normalise share. Sums over a channel that nobody wants go to memory of the operation.
class Norm : public Op {
  public:
    Norm(const CudaKit& kit, const NormSpec& spec, const NormTensors& tensors)
        : t_(tensors),
          scale_(t_.scale ? floats(t_.scale) : kit.ones),
          shift_(t_.shift ? floats(t_.shift) : kit.zeros),
          count_(count_31_bits(t_.x.shape)),
          planes_{static_cast<unsigned>(t_.x.shape.n), static_cast<unsigned>(t_.x.shape.c),
                  static_cast<unsigned>(t_.x.shape.h) * static_cast<unsigned>(t_.x.shape.w)},
          values_{floats(t_.x), floats(t_.mean), floats(t_.variance), scale_, shift_, spec.epsilon, spec.relu} {
        ATNAS_EXPECT(t_.x && t_.y && t_.mean && t_.variance);
        ATNAS_EXPECT(t_.y.shape == t_.x.shape && channels_of(t_.x) <= kit_vector);
        ATNAS_EXPECT(static_cast<bool>(t_.scale) == static_cast<bool>(t_.shift));
        const std::size_t channels = channels_of(t_.x);
        if (!t_.dscale || !t_.dshift) unwanted_ = kit.backend.allocate(2 * channels);
        auto* const own = unwanted_ ? static_cast<float*>(unwanted_->data()) : nullptr;
        dscale_ = t_.dscale ? floats(t_.dscale) : own;
        dshift_ = t_.dshift ? floats(t_.dshift) : own + channels;
    }

  protected:
    void sum_gradient(cudaStream_t stream) const {
        launch_blocks(stream, planes_.channels, "norm_gradient_sums", norm_gradient_sums, planes_, values_,
                      floats(t_.y), floats(t_.dy), dshift_, dscale_);
    }

    NormTensors t_;
    const float* scale_;
    const float* shift_;
    float* dscale_;
    float* dshift_;
    unsigned count_;
    Planes planes_;
    NormValues values_;

  private:
    std::unique_ptr<Buffer> unwanted_;
};

/// By kernels of our own: with a ReLU, or with given statistics.
class OwnNorm final : public Norm {
  public:
    OwnNorm(const CudaKit& kit, const NormSpec& spec, const NormTensors& tensors)
        : Norm(kit, spec, tensors), statistics_(spec.statistics) {}

    void forward(Context& context) override {
        const cudaStream_t stream = cuda(context).stream();
        if (statistics_ == NormStatistics::batch)
            launch_blocks(stream, planes_.channels, "norm_statistics", norm_statistics, planes_, floats(t_.x),
                          floats(t_.mean), floats(t_.variance));
        launch(stream, count_, "norm_apply", norm_apply, planes_, values_, floats(t_.y));
    }

    void backward(Context& context) override {
        if (!t_.dy) return;
        const cudaStream_t stream = cuda(context).stream();
        const bool through_statistics = statistics_ == NormStatistics::batch;
        if (t_.dscale || t_.dshift || (t_.dx && through_statistics)) sum_gradient(stream);
        if (t_.dx)
            launch(stream, count_, "norm_gradient", norm_gradient, planes_, values_, floats(t_.y), floats(t_.dy),
                   through_statistics ? dshift_ : nullptr, through_statistics ? dscale_ : nullptr, floats(t_.dx));
    }

  private:
    NormStatistics statistics_;
};

/// By cuDNN, which keeps the inverse deviation for its backward pass.
class DnnNorm final : public Norm {
  public:
    DnnNorm(const CudaKit& kit, const NormSpec& spec, const NormTensors& tensors)
        : Norm(kit, spec, tensors),
          epsilon_(spec.epsilon),
          x_(describe(t_.x.shape)),
          vector_(describe({1, t_.x.shape.c, 1, 1})),
          inverse_deviation_(kit.backend.allocate(channels_of(t_.x))) {}

    void forward(Context& context) override {
        // Without running averages: the factor for them does not matter.
        check(cudnnBatchNormalizationForwardTraining(cuda(context).dnn(), CUDNN_BATCHNORM_SPATIAL, &one, &zero,
                                                     x_.get(), t_.x.data, x_.get(), t_.y.data, vector_.get(), scale_,
                                                     shift_, 1.0, nullptr, nullptr, epsilon_, t_.mean.data,
                                                     inverse_deviation_->data()),
              "cudnnBatchNormalizationForwardTraining");
        launch(cuda(context).stream(), channels_of(t_.x), "norm_variance", norm_variance,
               static_cast<const float*>(inverse_deviation_->data()), values_.epsilon, planes_.channels,
               floats(t_.variance));
    }

    void backward(Context& context) override {
        if (!t_.dy) return;
        if (!t_.dx) {
            // cuDNN always writes dx.
            if (t_.dscale || t_.dshift) sum_gradient(cuda(context).stream());
            return;
        }
        check(cudnnBatchNormalizationBackward(cuda(context).dnn(), CUDNN_BATCHNORM_SPATIAL, &one, &zero, &one, &zero,
                                              x_.get(), t_.x.data, x_.get(), t_.dy.data, x_.get(), t_.dx.data,
                                              vector_.get(), scale_, dscale_, dshift_, epsilon_, t_.mean.data,
                                              inverse_deviation_->data()),
              "cudnnBatchNormalizationBackward");
    }

  private:
    double epsilon_;
    TensorDescriptor x_, vector_;
    std::unique_ptr<Buffer> inverse_deviation_;
};

}  // namespace

std::unique_ptr<Op> make_norm(const CudaKit& kit, const NormSpec& spec, const NormTensors& tensors) {
    if (spec.relu == NormRelu::yes || spec.statistics == NormStatistics::given)
        return std::make_unique<OwnNorm>(kit, spec, tensors);
    return std::make_unique<DnnNorm>(kit, spec, tensors);
}

}  // namespace atnas::backend::cuda
