// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// How good encodes are for a classification data set: each is trained briefly, alone, and judged on images held out.

#include <cstddef>
#include <functional>
#include <limits>
#include <span>
#include <vector>

#include "atnas/backend/backend.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/data/image_list.hpp"
#include "atnas/engine/network_training.hpp"
#include "atnas/engine/stored_weights.hpp"
#include "atnas/engine/work_sharing.hpp"
#include "atnas/space/cost_model.hpp"
#include "atnas/space/genotype.hpp"
#include "atnas/space/network_options.hpp"

namespace atnas::engine {

/// What the weights of a network are before it learns.
struct StartingWeights {
    /// Blocks of the same name and shape are taken from there; null = all are fresh. Outlives its user.
    const io::CheckpointState* stored{nullptr};
    StoredWeights which{StoredWeights::last};
};

struct StartingNetwork {
    supernet::Supernet network;  ///< of one genotype
    std::size_t inherited{0};    ///< weights of it that were stored
};

/// The network of one genotype with them. Fresh ones are a function of the seed.
StartingNetwork starting_network(backend::Backend& backend, const space::NetworkOptions& network,
                                 const space::Genotype& genotype, const StartingWeights& start, std::uint64_t seed);

struct TrialOptions {
    NetworkTrainingOptions training{};  ///< its outer.iterations are the steps of a trial
    StartingWeights start{};
};

/// All encodes learn from the same mini-batches and are judged on the same images: what differs is not chance. A trial
/// is work of one rank, and a function of its encode alone.
class EncodeTrials {
  public:
    /// Everything that outlives it.
    struct Place {
        backend::Backend& backend;
        const space::CostModel& costs;
        WorkSharing& sharing;
        const comm::Communicator& communicator;
    };
    struct Images {
        data::ImageList train, held_out;
    };
    EncodeTrials(const Place& place, const space::NetworkOptions& network, const Images& images,
                 const TrialOptions& options);

    /// Of encodes that were not tried because of the interruption.
    static constexpr double not_tried = std::numeric_limits<double>::quiet_NaN();
    /// Of each encode exp(-mean cross-entropy) on the images held out: above 0 ... 1, and as fine as the loss, where
    /// accuracies of few images are often equal; evo::worst_fitness where it is no number. \p interrupted is asked
    /// after every trial. Collective.
    std::vector<double> run(std::span<const space::Genotype> encodes, const std::function<bool()>& interrupted);

  private:
    double try_one(const space::Genotype& encode);

    Place place_;
    space::NetworkOptions network_;
    Images images_;
    TrialOptions options_;
};

}  // namespace atnas::engine
