#include <cmath>
#include <optional>

#include <gtest/gtest.h>

#include "atnas/core/error.hpp"
#include "op_cases.hpp"

namespace atnas::test {
namespace {

using backend::BackendKind;
using backend::Layout;
using backend::PoolKind;
using enum Bias;

/// Of the largest difference, relative to the largest magnitude of the tensor. Sums of up to some thousand float
/// products in another order differ by a few units of 1e-6.
constexpr double tolerance = 2e-5;

/// All that an operation wrote, by name.
using Results = std::vector<std::pair<std::string, std::vector<double>>>;

Results run(backend::Backend& device, const OpCase& op_case, Wanted wanted) {
    OpBench bench(device, wanted);
    const auto op = op_case.build(bench);
    op->forward(bench.context());
    op->backward(bench.context());
    Results results;
    for (const auto* probes : {&bench.outputs, &bench.gradients})
        for (const Probe& probe : *probes) results.emplace_back(probe.name, bench.read(probe.tensor));
    return results;
}

void expect_close(const Results& expected, const Results& actual) {
    ASSERT_EQ(expected.size(), actual.size());
    for (std::size_t k = 0; k < expected.size(); ++k) {
        const auto& [name, values] = expected[k];
        double scale = 0;
        for (const double value : values) scale = std::max(scale, std::abs(value));
        for (std::size_t i = 0; i < values.size(); ++i)
            ASSERT_NEAR(values[i], actual[k].second[i], tolerance * scale) << name << "[" << i << "]";
    }
}

/// Compares any backend with `reference`: (backend, operation).
class AgainstReference : public testing::TestWithParam<std::tuple<BackendKind, OpCase>> {
  protected:
    void SetUp() override {
        try {
            device_ = backend::make_backend(std::get<0>(GetParam()));
        } catch (const Error& error) {
            GTEST_SKIP() << error.what();
        }
    }

