// SPDX-License-Identifier: Apache-2.0
/// \file
/// Pooling and sums of the simulated cuDNN against the reference backend.

#include "atnas/backend/factories.hpp"
#include "dnn_test.hpp"

namespace cuda_sim::test {
namespace {

using atnas::backend::Precision;
using atnas::backend::Shape;

class DnnOps : public SimTest {};

void pooling_is_the_reference(atnas::backend::PoolKind kind, cudnnPoolingMode_t mode) {
    const atnas::backend::PoolSpec spec{kind, {3, 3}, {2, 1}, {1, 1}};
    const Shape in{2, 3, 5, 6}, out{2, 3, 3, 6};
    auto x = sample(in.count()), dy = sample(out.count(), 0.8f);
    std::vector<float> y(out.count()), dx(in.count());
    const auto reference = atnas::backend::make_reference_backend(Precision::f32);
    const auto context = reference->make_context();
    const auto op = reference->pool(spec, {view(x, in), view(dx, in), view(y, out), view(dy, out)});
    op->forward(*context);
    op->backward(*context);

    const Dnn dnn;
    const TensorOwner in_desc(in), out_desc(out);
    const PoolingOwner pool(spec, mode);
    const Array x_d(x), dy_d(dy), y_d(y.size()), dx_d(sample(dx.size()));
    const float one = 1.0f, zero = 0.0f, half = 0.5f;
    check(
        cudnnPoolingForward(dnn.get(), pool.get(), &one, in_desc.get(), x_d.data(), &zero, out_desc.get(), y_d.data()));
    check(cudnnPoolingBackward(dnn.get(), pool.get(), &half, out_desc.get(), y_d.data(), out_desc.get(), dy_d.data(),
                               in_desc.get(), x_d.data(), &one, in_desc.get(), dx_d.data()));
    dnn.stream.wait();
    expect_near(y_d.read(), y, 1e-6f, "y");
    expect_near(dx_d.read(), blended(dx, sample(dx.size()), 0.5f, 1.0f), 1e-6f, "dx");
    EXPECT_EQ(
        cudnnPoolingForward(dnn.get(), pool.get(), &one, in_desc.get(), x_d.data(), &zero, in_desc.get(), dx_d.data()),
        CUDNN_STATUS_BAD_PARAM);
}

TEST_F(DnnOps, MaximumPoolingIsTheReference) {
    pooling_is_the_reference(atnas::backend::PoolKind::max, CUDNN_POOLING_MAX_DETERMINISTIC);
}

TEST_F(DnnOps, AveragePoolingIsTheReference) {
    pooling_is_the_reference(atnas::backend::PoolKind::average, CUDNN_POOLING_AVERAGE_COUNT_EXCLUDE_PADDING);
}

TEST_F(DnnOps, MaximumPoolingPassesNaNOn) {
    const atnas::backend::PoolSpec spec{atnas::backend::PoolKind::max, {2, 2}, {2, 2}, {0, 0}};
    const Dnn dnn;
    const TensorOwner in(Shape{1, 1, 2, 2}), out(Shape{1, 1, 1, 1});
    const Array x(std::vector<float>{1, 2, std::nanf(""), 3}), y(1);
    const float one = 1.0f, zero = 0.0f;
    const PoolingOwner pool(spec, CUDNN_POOLING_MAX);
    check(cudnnPoolingForward(dnn.get(), pool.get(), &one, in.get(), x.data(), &zero, out.get(), y.data()));
    dnn.stream.wait();
    EXPECT_TRUE(std::isnan(y.read()[0]));
    check(cudnnSetPooling2dDescriptor(pool.get(), CUDNN_POOLING_MAX, CUDNN_NOT_PROPAGATE_NAN, 2, 2, 0, 0, 2, 2));
    check(cudnnPoolingForward(dnn.get(), pool.get(), &one, in.get(), x.data(), &zero, out.get(), y.data()));
    dnn.stream.wait();
    EXPECT_EQ(y.read()[0], 3.0f);
}

TEST_F(DnnOps, DescriptorsHaveToBeSet) {
    const Dnn dnn;
    const Owner<cudnnTensorDescriptor_t, cudnnCreateTensorDescriptor, cudnnDestroyTensorDescriptor> blank;
    const Array x(std::vector<float>(4));
    const float one = 1.0f;
    EXPECT_DEATH(static_cast<void>(cudnnAddTensor(dnn.get(), &one, blank.get(), x.data(), &one, blank.get(), x.data())),
                 "cudnnAddTensor: a tensor descriptor that was never set");
}

TEST_F(DnnOps, AStreamOfAnotherDeviceIsRefused) {
    const Dnn dnn;
    check(cudaSetDevice(1));
    const Stream elsewhere;
    check(cudaSetDevice(0));
    EXPECT_EQ(cudnnSetStream(dnn.get(), elsewhere.get()), CUDNN_STATUS_BAD_PARAM_STREAM_MISMATCH);
}

TEST_F(DnnOps, GroupsHaveToDivideTheChannels) {
    const Dnn dnn;
    const TensorOwner in(Shape{1, 4, 3, 3}), out(Shape{1, 4, 3, 3});
    const FilterOwner filter(Shape{4, 2, 3, 3});
    std::size_t bytes = 0;
    for (const auto& [groups, status] : {std::pair{2, CUDNN_STATUS_SUCCESS}, std::pair{1, CUDNN_STATUS_BAD_PARAM},
                                         std::pair{4, CUDNN_STATUS_BAD_PARAM}}) {
        const ConvolutionOwner conv({{3, 3}, {1, 1}, {1, 1}, {1, 1}, groups});
        EXPECT_EQ(cudnnGetConvolutionForwardWorkspaceSize(dnn.get(), in.get(), filter.get(), conv.get(), out.get(),
                                                          CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM, &bytes),
                  status);
    }
}

TEST_F(DnnOps, WindowsLargerThanTheImageAreRefused) {
    const atnas::backend::PoolSpec spec{atnas::backend::PoolKind::max, {3, 3}, {2, 2}, {0, 0}};
    const Dnn dnn;
    const TensorOwner in(Shape{1, 1, 2, 2}), out(Shape{1, 1, 1, 1});
    const FilterOwner filter(Shape{1, 1, 3, 3});
    const ConvolutionOwner conv({{3, 3}, {2, 2}, {0, 0}, {1, 1}, 1});
    const Array x(std::vector<float>(4)), y(1);
    const float one = 1.0f, zero = 0.0f;
    const PoolingOwner pool(spec, CUDNN_POOLING_MAX);
    EXPECT_EQ(cudnnPoolingForward(dnn.get(), pool.get(), &one, in.get(), x.data(), &zero, out.get(), y.data()),
              CUDNN_STATUS_BAD_PARAM);
    std::size_t bytes = 0;
    EXPECT_EQ(cudnnGetConvolutionForwardWorkspaceSize(dnn.get(), in.get(), filter.get(), conv.get(), out.get(),
                                                      CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM, &bytes),
              CUDNN_STATUS_BAD_PARAM);
}

TEST_F(DnnOps, MaximumPoolingNeedsTheOutputOfItsForwardPass) {
    const atnas::backend::PoolSpec spec{atnas::backend::PoolKind::max, {2, 2}, {2, 2}, {0, 0}};
    EXPECT_DEATH(
        {
            const Dnn dnn;
            const TensorOwner in(Shape{1, 1, 2, 2});
            const TensorOwner out(Shape{1, 1, 1, 1});
            const PoolingOwner pool(spec, CUDNN_POOLING_MAX);
            const Array x(sample(4));
            const Array y(std::vector<float>(1, 7.0f));
            const Array dx(4);
            const Array dy(std::vector<float>(1, 1.0f));
            const float one = 1.0f;
            const float zero = 0.0f;
            check(cudnnPoolingBackward(dnn.get(), pool.get(), &one, out.get(), y.data(), out.get(), dy.data(), in.get(),
                                       x.data(), &zero, in.get(), dx.data()));
            dnn.stream.wait();
        },
        "cudnnPoolingBackward: y is not the maximum of x");
}

TEST_F(DnnOps, AddTensorBroadcasts) {
    const Shape large{2, 3, 2, 2}, small{1, 3, 1, 1};
    const Dnn dnn;
    const TensorOwner large_desc(large), small_desc(small);
    const auto old = sample(large.count());
    const Array bias(std::vector<float>{1, 2, 3}), c(old);
    const float two = 2.0f, half = 0.5f;
    check(cudnnAddTensor(dnn.get(), &two, small_desc.get(), bias.data(), &half, large_desc.get(), c.data()));
    dnn.stream.wait();
    const auto got = c.read();
    for (std::size_t i = 0; i < got.size(); ++i) {
        EXPECT_NEAR(got[i], 2.0f * static_cast<float>(1 + i / 4 % 3) + 0.5f * old[i], 1e-6f);
    }
    EXPECT_EQ(cudnnAddTensor(dnn.get(), &two, large_desc.get(), c.data(), &half, small_desc.get(), bias.data()),
              CUDNN_STATUS_BAD_PARAM);
}

TEST_F(DnnOps, ErrorsOfTheDeviceAreErrorsOfTheLibrary) {
    EXPECT_EXIT(
        {
            setenv("ATNAS_SIM_FAIL", "cudaMalloc:1:214,cudnnSetStream:1:2000", 1);
            cudnnHandle_t handle{};
            check(cudnnCreate(&handle));
            cudaStream_t stream{};
            check(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
            const bool injected = cudnnSetStream(handle, stream) == CUDNN_STATUS_BAD_PARAM;
            void* memory = nullptr;
            const bool lost = cudaMalloc(&memory, 4) == cudaErrorECCUncorrectable;
            std::exit(injected && lost && cudnnSetStream(handle, stream) == CUDNN_STATUS_EXECUTION_FAILED_CUDART ? 0
                                                                                                                 : 1);
        },
        testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace cuda_sim::test
