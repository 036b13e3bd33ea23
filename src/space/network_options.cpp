#include "atnas/space/network_options.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>

namespace atnas::space {

namespace {

/// Wider layers than this are typing errors, and would overflow counts of channels.
constexpr int widest = 16384;

std::string setting(const char* option, int value) {
    return std::string(option) + " = " + std::to_string(value);
}

std::string setting(const ImageShape& image) {
    return "image = " + std::to_string(image.channels) + " x " + std::to_string(image.height) + " x " +
           std::to_string(image.width);
}

std::string list_of(const std::vector<int>& values) {
    std::string text;
    for (const int value : values) text += (text.empty() ? "" : ", ") + std::to_string(value);
    return text;
}

void check_conv4(const NetworkOptions& options, std::vector<Problem>& problems) {
    if (options.channels < 1) {
        problems.push_back({setting("channels", options.channels), "a layer needs at least one filter", "try 64"});
    }
    if (options.image.height < 16 || options.image.width < 16) {
        problems.push_back({setting(options.image), "conv4 halves the image four times and nothing would be left",
                            "use images of at least 16 x 16 or the cell space"});
    }
}

void check_reductions(const NetworkOptions& options, std::vector<Problem>& problems) {
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
    const ImageShape stem = stem_output(options);
    int height = stem.height;
    int width = stem.width;
    std::int64_t channels = options.channels;
    if (height < 1 || width < 1) {
        problems.push_back({setting(options.image), "the pooled stem halves the image twice and nothing would be left",
                            "use larger images or the single stem"});
        return;
    }
    for (const int cell : options.reductions) {
        if (height < 2 || width < 2) {
            problems.push_back({setting(options.image),
                                "only " + std::to_string(height) + " x " + std::to_string(width) +
                                    " would be left for reduction cell " + std::to_string(cell) + " to halve",
                                "use larger images or fewer reductions"});
            break;
        }
        height = (height + 1) / 2;
        width = (width + 1) / 2;
        channels *= options.growth;
        if (channels > widest) {
            problems.push_back({setting("growth", options.growth),
                                "reduction cell " + std::to_string(cell) + " would have more than " +
                                    std::to_string(widest) + " channels",
                                "use 1 or 2"});
            break;
        }
    }
}

void check_cell(const NetworkOptions& options, std::vector<Problem>& problems) {
    const std::size_t before = problems.size();
    if (options.channels < 2) {
        problems.push_back({setting("channels", options.channels),
                            "a cell splits its channels in two halves where it reduces", "try 16"});
    }
    if (options.cells < 1) {
        problems.push_back({setting("cells", options.cells), "a network has at least one cell", "try 4"});
    }
    if (options.growth < 1) {
        problems.push_back({setting("growth", options.growth), "it multiplies the width at a reduction", "use 1 or 2"});
    }
    check_reductions(options, problems);
    if (problems.size() == before) check_shrinking(options, problems);
}

}  // namespace

std::string_view name_of(SpaceKind kind) noexcept {
    return kind == SpaceKind::conv4 ? "conv4" : "cell";
}

std::string_view name_of(CellPreset preset) noexcept {
    return preset == CellPreset::darts ? "darts" : "metanas";
}

std::string_view name_of(Stem stem) noexcept {
    return stem == Stem::pooled ? "pooled" : "single";
}

std::string_view name_of(Head head) noexcept {
    switch (head) {
        case Head::linear:
            return "linear";
        case Head::zero:
            return "zero";
        case Head::proto:
            return "proto";
    }
    return "unknown";
}

std::vector<Problem> problems_of(const NetworkOptions& options) {
    std::vector<Problem> problems;
    if (options.way < 2) {
        problems.push_back({setting("way", options.way), "there is nothing to tell apart", "use 2 or more classes"});
    }
    if (options.channels > widest) {
        problems.push_back({setting("channels", options.channels), "the largest width is " + std::to_string(widest),
                            "try 16 for cells, 64 for conv4"});
    }
    const ImageShape& image = options.image;
    if (image.channels < 1 || image.height < 1 || image.width < 1) {
        problems.push_back({setting(image), "an image has at least one channel and one pixel", "try 1 x 28 x 28"});
    }
    if (!problems.empty()) return problems;

    if (options.kind == SpaceKind::conv4) {
        check_conv4(options, problems);
    } else {
        check_cell(options, problems);
    }
    return problems;
}

ImageShape stem_output(const NetworkOptions& options) noexcept {
    const int factor = options.stem == Stem::pooled ? 4 : 1;
    return {3 * options.channels, options.image.height / factor, options.image.width / factor};
}

}  // namespace atnas::space
