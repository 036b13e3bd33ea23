// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What `atnas predict` does between its options and what it says.

#include <filesystem>
#include <vector>

#include "atnas/app/deck/deck.hpp"
#include "atnas/app/deck/deck_text.hpp"
#include "atnas/app/report/confusion_report.hpp"
#include "atnas/app/report/predictions.hpp"
#include "atnas/comm/communicator.hpp"
#include "atnas/data/import_images.hpp"
#include "atnas/data/named_images.hpp"
#include "atnas/io/network_file.hpp"

namespace atnas::app {

/// Whether the images must come with labels of the network's classes.
enum class Labelled { if_they_are, required };

struct PredictOptions {
    std::filesystem::path network;
    std::filesystem::path data;
    data::ImportOptions images{};  ///< size and channels are the network's
    Labelled labelled{Labelled::if_they_are};
    Confusions confusions{Confusions::none};  ///< counted: of labelled images alone
    ClassColumns columns{ClassColumns::usual};
    std::filesystem::path output;       ///< CSV or HDF5; empty = CSV to the standard output
    std::filesystem::path json;         ///< empty = none
    std::vector<Assignment> overrides;  ///< of keys_of_prediction(), they go before the network's
};

/// Names of the deck keys that a prediction uses, as OptionTable::used_keys has them: what computes, task.query_copies
/// and what changes copies.
std::vector<std::string> keys_of_prediction();

/// Images of a folder or archive, with folders per class or not, a single image, a data set (.h5), an IDX file or a
/// table of files and classes (.csv), as \p options say. Says in the log what was skipped, and which images were
/// resized or converted. One process. Throws Error(bad_data), with a line for each image that cannot be read.
data::NamedImages read_for_prediction(const std::filesystem::path& source, const data::ImportOptions& options);

/// What the networks of \p file take images for. \p deck is the file's. \p images: on rank 0; of the file's shape.
/// Their truth is set where all labels are the file's classes. The same on any number of ranks; complete on rank 0.
/// Throws Error on every rank: a network that does not fit its file, no backend. Collective.
Predictions predict(const io::NetworkFile& file, const Deck& deck, const data::NamedImages& images,
                    const comm::Communicator& communicator);

/// Reads both files and predicts. Throws Error on every rank. Collective. \pre confusions are of required labels
Predictions predict(const PredictOptions& options, const comm::Communicator& communicator);

}  // namespace atnas::app
