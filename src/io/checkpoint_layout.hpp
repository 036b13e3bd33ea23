// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Where everything lies in a checkpoint (analysis/FORMAT.md).

#include <cstdint>

#include "atnas/io/checkpoint.hpp"
#include "atnas/io/hdf5.hpp"

namespace atnas::io {

/// Where the fronts lie, of a search that has any.
inline constexpr const char* front_group = "/history/front";
/// Where everybody lies who was judged, of a search that remembers them.
inline constexpr const char* genealogy_group = "/individuals";

/// Sizes of tables that not every rank holds, or that must be the same in several.
struct TableSizes {
    std::uint64_t individuals;                                         ///< of an island
    std::uint64_t genes;                                               ///< of an individual
    std::uint64_t history, fronts, migrations, iterations, genealogy;  ///< rows of the histories on rank 0
};

/// The same on every rank. Collective. \pre all individuals have as many genes, all islands as many individuals
TableSizes table_sizes(const CheckpointState& state, const comm::Communicator& communicator);

/// Bytes that the file will not exceed; the same on every rank.
std::uint64_t size_bound(const CheckpointState& state, const TableSizes& sizes);

/// Everything between the type and the contents. Collective.
void write_state(File& file, const CheckpointState& state, const TableSizes& sizes,
                 const comm::Communicator& communicator);

/// Throws Error(bad_data) when something is missing or does not fit together. One process.
CheckpointState read_state(File& file);

/// Gives all ranks what rank 0 has read, but not the histories. Collective.
void share_state(CheckpointState& state, const comm::Communicator& communicator);

/// Throws Error(bad_data) naming the array and the value: what can be read and yet cannot be.
void expect_possible(const CheckpointState& state);

}  // namespace atnas::io
