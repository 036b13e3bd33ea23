// SPDX-License-Identifier: Apache-2.0
// The only file that knows which oneDNN it is compiled with: 2.x builds a primitive_desc from an operation descriptor,
// 3.x takes its arguments directly.

#include "primitive.hpp"

namespace atnas::backend {
namespace {

dnnl::primitive_attr user_scratchpad() {
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    return attributes;
}

/// Makes a primitive_desc from the arguments that 2.x gives to the operation descriptor; trailing arguments are the
/// forward hints of backward primitives.
#if DNNL_VERSION_MAJOR >= 3
template <class Primitive, class... Arguments>
auto make(const OnednnKit& kit, const Arguments&... arguments) {
    return typename Primitive::primitive_desc(kit.engine, arguments..., user_scratchpad());
}
template <class Primitive, class Hint, class... Arguments>
auto make_backward(const OnednnKit& kit, const Hint& hint, const Arguments&... arguments) {
    return typename Primitive::primitive_desc(kit.engine, arguments..., hint, user_scratchpad());
}
#else
template <class Primitive, class... Arguments>
auto make(const OnednnKit& kit, const Arguments&... arguments) {
    return typename Primitive::primitive_desc(typename Primitive::desc(arguments...), user_scratchpad(), kit.engine);
}
template <class Primitive, class Hint, class... Arguments>
auto make_backward(const OnednnKit& kit, const Hint& hint, const Arguments&... arguments) {
    return
        typename Primitive::primitive_desc(typename Primitive::desc(arguments...), user_scratchpad(), kit.engine, hint);
}
#endif

constexpr auto direct = dnnl::algorithm::convolution_direct;
constexpr auto training = dnnl::prop_kind::forward_training;

}  // namespace

dnnl::convolution_forward::primitive_desc forward_desc(const OnednnKit& kit, const ConvolutionDescs& d) {
    return make<dnnl::convolution_forward>(kit, training, direct, d.x, d.weight, d.bias, d.y, d.strides, d.dilates,
                                           d.pad, d.pad);
}

dnnl::convolution_backward_data::primitive_desc backward_data_desc(
    const OnednnKit& kit, const ConvolutionDescs& d, const dnnl::convolution_forward::primitive_desc& forward) {
    return make_backward<dnnl::convolution_backward_data>(kit, forward, direct, d.x, d.weight, d.y, d.strides,
                                                          d.dilates, d.pad, d.pad);
}

dnnl::convolution_backward_weights::primitive_desc backward_weights_desc(
    const OnednnKit& kit, const ConvolutionDescs& d, const dnnl::convolution_forward::primitive_desc& forward) {
    return make_backward<dnnl::convolution_backward_weights>(kit, forward, direct, d.x, d.weight, d.bias, d.y,
                                                             d.strides, d.dilates, d.pad, d.pad);
}

#if DNNL_VERSION_MAJOR >= 3
dnnl::pooling_forward::primitive_desc forward_desc(const OnednnKit& kit, const PoolDescs& d) {
    const dnnl::memory::dims dense{0, 0};
    return make<dnnl::pooling_forward>(kit, training, d.algorithm, d.x, d.y, d.strides, d.kernel, dense, d.pad, d.pad);
}

dnnl::pooling_backward::primitive_desc backward_desc(const OnednnKit& kit, const PoolDescs& d,
                                                     const dnnl::pooling_forward::primitive_desc& forward) {
    const dnnl::memory::dims dense{0, 0};
    return make_backward<dnnl::pooling_backward>(kit, forward, d.algorithm, d.x, d.y, d.strides, d.kernel, dense, d.pad,
                                                 d.pad);
}

dnnl::batch_normalization_forward::primitive_desc forward_desc(const OnednnKit& kit, const NormDescs& d) {
    return make<dnnl::batch_normalization_forward>(kit, training, d.x, d.x, d.epsilon, d.flags);
}

dnnl::batch_normalization_backward::primitive_desc backward_desc(
    const OnednnKit& kit, const NormDescs& d, const dnnl::batch_normalization_forward::primitive_desc& forward) {
    return make_backward<dnnl::batch_normalization_backward>(kit, forward, dnnl::prop_kind::backward, d.x, d.x, d.x,
                                                             d.epsilon, d.flags);
}
#else
dnnl::pooling_forward::primitive_desc forward_desc(const OnednnKit& kit, const PoolDescs& d) {
    return make<dnnl::pooling_forward>(kit, training, d.algorithm, d.x, d.y, d.strides, d.kernel, d.pad, d.pad);
}

dnnl::pooling_backward::primitive_desc backward_desc(const OnednnKit& kit, const PoolDescs& d,
                                                     const dnnl::pooling_forward::primitive_desc& forward) {
    return make_backward<dnnl::pooling_backward>(kit, forward, d.algorithm, d.x, d.y, d.strides, d.kernel, d.pad,
                                                 d.pad);
}

dnnl::batch_normalization_forward::primitive_desc forward_desc(const OnednnKit& kit, const NormDescs& d) {
    return make<dnnl::batch_normalization_forward>(kit, training, d.x, d.epsilon, d.flags);
}

dnnl::batch_normalization_backward::primitive_desc backward_desc(
    const OnednnKit& kit, const NormDescs& d, const dnnl::batch_normalization_forward::primitive_desc& forward) {
    return make_backward<dnnl::batch_normalization_backward>(kit, forward, dnnl::prop_kind::backward, d.x, d.x,
                                                             d.epsilon, d.flags);
}
#endif

const bool norm_backward_takes_shift = DNNL_VERSION_MAJOR < 3;

}  // namespace atnas::backend
