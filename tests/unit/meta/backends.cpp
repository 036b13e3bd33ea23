// SPDX-License-Identifier: Apache-2.0
// Whole subnets on the processor's backends.

#include "support/subnet_cases.hpp"

namespace {

using namespace atnas;
using backend::BackendKind;

TEST(Backends, onednn_computes_what_the_reference_computes) {
    test::expect_subnets_of_the_reference(*backend::make_backend(BackendKind::onednn), test::optimised ? 2 : 1);
}

TEST(Backends, plans_taking_turns_disturb_nothing) {
    for (const auto kind : {BackendKind::reference, BackendKind::onednn})
        test::expect_plans_to_take_turns(*backend::make_backend(kind));
}

TEST(Backends, a_task_can_be_repeated) {
    test::expect_tasks_to_repeat(*backend::make_backend(BackendKind::onednn));
}

}  // namespace
