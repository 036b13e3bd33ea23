#include "atnas/app/deck/deck_key.hpp"

namespace atnas::app {

void add_network_keys(std::vector<DeckKey>& keys) {
    using enum OnRestart;
    using namespace space;
    keys.push_back(choice_key<SpaceKind>(
        {"space", "kind", "", "cell = searched cells; conv4 = the fixed network of the MAML papers", frozen},
        [](Deck & d) -> auto& { return d.space.kind; }, {{"cell", SpaceKind::cell}, {"conv4", SpaceKind::conv4}}));
    keys.push_back(choice_key<CellPreset>(
        {"space", "preset", "", "operations and nodes of a cell: 7 and 3 (metanas), 8 and 4 (darts)", frozen},
        [](Deck & d) -> auto& { return d.space.preset; },
        {{"metanas", CellPreset::metanas}, {"darts", CellPreset::darts}}));
    keys.push_back(integer_key(
        {"space", "channels", "channels", "width of a cell's nodes; filters of conv4", frozen},
        [](Deck & d) -> auto& { return d.space.channels; }, between(1, 16384)));
    keys.push_back(integer_key(
        {"space", "cells", "cells", "stacked one after another", frozen},
        [](Deck & d) -> auto& { return d.space.cells; }, between(1, 64)));
    keys.push_back(integers_key(
        {"space", "reductions", "", "which cells halve the image, counted from 0", frozen},
        [](Deck & d) -> auto& { return d.space.reductions; }));
    keys.push_back(integer_key(
        {"space", "growth", "", "factor on the channels at every reduction", frozen},
        [](Deck & d) -> auto& { return d.space.growth; }, between(1, 8)));
    keys.push_back(choice_key<Stem>(
        {"space", "stem", "", "one convolution, or two with a pooling each (for larger images)", frozen},
        [](Deck & d) -> auto& { return d.space.stem; }, {{"single", Stem::single}, {"pooled", Stem::pooled}}));
    keys.push_back(flag_key<NormAffine>(
        {"space", "affine", "", "norms inside cells have a learned scale and shift", frozen},
        [](Deck & d) -> auto& { return d.space.affine; }, NormAffine::no, NormAffine::yes));
    keys.push_back(flag_key<ConvBias>(
        {"space", "bias", "", "convolutions of conv4 have a bias", frozen},
        [](Deck & d) -> auto& { return d.space.bias; }, ConvBias::no, ConvBias::yes));
    keys.push_back(
        choice_key<Head>({"space", "head", "",
                          "proto = starts from class prototypes; zero = starts at zero; linear = meta-learned", frozen},
                         [](Deck & d) -> auto& { return d.space.head; },
                         {{"proto", Head::proto}, {"zero", Head::zero}, {"linear", Head::linear}}));
}

}  // namespace atnas::app
