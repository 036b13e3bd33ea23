// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/deck/deck_key.hpp"

namespace atnas::app {
namespace {

void add_split_keys(std::vector<DeckKey>& keys) {
    using enum OnRestart;
    using data::SplitBy;
    keys.push_back(choice_key<SplitBy>(
        {"data", "split_by", "",
         "what is divided between training, validation and test: classes or whole groups (alphabets)", frozen},
        [](Deck & d) -> auto& { return d.data.split.by; },
        {{"groups", SplitBy::groups}, {"classes", SplitBy::classes}}));
    keys.push_back(names_key(
        {"data", "train", "", "names for training; empty = the rest", frozen},
        [](Deck & d) -> auto& { return d.data.split.train; }));
    keys.push_back(names_key(
        {"data", "validation", "",
         "names whose tasks judge individuals; empty = by fraction, or none where other names are given", frozen},
        [](Deck & d) -> auto& { return d.data.split.validation; }));
    keys.push_back(names_key(
        {"data", "test", "",
         "names kept for `atnas evaluate`; empty = by fraction, or none where other names are given", frozen},
        [](Deck & d) -> auto& { return d.data.split.test; }));
    keys.push_back(real_key(
        {"data", "validation_fraction", "", "of classes or groups, where no names are given", frozen},
        [](Deck & d) -> auto& { return d.data.split.validation_fraction; }, below(0, 1)));
    keys.push_back(real_key(
        {"data", "test_fraction", "", "of classes or groups, where no names are given", frozen},
        [](Deck & d) -> auto& { return d.data.split.test_fraction; }, below(0, 1)));
    keys.push_back(seed_key(
        {"data", "split_seed", "", "of the division by fraction", frozen},
        [](Deck & d) -> auto& { return d.data.split.seed; }));
}

void add_strokes_keys(std::vector<DeckKey>& keys) {
    using enum OnRestart;
    keys.push_back(integer_key(
        {"data", "strokes_classes", "classes", "of the built-in set", frozen},
        [](Deck & d) -> auto& { return d.data.strokes.classes; }, between(1, 1000000)));
    keys.push_back(integer_key(
        {"data", "strokes_per_group", "classes", "per group of the built-in set", frozen},
        [](Deck & d) -> auto& { return d.data.strokes.classes_per_group; }, at_least(1)));
    keys.push_back(integer_key(
        {"data", "strokes_images", "images", "per class of the built-in set", frozen},
        [](Deck & d) -> auto& { return d.data.strokes.images_per_class; }, between(1, 100000)));
    keys.push_back(integer_key(
        {"data", "strokes_size", "pixels", "height and width of the built-in images", frozen},
        [](Deck & d) -> auto& { return d.data.strokes.size; }, between(8, 1024)));
    keys.push_back(seed_key(
        {"data", "strokes_seed", "", "of the program that draws the built-in set", frozen},
        [](Deck & d) -> auto& { return d.data.strokes.seed; }));
}

void add_rotations_key(std::vector<DeckKey>& keys) {
    using enum OnRestart;
    using data::Rotations;
    keys.push_back(choice_key<Rotations>(
        {"data", "rotations", "",
         "quarter = training classes turned by 90, 180 and 270 degrees are classes of their own; mirrored = and the "
         "mirror "
         "images of all these",
         may_change},
        [](Deck & d) -> auto& { return d.data.rotations; },
        {{"none", Rotations::none}, {"quarter", Rotations::quarter}, {"mirrored", Rotations::mirrored}}));
}

}  // namespace

void add_augmentation_keys(std::vector<DeckKey>& keys) {
    using enum OnRestart;
    using data::Flip;
    keys.push_back(real_key(
        {"data", "jitter_rotation", "degrees", "training images are turned by up to this, either way", may_change},
        [](Deck & d) -> auto& { return d.data.augment.jitter.rotation; }, between(0, 180)));
    keys.push_back(real_key(
        {"data", "jitter_shear", "", "training images are slanted by up to this tangent, either way", may_change},
        [](Deck & d) -> auto& { return d.data.augment.jitter.shear; }, between(0, 2)));
    keys.push_back(real_key(
        {"data", "jitter_scale", "", "training images are scaled by 1 +- up to this", may_change},
        [](Deck & d) -> auto& { return d.data.augment.jitter.scale; }, below(0, 1)));
    keys.push_back(real_key(
        {"data", "jitter_translation", "pixels", "training images are moved by up to this, either way", may_change},
        [](Deck & d) -> auto& { return d.data.augment.jitter.translation; }, between(0, 1024)));
    keys.push_back(flag_key<Flip>(
        {"data", "flip", "", "one training image in two is mirrored, left to right", may_change},
        [](Deck & d) -> auto& { return d.data.augment.flip; }, Flip::no, Flip::yes));
    keys.push_back(integer_key(
        {"data", "crop", "pixels",
         "training images get a black border of this, and a window of their size is cut out at random", may_change},
        [](Deck & d) -> auto& { return d.data.augment.crop; }, between(0, 1024)));
    keys.push_back(real_key(
        {"data", "brightness", "", "values of training images are scaled by 1 +- up to this", may_change},
        [](Deck & d) -> auto& { return d.data.augment.brightness; }, between(0, 1)));
    keys.push_back(real_key(
        {"data", "contrast", "", "distances of values of training images from their mean are scaled by 1 +- up to this",
         may_change},
        [](Deck & d) -> auto& { return d.data.augment.contrast; }, between(0, 1)));
    keys.push_back(real_key(
        {"data", "saturation", "",
         "distances of colours of training images from grey are scaled by 1 +- up to this; with 3 channels only",
         may_change},
        [](Deck & d) -> auto& { return d.data.augment.saturation; }, between(0, 1)));
    keys.push_back(integer_key(
        {"data", "cutout", "pixels",
         "side of a square at a random place that takes the mean colour of its training image", may_change},
        [](Deck & d) -> auto& { return d.data.augment.cutout; }, between(0, 1024)));
}

void add_data_keys(std::vector<DeckKey>& keys) {
    keys.push_back(text_key(
        {"data", "source", "",
         "strokes = the built-in synthetic set, or a file made by `atnas import`, relative to the working directory; "
         "at "
         "a restart the file may have moved, its content may not differ",
         OnRestart::may_change},
        [](Deck & d) -> auto& { return d.data.source; }));
    add_split_keys(keys);
    add_strokes_keys(keys);
    add_rotations_key(keys);
    add_augmentation_keys(keys);
}

}  // namespace atnas::app
