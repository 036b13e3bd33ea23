// SPDX-License-Identifier: Apache-2.0
/// \file
/// Convolutions of the simulated cuDNN: numbers against the reference backend, algorithms, workspaces, refusals.

#include <algorithm>

#include "atnas/backend/factories.hpp"
#include "dnn_test.hpp"

namespace cuda_sim::test {
namespace {

using atnas::backend::ConvolutionSpec;
using atnas::backend::Shape;

struct Case {
    const char* name;
    Shape x;
    int outputs;
    ConvolutionSpec spec;
};

const std::vector<Case>& cases() {
    static const std::vector<Case> all{
        {"3x3", {2, 4, 7, 6}, 5, {{3, 3}, {1, 1}, {1, 1}, {1, 1}, 1}},
        {"5x5", {2, 2, 7, 6}, 3, {{5, 5}, {1, 1}, {2, 2}, {1, 1}, 1}},
        {"1x1", {2, 4, 3, 3}, 5, {{1, 1}, {1, 1}, {0, 0}, {1, 1}, 1}},
        {"strided", {2, 4, 8, 7}, 5, {{3, 3}, {2, 2}, {1, 1}, {1, 1}, 1}},
        {"dilated", {2, 4, 8, 7}, 5, {{3, 3}, {1, 1}, {2, 2}, {2, 2}, 1}},
        {"depthwise", {2, 4, 7, 6}, 4, {{3, 3}, {1, 1}, {1, 1}, {1, 1}, 4}},
        {"grouped", {2, 4, 7, 6}, 6, {{3, 3}, {1, 2}, {1, 0}, {1, 1}, 2}},
        {"1x5", {2, 4, 7, 6}, 5, {{1, 5}, {1, 1}, {0, 2}, {1, 1}, 1}},
    };
    return all;
}

/// One case with its data and what the reference backend makes of it.
struct Problem {
    explicit Problem(const Case& c)
        : x_shape(c.x), w_shape{c.outputs, c.x.c / c.spec.groups, c.spec.kernel.h, c.spec.kernel.w}, spec(c.spec) {
        using atnas::backend::window_output;
        y_shape = {c.x.n, c.outputs, window_output(c.x.h, spec.kernel.h, spec.stride.h, spec.pad.h, spec.dilation.h),
                   window_output(c.x.w, spec.kernel.w, spec.stride.w, spec.pad.w, spec.dilation.w)};
        x = sample(x_shape.count()), w = sample(w_shape.count(), 0.9f), dy = sample(y_shape.count(), 1.1f);
        y.resize(y_shape.count()), dx.resize(x.size()), dw.resize(w.size()),
            db.resize(static_cast<std::size_t>(c.outputs));
        std::vector<float> bias(db.size());
        const Shape bias_shape{1, c.outputs, 1, 1};
        const auto reference = atnas::backend::make_reference_backend(atnas::backend::Precision::f32);
        const auto context = reference->make_context();
        const auto op = reference->convolution(
            spec, {view(x, x_shape), view(dx, x_shape), view(w, w_shape), view(dw, w_shape), view(bias, bias_shape),
                   view(db, bias_shape), view(y, y_shape), view(dy, y_shape)});
        op->forward(*context);
        op->backward(*context);
    }
    Shape x_shape, w_shape, y_shape{};
    ConvolutionSpec spec;
    std::vector<float> x{}, w{}, y{}, dx{}, dw{}, dy{}, db{};
};

/// The same on the device.
struct OnDevice {
    explicit OnDevice(const Problem& p, cudnnMathType_t math = CUDNN_FMA_MATH)
        : x_desc(p.x_shape), y_desc(p.y_shape), w_desc(p.w_shape), conv(p.spec, math), x(p.x), w(p.w), y(p.dy) {}
    Dnn dnn{};
    TensorOwner x_desc, y_desc;
    FilterOwner w_desc;
    ConvolutionOwner conv;
    Array x, w, y;
    float alpha{1.0f}, beta{0.0f};

