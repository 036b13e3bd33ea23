// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/image_split.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "atnas/core/error.hpp"
#include "atnas/core/random.hpp"
#include "shuffle.hpp"

namespace atnas::data {
namespace {

// Streams of the split: that of classes has the first island.
constexpr std::uint32_t within_classes = 1;
constexpr std::uint32_t of_lists = 2;

struct Chosen {
    std::vector<std::int64_t> images;
    std::vector<int> labels;
};

/// In random order.
ImageList list_of(const ImageSet& set, const Chosen& chosen, RandomKey key) {
    std::vector<std::size_t> order(chosen.images.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    shuffle(order, key);
    Chosen mixed;
    for (const std::size_t place : order) {
        mixed.images.push_back(chosen.images[place]);
        mixed.labels.push_back(chosen.labels[place]);
    }
    return {set, std::move(mixed.images), std::move(mixed.labels)};
}

/// Of \p images of a class.
std::size_t share_of(double fraction, std::size_t images) {
    if (fraction == 0) return 0;
    return std::max<std::size_t>(1, static_cast<std::size_t>(std::llround(fraction * static_cast<double>(images))));
}

void expect_fractions(const ImageSplitOptions& options) {
    const double validation = options.validation_fraction;
    const double test = options.test_fraction;
    if (validation > 0 && test >= 0 && validation + test < 1) return;
    throw Error(ExitCode::bad_deck, {"fractions of images for validation " + std::to_string(validation) +
                                         " and for test " + std::to_string(test),
                                     "the first must be above 0, the other not below, and both together below 1",
                                     "leave some images of every class to train on"});
}

void expect_images(const ImageSet& images, const ImageSplitOptions& options) {
    if (images.classes() < 2)
        throw Error(ExitCode::bad_data, {images.source.empty() ? "the data set" : images.source,
                                         "it has one class: there is nothing to tell apart",
                                         "put the images of every class into a folder of its own before importing"});
    std::vector<Problem> problems;
    for (std::size_t c = 0; c < images.class_names.size(); ++c) {
        const auto own = static_cast<std::size_t>(images.first_of_class[c + 1] - images.first_of_class[c]);
        if (share_of(options.validation_fraction, own) + share_of(options.test_fraction, own) < own) continue;
        problems.push_back(
            {"class '" + images.class_names[c] + "' has " + std::to_string(own) + " image" + (own == 1 ? "" : "s"),
             options.test_fraction > 0 ? "one each is needed to train, validate and test on"
                                       : "one each is needed to train and validate on",
             "add images of it, or leave it out; few images per class are what `atnas adapt` is for"});
    }
    if (!problems.empty()) throw Error(ExitCode::bad_data, std::move(problems));
}

}  // namespace

ImageSplit split_images(const ImageSet& images, const ImageSplitOptions& options) {
    expect_fractions(options);
    expect_images(images, options);
    Chosen train, validation, test;
    for (int c = 0; c < images.classes(); ++c) {
        const auto index = static_cast<std::size_t>(c);
        const std::int64_t first = images.first_of_class[index];
        std::vector<std::int64_t> own(static_cast<std::size_t>(images.first_of_class[index + 1] - first));
        std::iota(own.begin(), own.end(), first);
        shuffle(own, {options.seed, Purpose::split, within_classes, 0, static_cast<std::uint32_t>(c)});
        const std::size_t to_validate = share_of(options.validation_fraction, own.size());
        const std::size_t to_test = share_of(options.test_fraction, own.size());
        for (std::size_t n = 0; n < own.size(); ++n) {
            Chosen& role = n < to_validate ? validation : n < to_validate + to_test ? test : train;
            role.images.push_back(own[n]);
            role.labels.push_back(c);
        }
    }
    const auto key = [&](std::uint32_t role) { return RandomKey{options.seed, Purpose::split, of_lists, 0, role}; };
    return {list_of(images, train, key(0)), list_of(images, validation, key(1)), list_of(images, test, key(2))};
}

}  // namespace atnas::data
