// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/cell/cell_op.hpp"

#include <array>

namespace atnas::space {

namespace {

constexpr std::array metanas_ops{CellOp::max_pool_3x3, CellOp::avg_pool_3x3, CellOp::skip_connect, CellOp::conv_1x5_5x1,
                                 CellOp::conv_3x3,     CellOp::sep_conv_3x3, CellOp::dil_conv_3x3};
constexpr std::array darts_ops{CellOp::none,         CellOp::max_pool_3x3, CellOp::avg_pool_3x3, CellOp::skip_connect,
                               CellOp::sep_conv_3x3, CellOp::sep_conv_5x5, CellOp::dil_conv_3x3, CellOp::dil_conv_5x5};

}  // namespace

std::string_view name_of(CellOp op) noexcept {
    switch (op) {
        case CellOp::none:
            return "none";
        case CellOp::max_pool_3x3:
            return "max_pool_3x3";
        case CellOp::avg_pool_3x3:
            return "avg_pool_3x3";
        case CellOp::skip_connect:
            return "skip_connect";
        case CellOp::conv_1x5_5x1:
            return "conv_1x5_5x1";
        case CellOp::conv_3x3:
            return "conv_3x3";
        case CellOp::sep_conv_3x3:
            return "sep_conv_3x3";
        case CellOp::sep_conv_5x5:
            return "sep_conv_5x5";
        case CellOp::dil_conv_3x3:
            return "dil_conv_3x3";
        case CellOp::dil_conv_5x5:
            return "dil_conv_5x5";
    }
    return "unknown";
}

std::span<const CellOp> ops_of(CellPreset preset) noexcept {
    if (preset == CellPreset::darts) return darts_ops;
    return metanas_ops;
}

int nodes_of(CellPreset preset) noexcept {
    return preset == CellPreset::darts ? 4 : 3;
}

}  // namespace atnas::space