    std::unique_ptr<backend::Backend> reference_ = backend::make_backend(BackendKind::reference);
    std::unique_ptr<backend::Backend> device_;
};

/// Gradients that are not wanted are not needed for the others, nor for the forward pass.
TEST_P(AgainstReference, ForwardAndBackward) {
    const OpCase& op_case = std::get<1>(GetParam());
    for (const Wanted wanted : {Wanted::all, Wanted::inputs, Wanted::parameters, Wanted::none}) {
        SCOPED_TRACE("gradients wanted: " + std::string(name_of(wanted)));
        expect_close(run(*reference_, op_case, wanted), run(*device_, op_case, wanted));
    }
}

std::vector<OpCase> convolutions() {
    std::vector<OpCase> cases;
    // Channel counts around the blocks of 8 and 16, as input and as output.
    for (const int c : {1, 3, 5, 7, 8, 12, 16, 17, 28, 48}) {
        cases.push_back(convolution_case({2, c, 7, 6}, 8, same(3)));
        cases.push_back(convolution_case({2, 8, 5, 7}, c, same(3), yes));
        cases.push_back(convolution_case({1, c, 5, 5}, c, same(1)));
        cases.push_back(convolution_case({2, c, 9, 7}, c, same(3, 1, 1, c)));
        cases.push_back(convolution_case({3, c, 8, 9}, c, same(3, 2, 1, c)));
        cases.push_back(convolution_case({2, c, 9, 9}, c, same(3, 1, 2, c)));
    }
    // First layer, from images as they come.
    for (const int c : {1, 3}) {
        cases.push_back(convolution_case({5, c, 28, 28}, 16, same(3), Bias::no, Layout::plain));
        cases.push_back(convolution_case({1, c, 13, 11}, 48, same(3), yes, Layout::plain));
        cases.push_back(convolution_case({2, c, 15, 15}, 28, same(3, 2), yes, Layout::plain));
    }
    for (const int stride : {1, 2}) {
        const backend::Extent both{stride, stride};
        cases.push_back(convolution_case({2, 16, 7, 9}, 16, {.kernel = {1, 5}, .stride = both, .pad = {0, 2}}));
        cases.push_back(convolution_case({1, 12, 9, 7}, 20, {.kernel = {5, 1}, .stride = both, .pad = {2, 0}}));
        cases.push_back(convolution_case({2, 17, 8, 7}, 17, {.kernel = {1, 5}, .stride = {1, stride}, .pad = {0, 2}}));
        cases.push_back(convolution_case({2, 24, 7, 7}, 12, same(1, stride), yes));
        cases.push_back(convolution_case({2, 12, 11, 9}, 8, same(3, stride, 2)));
    }
    cases.push_back(convolution_case({2, 16, 6, 6}, 24, same(3, 1, 1, 2), yes));
    cases.push_back(convolution_case({1, 12, 5, 5}, 8, {.kernel = {3, 2}}, yes));
    cases.push_back(convolution_case({1, 16, 1, 1}, 16, same(3)));
    cases.push_back(convolution_case({40, 8, 7, 7}, 16, same(3)));
    return cases;
}

std::vector<OpCase> pools() {
    std::vector<OpCase> cases;
    for (const int c : {1, 5, 8, 17, 28}) {
        const backend::Shape odd{2, c, 9, 7};
        for (const auto kind : {PoolKind::max, PoolKind::average}) {
            cases.push_back(pool_case(odd, window(kind, 3, 1, 1)));
            cases.push_back(pool_case(odd, window(kind, 3, 2, 1)));
            cases.push_back(pool_case(odd, window(kind, 2, 2, 0)));
            cases.push_back(pool_case({1, c, 8, 6}, window(kind, 3, 2, 1)));
        }
        cases.push_back(global_average_case(odd));
        cases.push_back(global_average_case({1, c, 1, 1}));
    }
    cases.push_back(pool_case({30, 16, 14, 14}, window(PoolKind::max, 2, 2, 0)));
    return cases;
}

std::vector<OpCase> norms() {
    std::vector<OpCase> cases;
    for (const backend::Shape& x :
         {backend::Shape{2, 8, 5, 7}, {1, 3, 9, 9}, {3, 17, 4, 5}, {1, 28, 3, 3}, {30, 48, 7, 7}})
        for (const OpCase& op_case : norm_cases(x)) cases.push_back(op_case);
    return cases;
}

std::vector<OpCase> wiring() {
    std::vector<OpCase> cases;
    for (const int c : {1, 3, 8, 12, 16, 17, 28}) {
        const backend::Shape x{2, c, 5, 7};
        for (const auto& [direct, rectified] : {std::pair{2, 0}, {0, 2}, {1, 3}})
            cases.push_back(fan_out_case(x, direct, rectified));
        cases.push_back(fan_out_case(x, 1, 1, Layout::plain));
        for (const int inputs : {1, 2, 4}) cases.push_back(sum_case(x, inputs));
        for (const int offset : {0, 1}) {
            cases.push_back(subsample_case(x, offset));
            cases.push_back(subsample_case({1, c, 8, 6}, offset));
        }
        cases.push_back(concat_case(x, {c, c}));
        cases.push_back(concat_case({1, 1, 4, 3}, {c, 5, 8}));
        cases.push_back(flatten_case(x));
        cases.push_back(flatten_case({3, c, 1, 1}));
    }
    cases.push_back(concat_case({3, 1, 7, 7}, {16, 16, 16}));
    return cases;
}

std::vector<OpCase> heads() {
    std::vector<OpCase> cases;
    for (const int images : {1, 25, 75})
        for (const int classes : {2, 5, 20}) {
            cases.push_back(linear_case(images, 64, classes));
            cases.push_back(linear_case(images, 37, classes));
            cases.push_back(loss_case(images, classes));
            if (images >= classes) cases.push_back(prototype_case(images, 37, classes));
        }
    cases.push_back(linear_case(3, 1, 5));
    cases.push_back(prototype_case(5, 64, 5));
    return cases;
}

std::string name_of_case(const testing::TestParamInfo<AgainstReference::ParamType>& info) {
    return std::string(name_of(std::get<0>(info.param))) + "_" + std::get<1>(info.param).name;
}

const auto devices = testing::Values(BackendKind::onednn);

INSTANTIATE_TEST_SUITE_P(Convolution, AgainstReference, testing::Combine(devices, testing::ValuesIn(convolutions())),
                         name_of_case);
INSTANTIATE_TEST_SUITE_P(Pool, AgainstReference, testing::Combine(devices, testing::ValuesIn(pools())), name_of_case);
INSTANTIATE_TEST_SUITE_P(Norm, AgainstReference, testing::Combine(devices, testing::ValuesIn(norms())), name_of_case);
INSTANTIATE_TEST_SUITE_P(Wiring, AgainstReference, testing::Combine(devices, testing::ValuesIn(wiring())),
                         name_of_case);
INSTANTIATE_TEST_SUITE_P(Head, AgainstReference, testing::Combine(devices, testing::ValuesIn(heads())), name_of_case);

}  // namespace
}  // namespace atnas::test
