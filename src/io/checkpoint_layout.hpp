// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Where everything lies in a checkpoint (analysis/FORMAT.md).

#include <cstdint>

#include "atnas/io/checkpoint.hpp"
#include "atnas/io/hdf5.hpp"

namespace atnas::io {

inline constexpr const char* reproducible_attribute = "reproducible";

/// What the ranks must know of each other to write their islands.
struct PopulationShape {
    std::uint64_t individuals;
    std::uint64_t genes;
};

/// Collective. \pre all individuals of all ranks have as many genes, all islands as many individuals
PopulationShape population_shape(const CheckpointState& state, const comm::Communicator& communicator);

/// Bytes that the file will not exceed.
std::uint64_t size_bound(const CheckpointState& state, PopulationShape shape);

/// Everything between the type and the contents. Collective.
void write_state(File& file, const CheckpointState& state, PopulationShape shape,
                 const comm::Communicator& communicator);

/// Islands [first_island, first_island + island_count), -1 = all. Throws Error(bad_data) when something is missing or
/// does not fit together. One process.
CheckpointState read_state(File& file, int first_island, int island_count);

/// Throws Error(bad_data) naming the array and the value: what can be read and yet cannot be.
void expect_possible(const CheckpointState& state, const std::filesystem::path& path);

}  // namespace atnas::io
