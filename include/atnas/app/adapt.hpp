// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What `atnas adapt` does between its options and what it says.

#include <functional>

#include "atnas/app/adapt_options.hpp"
#include "atnas/app/report/adaptation.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/core/provenance.hpp"
#include "atnas/data/named_images.hpp"
#include "atnas/engine/search_journal.hpp"
#include "atnas/io/network_file.hpp"

namespace atnas::app {

/// What came of it, the same on every rank.
struct Adapted {
    AdaptationReport report;
    io::NetworkFile file;
    engine::SearchJournal journal;  ///< to be closed once the file is written
    data::NamedImages asked;        ///< images to be told apart; on rank 0
};

/// Reads checkpoint and images, those to be told apart too, searches, adapts. Throws Error on every rank: bad files,
/// images that no network of the checkpoint can learn. \p stop: whether some rank was asked to; asked between
/// generations. Collective.
Adapted adapt(const AdaptOptions& options, const Provenance& provenance, const std::function<bool()>& stop,
              const comm::Communicator& communicator);

}  // namespace atnas::app
