// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/cell/cell_entry.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>

#include "../setting.hpp"
#include "atnas/space/cell/cell_space.hpp"

namespace atnas::space {

namespace {

std::vector<SpaceKey> keys() {
    using Options = NetworkOptions;
    return {
        {"preset", "", "operations and nodes of a cell: 7 and 3 (metanas), 8 and 4 (darts)",
         choice_of<CellPreset>([](Options& o) -> CellPreset& { return o.cell.preset; },
                               {{"metanas", CellPreset::metanas}, {"darts", CellPreset::darts}})},
        channels_key("width of a cell's nodes"),
        {"cells", "cells", "stacked one after another",
         SpaceKey::Integer{[](Options& o) -> int& { return o.cell.cells; }, 1, 64}},
        {"reductions", "", "which cells halve the image, counted from 0",
         SpaceKey::Integers{[](Options& o) -> std::vector<int>& { return o.cell.reductions; }}},
        {"growth", "", "factor on the channels at every reduction",
         SpaceKey::Integer{[](Options& o) -> int& { return o.cell.growth; }, 1, 8}},
        {"stem", "", "one convolution, or two with a pooling each (for larger images)",
         choice_of<Stem>([](Options& o) -> Stem& { return o.cell.stem; },
                         {{"single", Stem::single}, {"pooled", Stem::pooled}})},
        {"stem_multiplier", "", "width of the stem, in units of space.channels",
         SpaceKey::Integer{[](Options& o) -> int& { return o.cell.stem_multiplier; }, 1, 8}},
        {"affine", "", "norms inside cells have a learned scale and shift",
         flag_of<NormAffine>([](Options& o) -> NormAffine& { return o.cell.affine; }, NormAffine::no, NormAffine::yes)},
    };
}

std::string list_of(const std::vector<int>& values) {
    std::string text;
    for (const int value : values) text += (text.empty() ? "" : ", ") + std::to_string(value);
    return text;
}

void check_reductions(const CellOptions& options, std::vector<Problem>& problems) {
    const auto& reductions = options.reductions;
    const std::string problem = "reductions = " + list_of(reductions);
    const bool inside = std::ranges::all_of(reductions, [&](int cell) { return cell >= 0 && cell < options.cells; });
    if (!inside) {
        problems.push_back({problem,
                            "cells are numbered from 0 and there are " + std::to_string(std::max(options.cells, 0)),
                            "name cells below " + std::to_string(options.cells) + " or raise the number of cells"});
    }
    if (std::ranges::adjacent_find(reductions, std::greater_equal<>{}) != reductions.end()) {
        problems.push_back({problem, "the indices must rise, each once", "sort them and drop repetitions"});
    }
}

/// \pre cells, reductions, growth, channels and stem are in range on their own
void check_shrinking(const NetworkOptions& options, std::vector<Problem>& problems) {
    const int stem = options.cell.stem == Stem::pooled ? 4 : 1;  // divides the image, rounding down
    int height = options.image.height / stem;
    int width = options.image.width / stem;
    std::int64_t channels = options.channels;
    if (height < 1 || width < 1) {
        problems.push_back({setting(options.image), "the pooled stem halves the image twice and nothing would be left",
                            "use larger images or the single stem"});
        return;
    }
    for (const int cell : options.cell.reductions) {
        if (height < 2 || width < 2) {
            problems.push_back({setting(options.image),
                                "only " + std::to_string(height) + " x " + std::to_string(width) +
                                    " would be left for reduction cell " + std::to_string(cell) + " to halve",
                                "use larger images or fewer reductions"});
            break;
        }
        height = (height + 1) / 2;
        width = (width + 1) / 2;
        channels *= options.cell.growth;
        if (channels > widest) {
            problems.push_back({setting("growth", options.cell.growth),
                                "reduction cell " + std::to_string(cell) + " would have more than " +
                                    std::to_string(widest) + " channels",
                                "use 1 or 2"});
            break;
        }
    }
}

std::vector<Problem> check(const NetworkOptions& options) {
    std::vector<Problem> problems;
    const CellOptions& cell = options.cell;
    if (options.channels < 2) {
        problems.push_back({setting("channels", options.channels),
                            "a cell splits its channels in two halves where it reduces", "try 16"});
    }
    if (cell.cells < 1) {
        problems.push_back({setting("cells", cell.cells), "a network has at least one cell", "try 4"});
    }
    if (cell.growth < 1) {
        problems.push_back({setting("growth", cell.growth), "it multiplies the width at a reduction", "use 1 or 2"});
    }
    if (cell.stem_multiplier < 1) {
        problems.push_back(
            {setting("stem_multiplier", cell.stem_multiplier), "the stem would have no channels", "try 3"});
    }
    check_reductions(cell, problems);
    if (problems.empty()) check_shrinking(options, problems);
    return problems;
}

std::unique_ptr<SearchSpace> make(const NetworkOptions& options) {
    return std::make_unique<CellSpace>(options);
}

}  // namespace

SpaceEntry cell_entry() {
    return {"cell", "searched cells", keys(), check, make};
}

}  // namespace atnas::space
