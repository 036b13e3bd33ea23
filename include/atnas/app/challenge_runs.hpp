// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The runs of a one-shot challenge, made ready for a network.

#include <filesystem>
#include <vector>

#include "atnas/comm/communicator.hpp"
#include "atnas/data/image_set.hpp"
#include "atnas/data/import_images.hpp"
#include "atnas/data/one_shot_runs.hpp"
#include "atnas/space/network_options.hpp"

namespace atnas::app {

struct ChallengeOptions {
    std::filesystem::path runs;  ///< archive or folder, see data::read_one_shot_runs; empty = none
    data::Invert invert{data::Invert::no};
};

/// Read on every rank, since they are small, in the size and the channels of \p images, the data set of the network.
/// Throws Error on every rank: Error(bad_data) as read_one_shot_runs() does, and for runs that are light where the data
/// set is dark, or the other way round; Error(bad_deck) for runs that the network has no head for. Collective.
std::vector<data::OneShotRun> load_runs(const ChallengeOptions& options, const data::ImageSet& images,
                                        const space::NetworkOptions& network, const comm::Communicator& communicator);

}  // namespace atnas::app
