#pragma once
/// \file
/// Tables that every rank has a part of: what is small and must be known everywhere.

#include <vector>

#include "atnas/comm/communicator.hpp"
#include "atnas/space/genotype.hpp"

namespace atnas::app {

/// The rows of all ranks, in rank order. \pre all rows of all ranks have \p width > 0 numbers. Collective.
std::vector<std::vector<double>> gather_rows(const comm::Communicator& communicator,
                                             const std::vector<std::vector<double>>& mine, std::size_t width);

/// Genes at the end of a row and back.
void append_genes(const space::Genotype& genotype, std::vector<double>& row);
space::Genotype genes_from(const std::vector<double>& row, std::size_t first);

}  // namespace atnas::app
