// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What `atnas adapt` and `atnas train` leave behind and `atnas predict` reads: networks with weights of their own that
/// tell the classes of one task apart. Layout: analysis/FORMAT.md, "Networks".

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "atnas/comm/communicator.hpp"
#include "atnas/core/provenance.hpp"
#include "atnas/io/checkpoint.hpp"
#include "atnas/io/hdf5.hpp"
#include "atnas/space/genotype.hpp"
#include "atnas/space/network_options.hpp"

namespace atnas::io {

/// One network.
struct NetworkRecord {
    space::Genotype genotype;
    std::string encode;  ///< the genotype as text
    /// The network's blocks, then the shared ones of its head, by the names that they have in a supernet; then the
    /// head's own, "head/own0", "head/own1", ...: without gaps, in the order of the weights.
    std::vector<BlockRecord> manifest;
    std::vector<float> weights;
    /// What normalises any image: for every norm, in the order of the graph's nodes, the means of all channels, then
    /// their variances. nn::NormMoments::values().
    std::vector<float> moments;
};

struct NetworkFile {
    std::string made_by;                                    ///< the command: "adapt", "train"
    std::string deck_text;                                  ///< effective deck, INI: its [space] is the networks'
    std::vector<std::pair<std::string, std::string>> deck;  ///< section.key, value
    Provenance provenance;
    Reproducibility reproducibility;            ///< command lines count as decks do
    space::ImageShape image{};                  ///< of what the networks take
    std::vector<std::string> classes;           ///< names, by label
    std::map<std::string, std::string> origin;  ///< what it was made from: "checkpoint", "data", digests, ...
    std::map<std::string, double> figures;      ///< how good it is, and what it took: "accuracy", "seconds", ...
    std::vector<NetworkRecord> members;         ///< of the ensemble, best first; one at least
    // Of the file it was read from; not written.
    std::filesystem::path path;
    std::string digest;  ///< its attribute digest
};

/// Written under a temporary name and renamed. One process. Throws Error(bad_data): folder not writable, no room.
/// \pre there is a member and a class, what belongs to a member fits together
void write_network(const std::filesystem::path& path, const NetworkFile& network);

/// One process. Throws UnknownVersion(bad_data), or Error(bad_data): missing, not such a file, truncated or damaged,
/// parts that do not fit together.
NetworkFile read_network(const std::filesystem::path& path);

/// Rank 0 reads, the others get it from there; throws on every rank. Collective.
NetworkFile read_network(const std::filesystem::path& path, const comm::Communicator& communicator);

}  // namespace atnas::io
