// SPDX-License-Identifier: Apache-2.0
#include "learners.hpp"

namespace atnas::meta {

LearnerEntry fomaml_entry() {
    return {Learner::fomaml, "fomaml", "first-order MAML (Finn et al. 2017)", nn::WeightSlice::Part::all,
            LearnerEntry::LearnsFrom::query};
}

}  // namespace atnas::meta
