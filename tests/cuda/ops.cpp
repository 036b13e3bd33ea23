// SPDX-License-Identifier: Apache-2.0
// The operations of the cuda backend on whatever device there is: a real one, or the simulated one of tests/cuda_sim.
#include <utility>

#include "cuda/direct_backend.hpp"
#include "unit/backend/against_reference.hpp"
#include "unit/backend/exact_sum.hpp"
#include "unit/backend/flat_arrays.hpp"
#include "unit/backend/known_values.hpp"

namespace atnas::test {
namespace {

using backend::BackendKind;

const Device deterministic{"cuda", BackendKind::cuda};
/// cuDNN may choose the transforms of Winograd or Fourier, which round more than products and sums as they are written.
const Device fastest{
    "cuda_fastest", BackendKind::cuda, backend::Precision::f32, {.algorithms = backend::CudaAlgorithms::fastest}, 2e-4};

const Device direct{.name = "cuda_direct", .kind = BackendKind::cuda, .maker = make_direct_backend};

const auto one_device = testing::Values(deterministic);

/// Every algorithm is run for a measured choice: some shapes of every kind must do.
std::vector<OpCase> some_convolutions() {
    std::vector<OpCase> cases;
    const auto all = convolutions();
    for (std::size_t k = 0; k < all.size(); k += 5) cases.push_back(all[k]);
    return cases;
}

/// Our own kernels take any shape, and no path by the number of channels: some of every kind, and what no layer of the
/// program has. The simulated device is slow with them.
std::vector<OpCase> direct_convolutions() {
    std::vector<OpCase> cases = some_convolutions();
    for (const int stride : {1, 2}) {
        cases.push_back(convolution_case({2, 4, 7, 9}, 6, {.kernel = {1, 5}, .stride = {1, stride}, .pad = {0, 2}}));
        cases.push_back(convolution_case({2, 4, 9, 7}, 6, {.kernel = {5, 1}, .stride = {stride, 1}, .pad = {2, 0}}));
        cases.push_back(convolution_case({2, 6, 7, 8}, 4, same(1, stride), Bias::yes));
        cases.push_back(convolution_case({2, 6, 9, 11}, 6, same(3, stride, 2, 6)));
        cases.push_back(convolution_case({2, 6, 9, 11}, 12, same(5, stride, 1, 6)));
        cases.push_back(convolution_case({2, 6, 9, 10}, 4, same(3, stride, 2, 2)));
    }
    cases.push_back(convolution_case(
        {2, 12, 9, 11}, 6, {.kernel = {3, 5}, .stride = {2, 3}, .pad = {1, 4}, .dilation = {3, 2}, .groups = 3}));
    cases.push_back(
        convolution_case({1, 4, 12, 10}, 4, {.kernel = {2, 4}, .stride = {3, 2}, .pad = {0, 3}, .groups = 2}));
    // Several blocks for an element of the filter, with slices of different lengths.
    cases.push_back(convolution_case({5, 4, 29, 31}, 4, same(3, 1, 1, 4)));
    return cases;
}

/// Channels that several blocks of threads share, with slices of different lengths, and the most channels that a deck
/// allows, many to a block: all that differs between the ways our kernels share out a tensor.
std::vector<OpCase> shared_out_norms() {
    std::vector<OpCase> cases;
    for (const backend::Shape& shape : {backend::Shape{4, 3, 29, 37}, {3, 2, 23, 31}, {2, 16384, 1, 1}})
        for (OpCase& norm : norm_cases(shape)) cases.push_back(std::move(norm));
    return cases;
}

INSTANTIATE_TEST_SUITE_P(Cuda, KnownValues, one_device, name_of_device);
INSTANTIATE_TEST_SUITE_P(Cuda, FlatArrays, one_device, name_of_device);
INSTANTIATE_TEST_SUITE_P(Cuda, ExactSums, one_device, name_of_device);
INSTANTIATE_TEST_SUITE_P(Convolution, AgainstReference, testing::Combine(one_device, testing::ValuesIn(convolutions())),
                         name_of_case);
INSTANTIATE_TEST_SUITE_P(MeasuredConvolution, AgainstReference,
                         testing::Combine(testing::Values(fastest), testing::ValuesIn(some_convolutions())),
                         name_of_case);
INSTANTIATE_TEST_SUITE_P(DirectConvolution, AgainstReference,
                         testing::Combine(testing::Values(direct), testing::ValuesIn(direct_convolutions())),
                         name_of_case);
INSTANTIATE_TEST_SUITE_P(Pool, AgainstReference, testing::Combine(one_device, testing::ValuesIn(pools())),
                         name_of_case);
INSTANTIATE_TEST_SUITE_P(Norm, AgainstReference, testing::Combine(one_device, testing::ValuesIn(norms())),
                         name_of_case);
INSTANTIATE_TEST_SUITE_P(SharedOutNorm, AgainstReference,
                         testing::Combine(one_device, testing::ValuesIn(shared_out_norms())), name_of_case);
INSTANTIATE_TEST_SUITE_P(Wiring, AgainstReference, testing::Combine(one_device, testing::ValuesIn(wiring())),
                         name_of_case);
/// More inputs than one launch takes, of different widths.
INSTANTIATE_TEST_SUITE_P(LongConcat, AgainstReference,
                         testing::Combine(one_device, testing::Values(concat_case({3, 1, 5, 3},
                                                                                  {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5}))),
                         name_of_case);
INSTANTIATE_TEST_SUITE_P(Head, AgainstReference, testing::Combine(one_device, testing::ValuesIn(heads())),
                         name_of_case);

}  // namespace
}  // namespace atnas::test
