// SPDX-License-Identifier: Apache-2.0
#include "learners.hpp"

namespace atnas::meta {

LearnerEntry maml_entry() {
    return {Learner::maml,
            "maml",
            "second-order MAML (Finn et al. 2017), Hessian-free (Fallah et al. 2020), with meta.inner_optimizer = sgd",
            nn::WeightSlice::Part::all,
            LearnerEntry::LearnsFrom::query,
            Kept::way};
}

}  // namespace atnas::meta
