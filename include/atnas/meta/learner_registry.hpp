// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// All meta-learners. A new one is a file in src/meta/learners/, its value of Learner and a row here.

#include <span>
#include <string>

#include "atnas/meta/meta_learner.hpp"
#include "atnas/nn/weight_slice.hpp"

namespace atnas::meta {

/// A row: what is known of a learner before there is one. Reading decks needs no more.
struct LearnerEntry {
    /// query: the gradient of the query loss after the inner steps. steps: what the inner steps change, so that it
    /// needs some.
    enum class LearnsFrom { query, steps };

    Learner learner;
    std::string name;               ///< as decks say
    std::string summary;            ///< a few words for people
    nn::WeightSlice::Part adapted;  ///< by the inner loop, in training as in fitness and evaluation
    LearnsFrom learns_from;
    Kept kept{Kept::nothing};  ///< in training; directions: where the supernet has learned rates
};

std::span<const LearnerEntry> learner_registry();

const LearnerEntry& entry_of(Learner learner);

}  // namespace atnas::meta
