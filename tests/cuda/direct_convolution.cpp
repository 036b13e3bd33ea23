// SPDX-License-Identifier: Apache-2.0
// Convolutions by kernels of our own: that they are taken where cuDNN has nothing else, and nowhere else, and their
// bits. That they compute what the reference computes is in ops.cpp.
#include <cstdlib>
#include <utility>

#include <gtest/gtest.h>

#include "atnas/backend/device_services.hpp"
#include "cuda/direct_backend.hpp"
#include "support/device.hpp"
#include "unit/backend/op_cases.hpp"

namespace atnas::test {
namespace {

using backend::BackendKind;
using backend::CudaAlgorithms;
using backend::Precision;

/// Results in single precision, whatever they were computed in.
struct Results {
    std::vector<float> y, dx, dweight;
    bool operator==(const Results&) const = default;
};

Results run(backend::Backend& device, const OpCase& convolution) {
    OpBench bench(device);
    const auto op = convolution.build(bench);
    op->forward(bench.context());
    op->backward(bench.context());
    const auto read = [&](const Probe& probe) {
        const auto values = bench.read(probe.tensor);
        std::vector<float> rounded;
        for (const double value : values) rounded.push_back(static_cast<float>(value));
        return rounded;
    };
    return {read(bench.outputs[0]), read(bench.gradients[0]), read(bench.gradients[1])};
}

/// What the simulated cuDNN reads of its environment, while this lives.
class Simulated {
  public:
    Simulated(const char* name, const char* value) : name_(name) { setenv(name, value, 1); }
    ~Simulated() { unsetenv(name_); }
    Simulated(const Simulated&) = delete;
    Simulated& operator=(const Simulated&) = delete;

