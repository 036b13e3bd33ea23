// The operations of the cuda backend on whatever device there is: a real one, or the simulated one of tests/cuda_sim.
#include "unit/backend/against_reference.hpp"
#include "unit/backend/flat_arrays.hpp"
#include "unit/backend/known_values.hpp"

namespace atnas::test {
namespace {

using backend::BackendKind;

const Device deterministic{"cuda", BackendKind::cuda};
/// cuDNN may choose the transforms of Winograd or Fourier, which round more than products and sums as they are written.
const Device fastest{
    "cuda_fastest", BackendKind::cuda, backend::Precision::f32, {.algorithms = backend::CudaAlgorithms::fastest}, 2e-4};

const auto one_device = testing::Values(deterministic);

/// Every algorithm is run for a measured choice: some shapes of every kind must do.
std::vector<OpCase> some_convolutions() {
    std::vector<OpCase> cases;
    const auto all = convolutions();
    for (std::size_t k = 0; k < all.size(); k += 5) cases.push_back(all[k]);
    return cases;
}

INSTANTIATE_TEST_SUITE_P(Cuda, KnownValues, one_device, name_of_device);
INSTANTIATE_TEST_SUITE_P(Cuda, FlatArrays, one_device, name_of_device);
INSTANTIATE_TEST_SUITE_P(Convolution, AgainstReference, testing::Combine(one_device, testing::ValuesIn(convolutions())),
                         name_of_case);
INSTANTIATE_TEST_SUITE_P(MeasuredConvolution, AgainstReference,
                         testing::Combine(testing::Values(fastest), testing::ValuesIn(some_convolutions())),
                         name_of_case);
INSTANTIATE_TEST_SUITE_P(Pool, AgainstReference, testing::Combine(one_device, testing::ValuesIn(pools())),
                         name_of_case);
INSTANTIATE_TEST_SUITE_P(Norm, AgainstReference, testing::Combine(one_device, testing::ValuesIn(norms())),
                         name_of_case);
INSTANTIATE_TEST_SUITE_P(Wiring, AgainstReference, testing::Combine(one_device, testing::ValuesIn(wiring())),
                         name_of_case);
INSTANTIATE_TEST_SUITE_P(Head, AgainstReference, testing::Combine(one_device, testing::ValuesIn(heads())),
                         name_of_case);

}  // namespace
}  // namespace atnas::test
