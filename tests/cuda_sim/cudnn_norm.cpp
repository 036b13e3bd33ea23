/// \file
/// cudnnBatchNormalizationForwardTraining and -Backward, spatial modes (Ioffe & Szegedy 2015).

#include <cmath>
#include <string>
#include <utility>

#include "cudnn_state.hpp"

using namespace cuda_sim;
using cuda_sim::dnn::blend;
using cuda_sim::dnn::Call;
using cuda_sim::dnn::Tensor;

namespace {

/// Calls visit(index) for all elements of one channel, in order.
template <class Visit>
void for_channel(const Tensor& shape, int channel, Visit visit) {
    for (int n = 0; n < shape.n; ++n) {
        const std::size_t first = static_cast<std::size_t>(n * shape.c + channel) * shape.plane();
        for (std::size_t i = first; i < first + shape.plane(); ++i) visit(i);
    }
}

struct Moments {
    double mean;
    double variance;  ///< biased
};

Moments moments(const Tensor& shape, int channel, const float* x) {
    const double count = static_cast<double>(shape.n) * static_cast<double>(shape.plane());
    double sum = 0.0;
    for_channel(shape, channel, [&](std::size_t i) { sum += x[i]; });
    const double mean = sum / count;
    double squares = 0.0;
    for_channel(shape, channel, [&](std::size_t i) { squares += (x[i] - mean) * (x[i] - mean); });
    return {mean, squares / count};
}

void expect_spatial(const char* call, cudnnBatchNormMode_t mode) {
    if (mode != CUDNN_BATCHNORM_SPATIAL && mode != CUDNN_BATCHNORM_SPATIAL_PERSISTENT) {
        violation(std::string(call) + ": only the spatial modes are simulated");
    }
}

/// Optional outputs and inputs come in pairs: both or none.
bool is_pair(const void* one, const void* other) {
    return (one == nullptr) == (other == nullptr);
}

}  // namespace

