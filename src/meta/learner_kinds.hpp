// SPDX-License-Identifier: Apache-2.0
#pragma once
// What learners learn from, a file each; meta_learner.cpp has a case for each of them.

#include <memory>

#include "atnas/meta/meta_learner.hpp"

namespace atnas::meta {

/// The gradient of the query loss, or of all that the adaptation counts: at the adapted weights, whatever part of them
/// the adaptation adapts (first order), or by the initial ones where the adaptation keeps the way to them.
std::unique_ptr<MetaLearner> make_query_gradient_learner(const Adaptation& adaptation);
/// Initial minus adapted weights.
std::unique_ptr<MetaLearner> make_weight_difference_learner(const Adaptation& adaptation);

}  // namespace atnas::meta