    std::vector<cudnnConvolutionFwdAlgoPerf_t> forward_algorithms() {
        std::vector<cudnnConvolutionFwdAlgoPerf_t> list(20);
        int count = 0;
        check(cudnnGetConvolutionForwardAlgorithm_v7(dnn.get(), x_desc.get(), w_desc.get(), conv.get(), y_desc.get(),
                                                     20, &count, list.data()));
        list.resize(static_cast<std::size_t>(count));
        return list;
    }
    cudnnStatus_t forward(cudnnConvolutionFwdAlgo_t algorithm, void* workspace, std::size_t bytes) {
        return cudnnConvolutionForward(dnn.get(), &alpha, x_desc.get(), x.data(), w_desc.get(), w.data(), conv.get(),
                                       algorithm, workspace, bytes, &beta, y_desc.get(), y.data());
    }
    std::size_t forward_workspace(cudnnConvolutionFwdAlgo_t algorithm) {
        std::size_t bytes = 0;
        check(cudnnGetConvolutionForwardWorkspaceSize(dnn.get(), x_desc.get(), w_desc.get(), conv.get(), y_desc.get(),
                                                      algorithm, &bytes));
        return bytes;
    }
};

class DnnConvolution : public SimTest {};

TEST_F(DnnConvolution, EveryAlgorithmIsTheReferenceForward) {
    for (const auto& c : cases()) {
        const Problem problem(c);
        OnDevice run(problem);
        run.alpha = 0.5f, run.beta = 2.0f;
        int usable = 0;
        for (const auto& entry : run.forward_algorithms()) {
            if (entry.status != CUDNN_STATUS_SUCCESS) {
                EXPECT_EQ(run.forward(entry.algo, nullptr, 0), CUDNN_STATUS_NOT_SUPPORTED) << c.name;
                continue;
            }
            ++usable;
            EXPECT_EQ(entry.memory, run.forward_workspace(entry.algo));
            const Array workspace(entry.memory / sizeof(float) + 1);
            run.y.write(problem.dy);
            check(run.forward(entry.algo, workspace.data(), entry.memory));
            run.dnn.stream.wait();
            expect_near(run.y.read(), blended(problem.y, problem.dy, 0.5f, 2.0f), 1e-5f, c.name);
        }
        EXPECT_GE(usable, 2) << c.name;
    }
}

TEST_F(DnnConvolution, EveryAlgorithmIsTheReferenceBackward) {
    for (const auto& c : cases()) {
        const Problem problem(c);
        OnDevice run(problem);
        const Array workspace(1 << 18);
        std::vector<cudnnConvolutionBwdDataAlgoPerf_t> data(20);
        std::vector<cudnnConvolutionBwdFilterAlgoPerf_t> filter(20);
        int count = 0;
        check(cudnnFindConvolutionBackwardDataAlgorithmEx(
            run.dnn.get(), run.w_desc.get(), run.w.data(), run.y_desc.get(), run.y.data(), run.conv.get(),
            run.x_desc.get(), run.x.data(), 20, &count, data.data(), workspace.data(), workspace.bytes()));
        // A search leaves anything in its result.
        EXPECT_TRUE(std::isnan(run.x.read()[0]));
        for (int i = 0; i < count; ++i) {
            const auto& entry = data[static_cast<std::size_t>(i)];
            if (entry.status != CUDNN_STATUS_SUCCESS) continue;
            check(cudnnConvolutionBackwardData(
                run.dnn.get(), &run.alpha, run.w_desc.get(), run.w.data(), run.y_desc.get(), run.y.data(),
                run.conv.get(), entry.algo, workspace.data(), entry.memory, &run.beta, run.x_desc.get(), run.x.data()));
            run.dnn.stream.wait();
            expect_near(run.x.read(), problem.dx, 1e-5f, c.name);
        }
        run.x.write(problem.x);
        check(cudnnGetConvolutionBackwardFilterAlgorithm_v7(run.dnn.get(), run.x_desc.get(), run.y_desc.get(),
                                                            run.conv.get(), run.w_desc.get(), 20, &count,
                                                            filter.data()));
        for (int i = 0; i < count; ++i) {
            const auto& entry = filter[static_cast<std::size_t>(i)];
            if (entry.status != CUDNN_STATUS_SUCCESS) continue;
            check(cudnnConvolutionBackwardFilter(
                run.dnn.get(), &run.alpha, run.x_desc.get(), run.x.data(), run.y_desc.get(), run.y.data(),
                run.conv.get(), entry.algo, workspace.data(), entry.memory, &run.beta, run.w_desc.get(), run.w.data()));
            run.dnn.stream.wait();
            expect_near(run.w.read(), problem.dw, 1e-4f, c.name);
        }
    }
}

TEST_F(DnnConvolution, BiasGradient) {
    const Problem problem(cases().front());
    OnDevice run(problem);
    const TensorOwner bias_desc(Shape{1, problem.y_shape.c, 1, 1});
    const Array bias(problem.db.size());
    check(cudnnConvolutionBackwardBias(run.dnn.get(), &run.alpha, run.y_desc.get(), run.y.data(), &run.beta,
                                       bias_desc.get(), bias.data()));
    run.dnn.stream.wait();
    expect_near(bias.read(), problem.db, 1e-4f, "bias");
    EXPECT_EQ(cudnnConvolutionBackwardBias(run.dnn.get(), &run.alpha, run.y_desc.get(), run.y.data(), &run.beta,
                                           run.x_desc.get(), run.x.data()),
              CUDNN_STATUS_BAD_PARAM);
}

TEST_F(DnnConvolution, ListsHaveWhatASelectionHasToLookAt) {
    const Problem dense(cases()[0]), dilated(cases()[4]);
    OnDevice run(dense, CUDNN_DEFAULT_MATH), other(dilated);
    const auto list = run.forward_algorithms();
    const auto with = [&](auto condition) { return std::count_if(list.begin(), list.end(), condition); };
    EXPECT_GT(with([](const auto& e) { return e.memory == 0 && e.status == CUDNN_STATUS_SUCCESS; }), 0);
    EXPECT_GT(with([](const auto& e) { return e.memory > 0; }), 0);
    EXPECT_GT(with([](const auto& e) { return e.mathType == CUDNN_TENSOR_OP_MATH; }), 0);
    const auto refused = other.forward_algorithms();
    EXPECT_GT(std::count_if(refused.begin(), refused.end(),
                            [](const auto& e) { return e.status == CUDNN_STATUS_NOT_SUPPORTED; }),
              0);
    EXPECT_EQ(
        std::count_if(refused.begin(), refused.end(), [](const auto& e) { return e.mathType == CUDNN_TENSOR_OP_MATH; }),
        0);
    std::vector<cudnnConvolutionBwdDataAlgoPerf_t> data(20);
    int count = 0;
    check(cudnnGetConvolutionBackwardDataAlgorithm_v7(run.dnn.get(), run.w_desc.get(), run.y_desc.get(), run.conv.get(),
                                                      run.x_desc.get(), 20, &count, data.data()));
    EXPECT_EQ(std::count_if(data.begin(), data.begin() + count,
                            [](const auto& e) { return e.determinism == CUDNN_NON_DETERMINISTIC; }),
              1);
}

TEST_F(DnnConvolution, MatrixUnitsRoundTheirInputs) {
    const Problem problem(cases().front());
    OnDevice exact(problem), rounded(problem, CUDNN_DEFAULT_MATH);
    const auto algorithm = CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM;
    EXPECT_GT(rounded.forward_workspace(algorithm), exact.forward_workspace(algorithm));
    const Array workspace(1 << 16);
    check(exact.forward(algorithm, workspace.data(), workspace.bytes()));
    exact.dnn.stream.wait();
    check(rounded.forward(algorithm, workspace.data(), workspace.bytes()));
    rounded.dnn.stream.wait();
    EXPECT_NE(exact.y.read(), rounded.y.read());
    expect_near(rounded.y.read(), problem.y, 1e-2f, "TF32");
}

TEST_F(DnnConvolution, AlgorithmsDifferInTheLastBit) {
    const Problem problem(cases().front());
    OnDevice run(problem);
    const Array workspace(1 << 16);
    const auto forward = [&](cudnnConvolutionFwdAlgo_t algorithm) {
        check(run.forward(algorithm, workspace.data(), workspace.bytes()));
        run.dnn.stream.wait();
        return run.y.read();
    };
    const auto one = forward(CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM);
    EXPECT_NE(forward(CUDNN_CONVOLUTION_FWD_ALGO_GEMM), one);
    EXPECT_EQ(forward(CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM), one);

    const auto backward = [&](cudnnConvolutionBwdFilterAlgo_t algorithm) {
        const Array dw(problem.w.size());
        check(cudnnConvolutionBackwardFilter(
            run.dnn.get(), &run.alpha, run.x_desc.get(), run.x.data(), run.y_desc.get(), run.y.data(), run.conv.get(),
            algorithm, workspace.data(), workspace.bytes(), &run.beta, run.w_desc.get(), dw.data()));
        run.dnn.stream.wait();
        return dw.read();
    };
    const auto fixed = backward(CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1);
    EXPECT_EQ(backward(CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1), fixed);
    const auto loose = backward(CUDNN_CONVOLUTION_BWD_FILTER_ALGO_0);
    EXPECT_NE(backward(CUDNN_CONVOLUTION_BWD_FILTER_ALGO_0), loose);
}

TEST_F(DnnConvolution, WorkspacesAreCheckedAndScribbledOn) {
    const Problem problem(cases().front());
    OnDevice run(problem);
    const auto algorithm = CUDNN_CONVOLUTION_FWD_ALGO_GEMM;
    const std::size_t needed = run.forward_workspace(algorithm);
    ASSERT_GT(needed, 0u);
    const Array workspace(std::vector<float>(needed / sizeof(float), 1.0f));
    EXPECT_EQ(run.forward(algorithm, workspace.data(), needed - 4), CUDNN_STATUS_BAD_PARAM);
    EXPECT_DEATH(static_cast<void>(run.forward(algorithm, workspace.data() + 1, needed)),
                 "cudnnConvolutionForward: workSpace is to be .* of device memory");
    EXPECT_DEATH(static_cast<void>(run.forward(algorithm, nullptr, needed)), "workSpace .* is a null pointer");
    check(run.forward(algorithm, workspace.data(), needed));
    run.dnn.stream.wait();
    EXPECT_TRUE(std::isnan(workspace.read()[0]));
}

TEST_F(DnnConvolution, WorkspacesInFlightAreNotShared) {
    const Problem problem(cases().front());
    const auto algorithm = CUDNN_CONVOLUTION_FWD_ALGO_GEMM;
    const Array workspace(1 << 16);
    const Event done;
    OnDevice first(problem), second(problem);
    const auto forward = [&](OnDevice& run) { return run.forward(algorithm, workspace.data(), workspace.bytes()); };
    EXPECT_DEATH(
        {
            check(forward(first));
            check(forward(second));
            check(cudaDeviceSynchronize());
        },
        "a race: cudnnConvolutionForward .* write .* which cudnnConvolutionForward .* wrote");
    check(forward(first));
    check(cudaEventRecord(done.get(), first.dnn.stream.get()));
    check(cudaStreamWaitEvent(second.dnn.stream.get(), done.get(), 0));
    check(forward(second));
    second.dnn.stream.wait();
    check(forward(first));
    first.dnn.stream.wait();
}

TEST_F(DnnConvolution, RefusesWhatDoesNotFit) {
    const Problem problem(cases()[0]), other(cases()[3]);
    OnDevice run(problem), wrong(other);
    EXPECT_EQ(cudnnConvolutionForward(run.dnn.get(), &run.alpha, run.x_desc.get(), run.x.data(), run.w_desc.get(),
                                      run.w.data(), run.conv.get(), CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM, nullptr,
                                      0, &run.beta, wrong.y_desc.get(), wrong.y.data()),
              CUDNN_STATUS_BAD_PARAM);
    char text[256];
    cudnnGetLastErrorString(text, sizeof text);
    EXPECT_STREQ(text, "cudnnConvolutionForward: the shapes do not fit together");
    const auto algorithm = CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM;
    const auto forward = [&](const float* x, float* y) {
        return cudnnConvolutionForward(run.dnn.get(), &run.alpha, run.x_desc.get(), x, run.w_desc.get(), run.w.data(),
                                       run.conv.get(), algorithm, nullptr, 0, &run.beta, run.y_desc.get(), y);
    };
    EXPECT_DEATH(static_cast<void>(forward(problem.x.data(), run.y.data())), "x is to be .* is pageable host memory");
    EXPECT_DEATH(static_cast<void>(forward(run.x.data() + 1, run.y.data())), "x is to be 1344 bytes of device memory");
    const Array both(2 * problem.y.size());
    EXPECT_DEATH(static_cast<void>(forward(both.data(), both.data() + 4)), "the result and an input share memory");
}

TEST_F(DnnConvolution, HandlesAndDescriptorsHaveToLive) {
    EXPECT_DEATH(
        {
            const TensorOwner tensor(Shape{1, 1, 1, 1});
            static_cast<void>(cudnnDestroyTensorDescriptor(tensor.get()));
            static_cast<void>(cudnnDestroyTensorDescriptor(tensor.get()));
        },
        "cudnnDestroyTensorDescriptor: the tensor descriptor is already destroyed");
    EXPECT_DEATH(static_cast<void>(cudnnDestroy(nullptr)), "cudnnDestroy: the cuDNN handle is null");
    EXPECT_EXIT(
        {
            cudnnHandle_t handle{};
            cudnnTensorDescriptor_t tensor{};
            static_cast<void>(cudnnCreate(&handle));
            static_cast<void>(cudnnCreateTensorDescriptor(&tensor));
            std::exit(0);
        },
        testing::ExitedWithCode(99), "leaked at exit: cuDNN handle, 1(.|\n)*tensor descriptor, 1");
    EXPECT_DEATH(
        {
            const Problem problem(cases().front());
            OnDevice run(problem);
            check(cudnnDestroy(run.dnn.get()));
            run.forward(CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM, nullptr, 0);
        },
        "cudnnConvolutionForward: the cuDNN handle is already destroyed");
}

TEST_F(DnnConvolution, WithoutADriverNothingIsInitialised) {
    EXPECT_EXIT(
        {
            setenv("ATNAS_SIM_DEVICES", "nodriver", 1);
            cudnnHandle_t handle{};
            std::exit(cudnnCreate(&handle) == CUDNN_STATUS_NOT_INITIALIZED ? 0 : 1);
        },
        testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace cuda_sim::test
