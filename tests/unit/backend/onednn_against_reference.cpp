// SPDX-License-Identifier: Apache-2.0
#include "unit/backend/against_reference.hpp"
#include "unit/backend/exact_sum.hpp"
#include "unit/backend/known_values.hpp"

namespace atnas::test {
namespace {

const auto devices = testing::Values(Device{"onednn", backend::BackendKind::onednn});

INSTANTIATE_TEST_SUITE_P(Convolution, AgainstReference, testing::Combine(devices, testing::ValuesIn(convolutions())),
                         name_of_case);
INSTANTIATE_TEST_SUITE_P(Pool, AgainstReference, testing::Combine(devices, testing::ValuesIn(pools())), name_of_case);
INSTANTIATE_TEST_SUITE_P(Norm, AgainstReference, testing::Combine(devices, testing::ValuesIn(norms())), name_of_case);
INSTANTIATE_TEST_SUITE_P(Wiring, AgainstReference, testing::Combine(devices, testing::ValuesIn(wiring())),
                         name_of_case);
INSTANTIATE_TEST_SUITE_P(Head, AgainstReference, testing::Combine(devices, testing::ValuesIn(heads())), name_of_case);
INSTANTIATE_TEST_SUITE_P(OneDnn, ExactSums, devices, name_of_device);

}  // namespace
}  // namespace atnas::test
