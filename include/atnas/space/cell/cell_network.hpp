// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Networks of cells (MetaNAS: Elsken et al. 2020; DARTS: Liu et al. 2019). Weights are named per cell, edge and
/// operation, so that all subnets share them.

#include "atnas/space/cell/cell_genotype.hpp"
#include "atnas/space/network_builder.hpp"
#include "atnas/space/network_options.hpp"

namespace atnas::space {

/// One subnet up to its features: stem, cells, global average pool.
void build_cell_subnet(NetworkBuilder& builder, const NetworkOptions& options, const CellGenotype& genotype);

/// The same with every operation on every edge.
void build_cell_supernet(NetworkBuilder& builder, const NetworkOptions& options);

}  // namespace atnas::space
