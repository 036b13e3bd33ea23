// SPDX-License-Identifier: Apache-2.0
// The oracle itself.
#include "unit/backend/exact_sum.hpp"
#include "unit/backend/flat_arrays.hpp"
#include "unit/backend/known_values.hpp"

namespace atnas::test {
namespace {

const auto both_precisions = testing::Values(reference_f32, reference_f64);

INSTANTIATE_TEST_SUITE_P(BothPrecisions, KnownValues, both_precisions, name_of_device);
INSTANTIATE_TEST_SUITE_P(BothPrecisions, FlatArrays, both_precisions, name_of_device);
INSTANTIATE_TEST_SUITE_P(BothPrecisions, ExactSums, both_precisions, name_of_device);

}  // namespace
}  // namespace atnas::test
