// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The complete state of a search in one parallel HDF5 file: written under a temporary name, closed, flushed to disk,
/// renamed; then `latest.h5` (a symbolic link) moves. Layout: analysis/FORMAT.md.

#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "atnas/comm/communicator.hpp"
#include "atnas/core/provenance.hpp"
#include "atnas/evo/fitness_model.hpp"
#include "atnas/evo/genealogy.hpp"
#include "atnas/evo/individual.hpp"
#include "atnas/evo/migration.hpp"
#include "atnas/io/reproducibility.hpp"
#include "atnas/space/genotype.hpp"
#include "atnas/space/network_options.hpp"

namespace atnas::io {

/// A named block of the flat weights.
struct BlockRecord {
    std::string name;
    std::uint64_t offset;
    std::vector<std::uint64_t> shape;
};

/// One generation of one island.
struct HistoryRecord {
    std::int64_t generation, iteration, island;
    double best, mean;  ///< fitness
    space::Genotype best_genotype;
    double spread{std::numeric_limits<double>::quiet_NaN()};  ///< of fitness; NaN where an older program recorded it
    std::int64_t encodes{0};                                  ///< different ones; 0 likewise
};

/// A member of a generation's front over all islands, of a search by several objectives.
struct FrontRecord {
    std::int64_t generation;
    double hypervolume;  ///< of the whole front: engine::Front
    double fitness;
    std::int64_t parameters, macs, memory;
    double latency;  ///< NaN where it was not measured
    space::Genotype genotype;
};

/// What the images of a data set are like.
struct ImageFigures {
    space::ImageShape shape{};
    double brightness{0};  ///< mean of all values, 0 = black, 1 = white

    friend bool operator==(const ImageFigures&, const ImageFigures&) = default;
};

/// What a search learns from: which data set, and which of its classes for what.
struct DataRecord {
    std::string source;                                ///< as the deck names it
    std::string digest;                                ///< of the content: content_digest(), 16 hexadecimal digits
    std::vector<std::string> train, validation, test;  ///< names of classes
    std::optional<ImageFigures> images{};              ///< none = an older program has not kept them

    friend bool operator==(const DataRecord&, const DataRecord&) = default;
};

/// The same on every rank but for the histories, which live on rank 0: what other ranks hold of them does not count.
struct CheckpointState {
    std::string deck_text;                                  ///< effective deck, INI
    std::vector<std::pair<std::string, std::string>> deck;  ///< section.key, value
    Provenance provenance;
    DataRecord data;
    Reproducibility reproducibility;
    std::map<std::string, std::int64_t> counters;  ///< iteration, generation, tasks, skipped, ...
    std::vector<BlockRecord> manifest;
    std::vector<float> weights;
    std::map<std::string, std::vector<float>> optimizer;  ///< moments, in the layout of weights
    std::vector<std::int64_t> block_steps;                ///< optimizer steps per block
    std::vector<std::int64_t> path_counts;                ///< tasks by gene and its value, [genes, values]
    std::vector<evo::Population> populations;             ///< of all islands, by island; all of one size
    evo::FitnessRecord archive;                           ///< of a surrogate; empty without one
    std::vector<HistoryRecord> history;                   ///< rank 0
    std::vector<FrontRecord> fronts;                      ///< rank 0; highest fitness first within a generation
    std::vector<evo::MigrationRecord> migrations;         ///< rank 0
    std::vector<double> iteration_loss;                   ///< per meta-iteration; rank 0
    std::vector<evo::GenealogyRecord> genealogy;          ///< rank 0; in the order of time
    // Of the file it was read from; not written.
    std::filesystem::path path;
    std::string digest;  ///< its attribute digest
};

/// Writes folder/checkpoint-<iteration, 8 digits>.h5, each rank its slice of the weights and of the islands, moves
/// folder/latest.h5, removes all but the newest \p keep that look whole; those of later iterations, which a restart
/// from an older one gave up, go first. What does not look whole stays. Throws Error(bad_data) on every rank: folder
/// not writable, no room on the disk; the older checkpoints are then untouched and no temporary file is left. A write
/// that fails later on all the same ends the job (io/hdf5.hpp), as careful of files. Collective.
std::filesystem::path write_checkpoint(const std::filesystem::path& folder, const CheckpointState& state, int keep,
                                       const comm::Communicator& communicator);

/// Reads a checkpoint. Rank 0 alone opens the file; the others get what it read, without the histories. Throws
/// UnknownVersion(bad_data), or Error(bad_data): missing, not a checkpoint, truncated or damaged: everything that is
/// read is compared with the digests that were written; or impossible, whatever the digests say: values outside their
/// ranges (analysis/FORMAT.md), parts that do not fit together. Whether genes are legal only a search space knows.
/// Collective.
CheckpointState read_checkpoint(const std::filesystem::path& path, const comm::Communicator& communicator);

/// Whether there is any, whole or not. One process.
bool holds_checkpoints(const std::filesystem::path& folder);

/// \p request: "latest" (what latest.h5 points to, else the newest one; damaged ones are named in a warning with the
/// reason and skipped) or a path. Throws Error(restart_refused) when there is none, Error(bad_data) when one cannot be
/// read for reasons of this process (permissions, memory), UnknownVersion(bad_data) when the folder holds one of
/// another version, which a run there might replace. Collective.
std::filesystem::path find_checkpoint(const std::filesystem::path& folder, const std::string& request,
                                      const comm::Communicator& communicator);

}  // namespace atnas::io
