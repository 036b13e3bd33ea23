// SPDX-License-Identifier: Apache-2.0
#include "learners.hpp"

namespace atnas::meta {

LearnerEntry anil_entry() {
    return {Learner::anil, "anil", "the inner loop adapts the head alone, first order (Raghu et al. 2020)",
            nn::WeightSlice::Part::head, LearnerEntry::LearnsFrom::query};
}

}  // namespace atnas::meta
