// The operations of the cuda backend on whatever device there is: a real one, or the simulated one of tests/cuda_sim.
#include "unit/backend/against_reference.hpp"

namespace atnas::test {
namespace {

using backend::BackendKind;

const Device deterministic{"cuda", BackendKind::cuda};
const Device fastest{"cuda_fastest", BackendKind::cuda, {.algorithms = backend::CudaAlgorithms::fastest}};

const auto one_device = testing::Values(deterministic);
const auto both_ways_to_choose = testing::Values(deterministic, fastest);

INSTANTIATE_TEST_SUITE_P(Convolution, AgainstReference,
                         testing::Combine(both_ways_to_choose, testing::ValuesIn(convolutions())), name_of_case);
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
