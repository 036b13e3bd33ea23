// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Whether a task fits into the memory of a machine, before any of it is taken.

#include <cstddef>

#include "atnas/meta/task_shape.hpp"
#include "atnas/space/genotype.hpp"
#include "atnas/supernet/supernet.hpp"

namespace atnas::engine {

/// Bytes that a plan for tasks of this shape takes, to within a factor of two: all values of a network and their
/// gradients, for all images at once, and the logits. \pre the genotype is legal
double memory_of(supernet::Supernet& supernet, const space::Genotype& genotype, const meta::TaskShape& shape);

}  // namespace atnas::engine
