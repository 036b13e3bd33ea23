// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Cells as text: "normal=OP:INPUT+OP:INPUT|...;reduce=OP:INPUT+OP:INPUT|...", one OP:INPUT+OP:INPUT per node. Inputs 0
/// and 1 are the cell's, 2, 3, ... its own earlier nodes.

#include <span>
#include <string>
#include <string_view>

#include "atnas/space/cell/cell_genotype.hpp"

namespace atnas::space {

/// Encodes of papers, which parse_cell_text knows by name.
struct PublishedCells {
    std::string_view name;
    CellPreset preset;
    std::string_view text;
};

/// og_v2 and in_v2 (MetaNAS on Omniglot and mini-ImageNet), v1 (MetaNAS, first version), darts_v2 (DARTS on CIFAR-10).
std::span<const PublishedCells> published_cells() noexcept;

std::string cell_text(const CellGenotype& cells);

/// Inverse of cell_text; also takes a published name. Blanks are skipped and a node's two edges may come in either
/// order. Throws Error(bad_deck) that says what is wrong and shows a legal example.
CellGenotype parse_cell_text(const std::string& text, CellPreset preset);

}  // namespace atnas::space
