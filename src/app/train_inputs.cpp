// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/train_inputs.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "atnas/app/deck/deck_reader.hpp"
#include "atnas/app/deck/engine_options.hpp"
#include "atnas/app/deck/number_text.hpp"
#include "atnas/app/user_images.hpp"
#include "atnas/data/augmenter.hpp"
#include "atnas/data/pixel_values.hpp"
#include "atnas/io/data_set_file.hpp"

namespace atnas::app {
namespace {

io::CheckpointState read_meta_network(const TrainOptions& options, const comm::Communicator& communicator) {
    io::CheckpointState state = io::read_checkpoint(options.checkpoint, communicator);
    if (state.counters.contains("train_phase"))
        throw Error(ExitCode::bad_data,
                    {options.checkpoint.string() + " is a checkpoint of `atnas train`", "a meta-network is needed",
                     "give a checkpoint of `atnas search`; --restart=latest goes on with a training"});
    return state;
}

/// The deck of the checkpoint under what the command line says, of one classification with so many classes. What it
/// says of few-shot tasks is set to what any network may have.
Deck train_deck(const io::CheckpointState& state, const TrainOptions& options, int classes) {
    std::vector<Assignment> overrides = options.overrides;
    const auto given = [&](const std::string& name) {
        return std::ranges::find(overrides, name, &Assignment::name) != overrides.end();
    };
    const auto unless_given = [&](const std::string& name, const std::string& value) {
        if (!given(name)) overrides.push_back({name, value, "train"});
    };
    unless_given("run.folder", std::filesystem::path(options.output).replace_extension(".run").string());
    unless_given("run.walltime", "0");
    unless_given("run.checkpoint_every", "0");
    unless_given("run.checkpoint_minutes", "5");
    // Nothing is bred for the meta-network, and these images may be larger than those the bounds were made for.
    unless_given("space.max_macs", "0");
    unless_given("space.max_parameters", "0");
    // What may be done to characters, to turn them say, need not suit these images.
    Deck unchanged = stored_deck(state, {});
    const auto changed_pairs = deck_pairs(unchanged);
    unchanged.data.augment = {};
    for (const auto& [name, value] : deck_pairs(unchanged))
        if (std::ranges::find(changed_pairs, std::pair(name, value)) == changed_pairs.end()) unless_given(name, value);
    for (const auto& [name, value] : {std::pair{"meta.learner", "fomaml"},
                                      {"meta.inner_steps", "1"},
                                      {"meta.eval_steps", "-1"},
                                      {"meta.first_order_iterations", "0"},
                                      {"meta.multi_step_loss", "0"},
                                      {"meta.pretrain_iterations", "0"},
                                      {"task.train_way", "0"},
                                      {"task.query_copies", "0"},
                                      {"evo.objectives", "fitness"},
                                      {"evo.max_latency", "0"},
                                      {"space.head", "linear"}})
        overrides.push_back({name, value, "train"});
    overrides.push_back({"task.way", number_text(classes), "train"});
    overrides.push_back({"data.source", options.data.string(), "train"});
    return stored_deck(state, overrides);
}

space::NetworkOptions network_of(const Deck& deck, const data::ImageSet& images) {
    space::NetworkOptions network = network_options(deck).network;
    network.image = images.shape;
    network.way = images.classes();
    network.pretrain_classes = 0;
    if (auto problems = problems_of(network); !problems.empty()) throw Error(ExitCode::bad_deck, std::move(problems));
    return network;
}

}  // namespace

TrainInputs::TrainInputs(const TrainOptions& options, const comm::Communicator& communicator)
    : meta_network_(read_meta_network(options, communicator)), images_(io::read_data_set(options.data, communicator)) {
    // Digests are those of the files, whatever becomes of the images.
    std::string digest = io::content_digest(images_).text();
    const space::ImageShape image = image_for(options.from);
    images_ = brought_to(image, std::move(images_), options.data);
    const bool has_test = !options.test.empty();
    if (has_test) {
        data::ImageSet test = io::read_data_set(options.test, communicator);
        digest += "+" + io::content_digest(test).text();
        test_images_ = brought_to(image, std::move(test), options.test);
        test_list_.emplace(*test_images_, images_.class_names);
    }
    deck_ = train_deck(meta_network_, options, std::max(2, images_.classes()));
    split_.emplace(data::split_images(images_, {.validation_fraction = options.validation,
                                                .test_fraction = has_test ? 0 : options.held_for_test,
                                                .seed = deck_.run.seed}));
    network_ = network_of(deck_, images_);
    if (auto problems = data::problems_of(deck_.data.augment, images_.shape); !problems.empty())
        throw Error(ExitCode::bad_deck, std::move(problems));
    record_ = {options.data.string(),
               std::move(digest),
               images_.class_names,
               {},
               {},
               io::ImageFigures{images_.shape, data::brightness(images_.pixels)}};
}

space::ImageShape TrainInputs::image_for(TrainFrom from) const {
    space::ImageShape image = images_.shape;
    if (from == TrainFrom::meta_network && !meta_network_.manifest.empty())
        image.channels = static_cast<int>(meta_network_.manifest.front().shape.at(1));
    return image;
}

engine::StartingWeights TrainInputs::start(TrainFrom from) const noexcept {
    if (from == TrainFrom::scratch) return {};
    const bool averaged = meta_network_.optimizer.contains("average");
    return {&meta_network_, averaged ? engine::StoredWeights::average : engine::StoredWeights::last};
}

}  // namespace atnas::app
