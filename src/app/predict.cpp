// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/predict.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "atnas/app/deck/deck_reader.hpp"
#include "atnas/app/deck/deck_schema.hpp"
#include "atnas/app/deck/engine_options.hpp"
#include "atnas/app/report/import_warnings.hpp"
#include "atnas/core/log.hpp"
#include "atnas/core/timer.hpp"
#include "atnas/data/idx_file.hpp"
#include "atnas/data/import_idx.hpp"
#include "atnas/data/import_list.hpp"
#include "atnas/engine/predictor.hpp"
#include "atnas/engine/replica_backend.hpp"
#include "atnas/engine/shared_prediction.hpp"
#include "atnas/io/data_set_file.hpp"

namespace atnas::app {
namespace {

/// Images that pass through a network at a time. Results must not depend on it, so nobody can set it.
constexpr std::size_t batch = 64;

constexpr int no_class = -1;

/// By image: index of the class that the label names.
std::vector<int> numbers_of(const std::vector<std::string>& labels, const std::vector<std::string>& classes) {
    std::map<std::string, int> number;
    for (std::size_t label = 0; label < classes.size(); ++label)
        number.emplace(classes[label], static_cast<int>(label));
    std::vector<int> numbers;
    for (const std::string& label : labels) {
        const auto found = number.find(label);
        numbers.push_back(found == number.end() ? no_class : found->second);
    }
    return numbers;
}

/// Throws Error(bad_data) where an image has no label of these classes.
void expect_labels(const data::NamedImages& images, const io::NetworkFile& file) {
    const auto numbers = numbers_of(images.labels, file.classes);
    const auto unknown = std::ranges::find(numbers, no_class);
    if (unknown == numbers.end()) return;
    const auto image = static_cast<std::size_t>(unknown - numbers.begin());
    const std::string& label = images.labels[image];
    const std::string nearest = nearest_word(label, file.classes);
    throw Error(ExitCode::bad_data,
                Problem{"image " + images.names[image],
                        label.empty() ? "it has no label" : "\"" + label + "\" is no class of " + file.path.string(),
                        nearest.empty() ? "`atnas info` lists the classes" : "did you mean \"" + nearest + "\"?"});
}

/// The truth, where it is known of all images.
std::vector<int> truth_of(const data::NamedImages& images, const io::NetworkFile& file) {
    const auto numbers = numbers_of(images.labels, file.classes);
    const auto unknown = std::ranges::count(numbers, no_class);
    if (unknown == 0) return numbers;
    if (unknown < std::ssize(numbers))
        world_log().info("{} of {} images have no label that is a class of the network: accuracy is not judged",
                         unknown, numbers.size());
    return {};
}

/// Accuracy on what a network has learned is not that on what it will see.
void warn_of_known_images(const Predictions& predictions, const io::NetworkFile& file) {
    const auto learned = file.origin.find("data_digest");
    if (!predictions.score || predictions.data_digest.empty() || learned == file.origin.end()) return;
    // A data set to test on stands behind a plus.
    if (learned->second.substr(0, learned->second.find('+')) != predictions.data_digest) return;
    world_log().warn("{} holds the images that {} learned from: on others it may be less accurate", predictions.data,
                     predictions.network);
}

/// Throws Error(bad_deck) for copies that the images cannot have, and for changes where no copies are asked for; says
/// in the log where all copies are equal.
void expect_copies(const Deck& deck, const space::ImageShape& shape, const std::vector<Assignment>& overrides) {
    if (deck.task.query_copies == 0) {
        const std::vector<std::string> changes = augmentation_keys();
        for (const Assignment& key : overrides)
            if (std::ranges::find(changes, key.name) != changes.end())
                throw Error(ExitCode::bad_deck, {fmt::format("{} = {}", key.name, key.value),
                                                 "it changes copies of the images, and none are asked for",
                                                 "leave it out, or add --task.query_copies=4"});
        return;
    }
    if (auto problems = data::problems_of(deck.data.augment, shape); !problems.empty())
        throw Error(ExitCode::bad_deck, std::move(problems));
    if (deck.data.augment == data::AugmentOptions{})
        world_log().warn(
            "task.query_copies = {}: the copies are equal and of no use, since nothing changes them; give "
            "data.flip, data.crop, data.jitter_rotation or the like",
            deck.task.query_copies);
}

/// The same on every rank.
std::vector<std::uint8_t> pixels_on_all(const data::NamedImages& images, const comm::Communicator& communicator) {
    std::vector<std::uint8_t> pixels = images.pixels;
    std::uint64_t size = pixels.size();
    communicator.broadcast(std::as_writable_bytes(std::span(&size, 1)), 0);
    pixels.resize(size);
    communicator.broadcast(std::as_writable_bytes(std::span(pixels)), 0);
    return pixels;
}

}  // namespace

std::vector<std::string> keys_of_prediction() {
    std::vector<std::string> keys = augmentation_keys();
    keys.insert(keys.end(), {"runtime.", "cuda.", "task.query_copies"});
    return keys;
}

data::NamedImages read_for_prediction(const std::filesystem::path& source, const data::ImportOptions& options) {
    data::NamedImages images;
    data::ImportReport report;
    bool as_they_are = false;
    if (source.extension() == ".h5") {
        const data::ImageSet set = io::read_data_set(source, comm::Communicator());
        images = data::named_images(set, options);
        images.digest = io::content_digest(set).text();
        as_they_are = set.shape == images.shape;
    } else if (source.extension() == ".csv") {
        const data::ImageSet set = data::import_list(source, options, report);
        data::ImportOptions read = options;
        read.invert = data::Invert::no;  // once is enough
        images = data::named_images(set, read);
    } else if (data::is_idx(source)) {
        images = data::read_idx_images(source, options);
    } else {
        images = data::read_named_images(source, options, report);
    }
    warn_of_skipped(report);
    if (!as_they_are)
        world_log().info("{}: images are brought to {} (channels x height x width), what the network takes",
                         source.string(), text_of(images.shape));
    return images;
}

Predictions predict(const io::NetworkFile& file, const Deck& deck, const data::NamedImages& images,
                    const comm::Communicator& communicator) {
    backend::set_threads(deck.runtime.threads);
    const auto backend = engine::make_replica_backend(replica_options(deck), communicator);
    std::optional<engine::Ensemble> ensemble;
    comm::together(communicator,
                   [&] { ensemble.emplace(*backend, network_of(file, deck), file, static_cast<int>(batch)); });
    const std::vector<std::uint8_t> pixels = pixels_on_all(images, communicator);

    const Stopwatch clock;
    Predictions predictions;
    predictions.network = file.path.string();
    predictions.network_digest = file.digest;
    predictions.members = static_cast<int>(file.members.size());
    predictions.classes = file.classes;
    predictions.names = images.names;
    predictions.query_copies = deck.task.query_copies;
    predictions.probabilities =
        engine::shared_probabilities(*ensemble, {pixels, file.image},
                                     {batch, {deck.task.query_copies, deck.data.augment}, deck.run.seed}, communicator);
    predictions.seconds = clock.seconds();
    if (!communicator.is_root()) return predictions;
    predictions.truth = truth_of(images, file);
    summarise(predictions);
    return predictions;
}

Predictions predict(const PredictOptions& options, const comm::Communicator& communicator) {
    const io::NetworkFile file = io::read_network(options.network, communicator);
    const Deck deck = stored_deck(file, options.overrides);
    expect_copies(deck, file.image, options.overrides);
    data::NamedImages images;
    comm::on_root(communicator, [&] {
        data::ImportOptions as_network = options.images;
        as_network.channels = file.image.channels;
        as_network.height = file.image.height;
        as_network.width = file.image.width;
        images = read_for_prediction(options.data, as_network);
        if (options.labelled == Labelled::required) expect_labels(images, file);
    });
    Predictions predictions = predict(file, deck, images, communicator);
    predictions.data = options.data.string();
    if (!communicator.is_root()) return predictions;
    predictions.data_digest = images.digest;
    warn_of_known_images(predictions, file);
    if (options.confusions == Confusions::counted) predictions.confusion = confusion_of(predictions);
    return predictions;
}

}  // namespace atnas::app
