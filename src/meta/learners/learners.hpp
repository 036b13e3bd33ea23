// SPDX-License-Identifier: Apache-2.0
#pragma once
// The meta-learners, a file each; learner_registry.cpp has a row for each of them.

#include "atnas/meta/learner_registry.hpp"

namespace atnas::meta {

LearnerEntry fomaml_entry();
LearnerEntry maml_entry();
LearnerEntry meta_sgd_entry();
LearnerEntry anil_entry();
LearnerEntry reptile_entry();

}  // namespace atnas::meta
