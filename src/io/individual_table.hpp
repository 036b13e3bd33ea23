// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Individuals in a checkpoint: a group with an array for every field (evo/individual_fields.hpp) and one of genotypes.

#include <cstdint>
#include <string>
#include <vector>

#include "atnas/evo/individual.hpp"
#include "atnas/io/hdf5.hpp"

namespace atnas::io {

/// Which rows of the arrays one rank writes.
struct IndividualSlab {
    std::vector<std::uint64_t> shape;  ///< of the whole array of a field of one number: one axis or more
    std::uint64_t genes;               ///< of each individual
    std::uint64_t first, rows;         ///< of the first axis
};

/// \p mine fill the rows of the slab. Collective where the file is.
void write_individuals(File& file, const std::string& group, const evo::Population& mine, const IndividualSlab& slab);

/// All of a group whose genotypes have \p axes axes; genes are the last one. Throws Error(bad_data) when an array is
/// missing or does not fit the genotypes.
evo::Population read_individuals(const File& file, const std::string& group, std::size_t axes);

/// The genes of all, one after another. \pre each has \p genes
std::vector<std::int8_t> joined_genes(const std::vector<const space::Genotype*>& genotypes, std::uint64_t genes);

}  // namespace atnas::io