extern "C" {

cudnnStatus_t cudnnBatchNormalizationForwardTraining(cudnnHandle_t handle, cudnnBatchNormMode_t mode, const void* alpha,
                                                     const void* beta, const cudnnTensorDescriptor_t x_desc,
                                                     const void* x, const cudnnTensorDescriptor_t y_desc, void* y,
                                                     const cudnnTensorDescriptor_t parameter_desc, const void* scale,
                                                     const void* shift, double average_factor, void* running_mean,
                                                     void* running_variance, double epsilon, void* saved_mean,
                                                     void* saved_inverse) {
    Call call("cudnnBatchNormalizationForwardTraining");
    if (call.refused()) return call.status();
    const auto stream = call.stream(handle);
    expect_spatial(call.name(), mode);
    const auto shape = call.tensor(x_desc);
    const auto parameters = call.tensor(parameter_desc);
    if (call.tensor(y_desc) != shape) return call.fail(CUDNN_STATUS_BAD_PARAM, "x and y differ in shape");
    if (parameters != Tensor{1, shape.c, 1, 1}) {
        return call.fail(CUDNN_STATUS_BAD_PARAM, "the parameters are not 1 x c x 1 x 1");
    }
    if (scale == nullptr || shift == nullptr) return call.fail(CUDNN_STATUS_BAD_PARAM, "bnScale or bnBias is null");
    if (!is_pair(running_mean, running_variance) || !is_pair(saved_mean, saved_inverse)) {
        return call.fail(CUDNN_STATUS_BAD_PARAM, "one of a pair of statistics is null");
    }
    if (epsilon < CUDNN_BN_MIN_EPSILON) return call.fail(CUDNN_STATUS_BAD_PARAM, "epsilon is too small");
    const auto* in = call.input(x, shape, "x");
    auto* out = call.output(y, shape, "y");
    const auto* gamma = call.input(scale, parameters, "bnScale");
    const auto* offset = call.input(shift, parameters, "bnBias");
    const float a = call.factor(alpha, "alpha");
    const float b = call.factor(beta, "beta");
    std::vector<Operand> operands{{x, shape.bytes(), Use::read},
                                  {y, shape.bytes(), use_of_result(b)},
                                  {scale, parameters.bytes(), Use::read},
                                  {shift, parameters.bytes(), Use::read}};
    const Use running = use_of_result(1.0f - static_cast<float>(average_factor));
    for (const auto& [optional, use] : {std::pair{running_mean, running}, std::pair{running_variance, running},
                                        std::pair{saved_mean, Use::write}, std::pair{saved_inverse, Use::write}}) {
        if (optional == nullptr) continue;
        call.output(optional, parameters, "statistics");
        operands.push_back({optional, parameters.bytes(), use});
    }
    expect_apart(operands[0], operands[1], call.name(), "x and y");

    enqueue(
        stream, call.name(),
        [=] {
            for (int c = 0; c < shape.c; ++c) {
                const auto [mean, variance] = moments(shape, c, in);
                const double inverse = 1.0 / std::sqrt(variance + epsilon);
                const auto factor = static_cast<float>(gamma[c] * inverse);
                const auto rest = static_cast<float>(offset[c] - gamma[c] * inverse * mean);
                for_channel(shape, c, [&](std::size_t i) { blend(out[i], a, in[i] * factor + rest, b); });
                if (saved_mean != nullptr) {
                    static_cast<float*>(saved_mean)[c] = static_cast<float>(mean);
                    static_cast<float*>(saved_inverse)[c] = static_cast<float>(inverse);
                }
                if (running_mean != nullptr) {
                    const double count = static_cast<double>(shape.n) * static_cast<double>(shape.plane());
                    const double unbiased = count > 1.0 ? variance * count / (count - 1.0) : variance;
                    const auto part = static_cast<float>(average_factor);
                    blend(static_cast<float*>(running_mean)[c], part, static_cast<float>(mean), 1.0f - part);
                    blend(static_cast<float*>(running_variance)[c], part, static_cast<float>(unbiased), 1.0f - part);
                }
            }
        },
        operands);
    return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnBatchNormalizationBackward(cudnnHandle_t handle, cudnnBatchNormMode_t mode, const void* alpha_data,
                                              const void* beta_data, const void* alpha_parameters,
                                              const void* beta_parameters, const cudnnTensorDescriptor_t x_desc,
                                              const void* x, const cudnnTensorDescriptor_t dy_desc, const void* dy,
                                              const cudnnTensorDescriptor_t dx_desc, void* dx,
                                              const cudnnTensorDescriptor_t parameter_desc, const void* scale,
                                              void* dscale, void* dshift, double epsilon, const void* saved_mean,
                                              const void* saved_inverse) {
    Call call("cudnnBatchNormalizationBackward");
    if (call.refused()) return call.status();
    const auto stream = call.stream(handle);
    expect_spatial(call.name(), mode);
    const auto shape = call.tensor(x_desc);
    const auto parameters = call.tensor(parameter_desc);
    if (call.tensor(dy_desc) != shape || call.tensor(dx_desc) != shape) {
        return call.fail(CUDNN_STATUS_BAD_PARAM, "x, dy and dx differ in shape");
    }
    if (parameters != Tensor{1, shape.c, 1, 1}) {
        return call.fail(CUDNN_STATUS_BAD_PARAM, "the parameters are not 1 x c x 1 x 1");
    }
    if (scale == nullptr || dscale == nullptr || dshift == nullptr) {
        return call.fail(CUDNN_STATUS_BAD_PARAM, "bnScale or a gradient of the parameters is null");
    }
    if (!is_pair(saved_mean, saved_inverse)) {
        return call.fail(CUDNN_STATUS_BAD_PARAM, "one of savedMean and savedInvVariance is null");
    }
    if (epsilon < CUDNN_BN_MIN_EPSILON) return call.fail(CUDNN_STATUS_BAD_PARAM, "epsilon is too small");
    const auto* in = call.input(x, shape, "x");
    const auto* out_gradient = call.input(dy, shape, "dy");
    auto* in_gradient = call.output(dx, shape, "dx");
    const auto* gamma = call.input(scale, parameters, "bnScale");
    auto* scale_gradient = call.output(dscale, parameters, "dBnScaleResult");
    auto* shift_gradient = call.output(dshift, parameters, "dBnBiasResult");
    const float a = call.factor(alpha_data, "alphaDataDiff");
    const float b = call.factor(beta_data, "betaDataDiff");
    const float a_parameters = call.factor(alpha_parameters, "alphaParamDiff");
    const float b_parameters = call.factor(beta_parameters, "betaParamDiff");
    std::vector<Operand> operands{{x, shape.bytes(), Use::read},
                                  {dy, shape.bytes(), Use::read},
                                  {dx, shape.bytes(), use_of_result(b)},
                                  {scale, parameters.bytes(), Use::read},
                                  {dscale, parameters.bytes(), use_of_result(b_parameters)},
                                  {dshift, parameters.bytes(), use_of_result(b_parameters)}};
    expect_apart(operands[0], operands[2], call.name(), "x and dx");
    expect_apart(operands[1], operands[2], call.name(), "dy and dx");
    const float* means = nullptr;
    const float* inverses = nullptr;
    if (saved_mean != nullptr) {
        means = call.input(saved_mean, parameters, "savedMean");
        inverses = call.input(saved_inverse, parameters, "savedInvVariance");
        operands.push_back({saved_mean, parameters.bytes(), Use::read});
        operands.push_back({saved_inverse, parameters.bytes(), Use::read});
    }

    enqueue(
        stream, call.name(),
        [=] {
            const double count = static_cast<double>(shape.n) * static_cast<double>(shape.plane());
            for (int c = 0; c < shape.c; ++c) {
                double mean = 0.0;
                double inverse = 0.0;
                if (means != nullptr) {
                    mean = means[c];
                    inverse = inverses[c];
                } else {
                    const auto found = moments(shape, c, in);
                    mean = found.mean;
                    inverse = 1.0 / std::sqrt(found.variance + epsilon);
                }
                double sum = 0.0;
                double product = 0.0;
                for_channel(shape, c, [&](std::size_t i) {
                    sum += out_gradient[i];
                    product += out_gradient[i] * (in[i] - mean) * inverse;
                });
                const double factor = gamma[c] * inverse;
                for_channel(shape, c, [&](std::size_t i) {
                    const double normalised = (in[i] - mean) * inverse;
                    const double value = factor * (out_gradient[i] - sum / count - normalised * product / count);
                    blend(in_gradient[i], a, static_cast<float>(value), b);
                });
                blend(scale_gradient[c], a_parameters, static_cast<float>(product), b_parameters);
                blend(shift_gradient[c], a_parameters, static_cast<float>(sum), b_parameters);
            }
        },
        operands);
    return CUDNN_STATUS_SUCCESS;
}

}  // extern "C"
