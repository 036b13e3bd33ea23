// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What `atnas train` can be told.

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "atnas/app/deck/deck.hpp"
#include "atnas/app/deck/deck_text.hpp"
#include "atnas/data/image_split.hpp"
#include "atnas/engine/encode_search.hpp"
#include "atnas/engine/network_training.hpp"
#include "atnas/meta/outer_optimizer.hpp"

namespace atnas::app {

/// What the weights of a network are before it learns: those of the meta-network, as far as their shapes agree, or
/// fresh ones.
enum class TrainFrom { meta_network, scratch };

/// How an encode is found: evolution on islands, encodes drawn at random, or the meta-network's best as it is.
enum class TrainSearch { islands, random, none };

struct TrainOptions {
    std::filesystem::path checkpoint;
    std::filesystem::path data;    ///< data set file
    std::filesystem::path test;    ///< another one to test on; empty = some images of data
    std::filesystem::path output;  ///< network file
    std::filesystem::path json;    ///< empty = none
    std::string restart;           ///< "", "latest" or a path
    double time{0};                ///< seconds for everything; 0 = as long as it takes

    TrainFrom from{TrainFrom::meta_network};
    TrainSearch search{TrainSearch::islands};
    std::string encode;      ///< train this one; empty = what the search finds
    int evaluations{24};     ///< encodes that are tried
    int trial_steps{60};     ///< of the training of one
    int trial_images{2000};  ///< that judge one, out of those held out

    double epochs{20};    ///< over the training images; with time the most
    int batch{128};       ///< images of a step
    int micro_batch{64};  ///< of these, images that are normalised together
    meta::OuterOptions optimizer{.kind = meta::OptimizerKind::adam,
                                 .rate = 0.012,
                                 .schedule = meta::Schedule::cosine,
                                 .warmup = 50,
                                 .weight_decay = 0.02};
    double label_smoothing{0};   ///< of the loss that is learned from
    double mixup{0};             ///< A of Beta(A, A) that weighs two images; 0 = none are mixed
    double drop_path{0};         ///< probability in the last step that an image loses an edge's result
    double validation{0.1};      ///< fraction of the images of each class
    double held_for_test{0.15};  ///< likewise, where there is no other data set to test on

    std::vector<Assignment> overrides;  ///< deck keys over those of the checkpoint
};

/// "train.epochs" and its like with their values: what results depend on, as a checkpoint keeps it.
std::vector<std::pair<std::string, std::string>> settings_of(const TrainOptions& options);

/// Everything that cannot work whatever the data are.
std::vector<Problem> problems_of(const TrainOptions& options);

/// Of the network that is found. \p augment and \p seed are the deck's.
engine::NetworkTrainingOptions network_training(const TrainOptions& options, const data::AugmentOptions& augment,
                                                std::uint64_t seed);
/// Of the encodes that are tried: so many steps as the options say, of one mini-batch each.
engine::NetworkTrainingOptions trial_training(const TrainOptions& options, const data::AugmentOptions& augment,
                                              std::uint64_t seed);

/// How encodes are looked for: two islands of a population that some tens of evaluations can improve. Rates of
/// variation are the deck's. From scratch the first members are unrelated, and with TrainSearch::random all are.
engine::EncodeSearchOptions encode_search(const TrainOptions& options, const Deck& deck);

}  // namespace atnas::app