  private:
    const char* name_;
};

class DirectConvolution : public testing::Test {
  protected:
    void SetUp() override {
        if (const std::string obstacle = backend::cuda_obstacle(); !obstacle.empty()) GTEST_SKIP() << obstacle;
    }
    static std::unique_ptr<backend::Backend> make(CudaAlgorithms algorithms) {
        return backend::make_backend(BackendKind::cuda, Precision::f32, {.algorithms = algorithms});
    }
    /// Directions for which the device has found no algorithm of cuDNN.
    static int directions_without(backend::Backend& device) {
        const std::string choices = device.services()->tuning();
        int count = 0;
        for (auto at = choices.find("\tdirect\n"); at != std::string::npos; at = choices.find("\tdirect\n", at + 1))
            ++count;
        return count;
    }
};

/// What the default search space consists of.
TEST_F(DirectConvolution, IsNotTakenWhereCudnnHasAnAlgorithm) {
    const std::pair<const char*, OpCase> kinds[]{
        {"dense 3x3", convolution_case({4, 8, 14, 14}, 16, same(3))},
        {"1x1", convolution_case({4, 16, 14, 14}, 8, same(1))},
        {"strided 1x5", convolution_case({4, 8, 14, 14}, 8, {.kernel = {1, 5}, .stride = {1, 2}, .pad = {0, 2}})},
        {"strided 5x1", convolution_case({4, 8, 14, 14}, 8, {.kernel = {5, 1}, .stride = {2, 1}, .pad = {2, 0}})},
        {"depthwise", convolution_case({4, 16, 14, 14}, 16, same(3, 1, 1, 16))},
        {"strided depthwise", convolution_case({4, 16, 14, 14}, 16, same(3, 2, 1, 16))},
        {"dilated depthwise", convolution_case({4, 16, 14, 14}, 16, same(3, 1, 2, 16))},
        {"strided dilated depthwise", convolution_case({4, 16, 14, 14}, 16, same(3, 2, 2, 16))},
    };
    for (const auto& [name, convolution] : kinds) {
        const auto device = make(CudaAlgorithms::deterministic);
        run(*device, convolution);
        expect_assumption(*device, std::string("cuDNN has deterministic algorithms for ") + name + " convolutions",
                          directions_without(*device) == 0);
    }
}

TEST_F(DirectConvolution, IsTakenWhereNoAlgorithmOfCudnnIsAllowed) {
    const auto grouped = convolution_case({2, 8, 9, 7}, 8, same(3, 2, 2, 8));
    const auto dense = convolution_case({2, 8, 9, 7}, 8, same(3));
    const auto direct = make_direct_backend();
    if (!is_simulated(*direct)) return;
    const Simulated cudnn("ATNAS_SIM_CUDNN", "no_deterministic_groups");
    const auto device = make(CudaAlgorithms::deterministic);
    EXPECT_EQ(run(*device, grouped), run(*direct, grouped));
    EXPECT_EQ(directions_without(*device), 3);
    EXPECT_NE(run(*device, dense), run(*direct, dense)) << "the simulated cuDNN's algorithms differ in the last bit";
    EXPECT_EQ(directions_without(*device), 3);
    // What was found out is no choice that another device would have to trust.
    const auto again = make(CudaAlgorithms::deterministic);
    again->services()->tune(device->services()->tuning());
    EXPECT_EQ(directions_without(*again), 0);
    EXPECT_EQ(run(*again, grouped), run(*direct, grouped));
    EXPECT_EQ(directions_without(*again), 3);

    const auto fastest = make(CudaAlgorithms::fastest);
    run(*fastest, grouped);
    EXPECT_EQ(directions_without(*fastest), 0) << "what works may be measured";
}

/// Sums have one order, whoever computes them when: y and dx that of the reference, and those of dweight, in double,
/// are exact but for their last bits.
TEST_F(DirectConvolution, HasTheBitsOfOneOrder) {
    const auto single = backend::make_backend(BackendKind::reference);
    const auto precise = backend::make_backend(BackendKind::reference, Precision::f64);
    const auto device = make_direct_backend();
    for (const OpCase& convolution :
         {convolution_case({3, 12, 14, 13}, 12, same(3, 1, 2, 12)), convolution_case({3, 6, 14, 13}, 4, same(5)),
          convolution_case({2, 12, 9, 11}, 6,
                           {.kernel = {3, 5}, .stride = {2, 3}, .pad = {1, 4}, .dilation = {3, 2}, .groups = 3})}) {
        SCOPED_TRACE(convolution.name);
        const Results actual = run(*device, convolution);
        EXPECT_EQ(actual.y, run(*single, convolution).y);
        EXPECT_EQ(actual.dx, run(*single, convolution).dx);
        EXPECT_EQ(actual.dweight, run(*precise, convolution).dweight);
        EXPECT_EQ(actual, run(*device, convolution));
    }
}

/// The grid is bounded: threads have more than one element here.
TEST_F(DirectConvolution, TakesMoreElementsThanThreads) {
    const auto device = make_direct_backend();
    OpBench bench(*device);
    const backend::Shape shape{1, 1, 1100, 1000};
    const auto all = [&](double value) { return bench.constant(shape, std::vector<double>(shape.count(), value)); };
    const auto dx = all(garbage);
    const auto dweight = bench.constant({1, 1, 1, 1}, {garbage});
    const auto y = all(garbage);
    const auto op = device->convolution({}, {.x = all(3.0),
                                             .dx = dx,
                                             .weight = bench.constant({1, 1, 1, 1}, {2.0}),
                                             .dweight = dweight,
                                             .y = y,
                                             .dy = all(0.5)});
    op->forward(bench.context());
    op->backward(bench.context());
    EXPECT_EQ(bench.read(y), std::vector<double>(shape.count(), 6.0));
    EXPECT_EQ(bench.read(dx), std::vector<double>(shape.count(), 1.0));
    EXPECT_EQ(bench.read(dweight)[0], 1.5 * static_cast<double>(shape.count()));
}

}  // namespace
}  // namespace atnas::test
