// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// How long subnets take for an image on this machine: measured once for every encode.

#include <map>
#include <span>
#include <string>
#include <utility>

#include "atnas/comm/communicator.hpp"
#include "atnas/engine/island.hpp"
#include "atnas/space/genotype.hpp"
#include "atnas/supernet/supernet.hpp"

namespace atnas::engine {

struct LatencyOptions {
    int images{32};       ///< of the batch that is timed
    double seconds{0.1};  ///< about so long an encode is timed, five times at least
    std::string where{};  ///< what else times depend on: machine, network, threads
};

/// A forward pass with given statistics, as a trained network is used: the fastest of several, for what else runs on
/// the machine only delays them, divided by the images of the batch. What one machine measured holds for no other, so a
/// table says where it was made.
class LatencyTable {
  public:
    /// Keeps references.
    LatencyTable(supernet::Supernet& supernet, const comm::Communicator& communicator, const LatencyOptions& options);

    /// The backend as it describes itself on rank 0, the images of a batch, and where that is. Collective in the
    /// constructor.
    const std::string& place() const noexcept { return place_; }
    /// Takes what a table of the same place() held, by canonical encode; the same on every rank.
    void begin_with(std::map<space::Genotype, double> known) { known_ = std::move(known); }
    /// Gives the latency to all members. Encodes that are not known are dealt to the ranks, which time them at the same
    /// time, each on its own device or cores. Collective, of the same islands.
    void measure(std::span<Island> islands);
    /// Microseconds for an image; the same on every rank. Collective where it is not known.
    double of(const space::Genotype& genotype);
    /// Of the extremes of the space, the most: a scale for others, that some may exceed a little. Collective when it is
    /// asked for the first time.
    double largest();
    /// Microseconds, by canonical encode.
    const std::map<space::Genotype, double>& known() const noexcept { return known_; }

  private:
    /// Those that are not known yet. Collective.
    void measure(std::span<const space::Genotype> canonical);
    double time(const space::Genotype& genotype);

    supernet::Supernet& supernet_;
    const comm::Communicator& communicator_;
    LatencyOptions options_;
    std::string place_;
    std::map<space::Genotype, double> known_;
};

}  // namespace atnas::engine
