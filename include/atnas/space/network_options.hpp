// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What a network looks like apart from its genotype: what space, supernet and cost model agree on.

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "atnas/core/error.hpp"
#include "atnas/space/cell/cell_options.hpp"
#include "atnas/space/conv4/conv4_options.hpp"
#include "atnas/space/shape.hpp"

namespace atnas::space {

enum class Head { linear, zero, proto, cosine };
inline constexpr std::array all_heads{Head::linear, Head::zero, Head::proto, Head::cosine};
/// Whether it tells classes apart before the first inner step.
constexpr bool starts_from_prototypes(Head head) noexcept {
    return head == Head::proto || head == Head::cosine;
}

struct ImageShape {
    int channels{1};
    int height{28};
    int width{28};

    bool operator==(const ImageShape&) const = default;
};

/// "1 x 28 x 28": channels, height, width.
std::string text_of(const ImageShape& image);

/// One image as a value of a network.
inline Shape shape_of(const ImageShape& image) noexcept {
    return {1, image.channels, image.height, image.width};
}

struct NetworkOptions {
    std::string kind{"cell"};  ///< name of the space, see space_registry.hpp
    int channels{16};          ///< width of the layers
    Head head{Head::proto};
    ImageShape image{};
    int way{5};          ///< classes of the head
    double max_macs{0};  ///< multiply-accumulates of an image, the head left out; encodes with more are illegal; 0: any
    double max_parameters{0};  ///< of a network, the head left out; encodes with more are illegal; 0: any
    int pretrain_classes{0};   ///< of the head that pretraining alone uses; 0 = there is none

    // What one space alone reads.
    CellOptions cell{};
    Conv4Options conv4{};

    bool operator==(const NetworkOptions&) const = default;

    /// Whether encodes can be too costly to be legal.
    bool has_bounds() const noexcept { return max_macs != 0 || max_parameters != 0; }
};

std::string_view name_of(Head head) noexcept;

/// Everything that keeps \p options from describing a network (reductions outside the cells, image too small, ...),
/// each naming the option and its value; empty when there is nothing to complain about.
std::vector<Problem> problems_of(const NetworkOptions& options);

}  // namespace atnas::space
