// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The operations on the edges of a cell (DARTS: Liu et al. 2019; MetaNAS: Elsken et al. 2020).

#include <cstdint>
#include <span>
#include <string_view>

#include "atnas/space/cell/cell_options.hpp"

namespace atnas::space {

enum class CellOp : std::int8_t {
    none,          ///< zeros
    max_pool_3x3,  ///< max-pool, norm
    avg_pool_3x3,  ///< average without the padding, norm
    skip_connect,  ///< identity; at stride 2 a factorised reduce
    conv_1x5_5x1,  ///< ReLU, 1x5 (stride along width), 5x1 (stride along height), norm
    conv_3x3,      ///< ReLU, depthwise 3x3, pointwise, norm
    sep_conv_3x3,  ///< conv_3x3 twice, the stride in the first
    sep_conv_5x5,
    dil_conv_3x3,  ///< conv_3x3 with dilation 2
    dil_conv_5x5,
};

std::string_view name_of(CellOp op) noexcept;

/// The operations a preset chooses from; the op gene is an index into this list.
std::span<const CellOp> ops_of(CellPreset preset) noexcept;
/// Intermediate nodes per cell.
int nodes_of(CellPreset preset) noexcept;

/// One edge of a discrete cell. Nodes 0 and 1 are the cell's inputs, 2 ... are its own.
struct CellEdge {
    int from;
    CellOp op;

    bool operator==(const CellEdge&) const = default;
};

}  // namespace atnas::space
