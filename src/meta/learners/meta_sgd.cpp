// SPDX-License-Identifier: Apache-2.0
#include "learners.hpp"

namespace atnas::meta {

LearnerEntry meta_sgd_entry() {
    return {Learner::meta_sgd,
            "meta_sgd",
            "first order, learns rates of the inner loop as well, per block of weights and step (Li et al. 2017)",
            nn::WeightSlice::Part::all,
            LearnerEntry::LearnsFrom::query,
            Kept::directions};
}

}  // namespace atnas::meta
