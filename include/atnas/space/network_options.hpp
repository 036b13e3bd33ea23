#pragma once
/// \file
/// What a network looks like apart from its genotype: what space, supernet and cost model agree on.

#include <string_view>
#include <vector>

#include "atnas/core/error.hpp"
#include "atnas/space/operation_specs.hpp"

namespace atnas::space {

enum class SpaceKind { conv4, cell };
/// Operation sets and node counts of the cell space: MetaNAS (7 ops, 3 nodes), DARTS / T-NAS (8 ops, 4 nodes).
enum class CellPreset { metanas, darts };
/// single: conv3x3 to 3C, norm. pooled: conv3x3 to 3C/2, norm, max-pool, ReLU, conv3x3 to 3C, norm, max-pool (T-NAS).
enum class Stem { single, pooled };
enum class Head { linear, zero, proto };

struct ImageShape {
    int channels{1};
    int height{28};
    int width{28};

    bool operator==(const ImageShape&) const = default;
};

/// One image as a value of a network.
inline Shape shape_of(const ImageShape& image) noexcept {
    return {1, image.channels, image.height, image.width};
}

struct NetworkOptions {
    SpaceKind kind{SpaceKind::cell};
    CellPreset preset{CellPreset::metanas};
    int channels{16};  ///< C: width of a cell's nodes; filters of conv4
    int cells{4};
    std::vector<int> reductions{1, 3};  ///< indices of the reduction cells
    int growth{1};                      ///< factor on C at every reduction (1 in MetaNAS, 2 in DARTS)
    Stem stem{Stem::single};
    NormAffine affine{NormAffine::yes};  ///< of the norms inside cells; the stem's always have scale and shift
    ConvBias bias{ConvBias::yes};        ///< of the convolutions of conv4 (as in MAML's code); cells have none
    Head head{Head::proto};
    ImageShape image{};
    int way{5};  ///< classes of the head

    bool operator==(const NetworkOptions&) const = default;
};

std::string_view name_of(SpaceKind kind) noexcept;
std::string_view name_of(CellPreset preset) noexcept;
std::string_view name_of(Stem stem) noexcept;
std::string_view name_of(Head head) noexcept;

/// Everything that keeps \p options from describing a network (reductions outside the cells, image too small, ...),
/// each naming the option and its value; empty when there is nothing to complain about.
std::vector<Problem> problems_of(const NetworkOptions& options);

/// Height and width on which the first cell works (Stem::pooled halves twice, rounding down).
ImageShape stem_output(const NetworkOptions& options) noexcept;

}  // namespace atnas::space
