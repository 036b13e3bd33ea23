#pragma once
/// \file
/// Networks of cells as graphs (MetaNAS: Elsken et al. 2020; DARTS: Liu et al. 2019). Weights are named per cell, edge
/// and operation, so that all subnets share them.

#include "atnas/nn/graph.hpp"
#include "atnas/space/cell_genotype.hpp"
#include "atnas/space/network_options.hpp"

namespace atnas::supernet {

/// The features of one subnet: stem, cells, global average pool.
nn::Graph make_cell_subnet(nn::Manifest& manifest, const space::NetworkOptions& options,
                           const space::CellGenotype& genotype);

/// Requires the blocks of every operation on every edge. Returns the number of features.
int require_cell_blocks(nn::Manifest& manifest, const space::NetworkOptions& options);

}  // namespace atnas::supernet
