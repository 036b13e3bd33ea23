// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/cell/cell_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>
#include <vector>

#include "atnas/core/error.hpp"

namespace atnas::space {

namespace {

constexpr std::array published{
    PublishedCells{"og_v2", CellPreset::metanas,
                   "normal=dil_conv_3x3:0+sep_conv_3x3:1|avg_pool_3x3:0+sep_conv_3x3:1|conv_1x5_5x1:0+conv_3x3:2;"
                   "reduce=skip_connect:0+sep_conv_3x3:1|conv_3x3:0+dil_conv_3x3:1|dil_conv_3x3:0+conv_1x5_5x1:2"},
    PublishedCells{"in_v2", CellPreset::metanas,
                   "normal=conv_1x5_5x1:0+conv_3x3:1|conv_3x3:0+sep_conv_3x3:2|dil_conv_3x3:1+conv_1x5_5x1:3;"
                   "reduce=sep_conv_3x3:0+conv_3x3:1|conv_3x3:0+sep_conv_3x3:2|conv_3x3:0+dil_conv_3x3:1"},
    PublishedCells{"v1", CellPreset::metanas,
                   "normal=conv_3x3:0+conv_3x3:1|conv_1x5_5x1:0+dil_conv_3x3:2|conv_1x5_5x1:0+max_pool_3x3:3;"
                   "reduce=dil_conv_3x3:0+sep_conv_3x3:1|conv_3x3:0+max_pool_3x3:1|dil_conv_3x3:2+conv_1x5_5x1:3"},
    PublishedCells{"darts_v2", CellPreset::darts,
                   "normal=sep_conv_3x3:0+sep_conv_3x3:1|sep_conv_3x3:0+sep_conv_3x3:1|skip_connect:0+sep_conv_3x3:1|"
                   "skip_connect:0+dil_conv_3x3:2;"
                   "reduce=max_pool_3x3:0+max_pool_3x3:1|max_pool_3x3:1+skip_connect:2|max_pool_3x3:0+skip_connect:2|"
                   "max_pool_3x3:1+skip_connect:2"},
};

const PublishedCells* find_published(std::string_view name) {
    const auto place = std::ranges::find(published, name, &PublishedCells::name);
    return place == published.end() ? nullptr : &*place;
}

const PublishedCells& example_of(CellPreset preset) {
    return *std::ranges::find(published, preset, &PublishedCells::preset);
}

std::string quoted(std::string_view text) {
    return "'" + std::string(text) + "'";
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (true) {
        const auto end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

/// Reads one encode; every complaint names the part at fault and shows a legal example.
class Parser {
  public:
    explicit Parser(CellPreset preset) : preset_(preset) {}

    CellGenotype cells(std::string_view text) const {
        const auto parts = split(text, ';');
        if (parts.size() != 2) {
            const bool is_name = parts.size() == 1 && text.find_first_of("=+:|") == std::string_view::npos;
            if (is_name) refuse_name(text);
            refuse("encode " + quoted(text), "it must be 'normal=...;reduce=...'");
        }
        return {cell(parts[0], "normal="), cell(parts[1], "reduce=")};
    }

  private:
    std::vector<CellNode> cell(std::string_view text, std::string_view prefix) const {
        if (!text.starts_with(prefix)) refuse("cell " + quoted(text), "it must start with " + quoted(prefix));
        const auto parts = split(text.substr(prefix.size()), '|');
        const auto expected = static_cast<std::size_t>(nodes_of(preset_));
        if (parts.size() != expected) {
            refuse("cell " + quoted(text), "it has " + std::to_string(parts.size()) +
                                               " nodes, separated by '|', and the " + std::string(name_of(preset_)) +
                                               " preset has " + std::to_string(expected));
        }
        std::vector<CellNode> nodes;
        for (const auto part : parts) nodes.push_back(node(part, static_cast<int>(nodes.size())));
        return nodes;
    }

    CellNode node(std::string_view text, int index) const {
        const auto parts = split(text, '+');
        if (parts.size() != 2) refuse("node " + quoted(text), "it must be the sum of two edges, 'OP:INPUT+OP:INPUT'");
        CellNode node{edge(parts[0], index), edge(parts[1], index)};
        if (node.a.from == node.b.from) refuse("node " + quoted(text), "its two inputs must differ");
        if (node.a.from > node.b.from) std::swap(node.a, node.b);
        return node;
    }

    CellEdge edge(std::string_view text, int node) const {
        const auto parts = split(text, ':');
        if (parts.size() != 2) refuse("edge " + quoted(text), "it must be 'OP:INPUT'");
        const auto ops = ops_of(preset_);
        const auto op = std::ranges::find(ops, parts[0], [](CellOp candidate) { return name_of(candidate); });
        if (op == ops.end()) refuse_op(parts[0]);

        int from = -1;
        const char* end = parts[1].data() + parts[1].size();
        const auto [stop, status] = std::from_chars(parts[1].data(), end, from);
        if (status != std::errc{} || stop != end || from < 0 || from > node + 1) {
            refuse("edge " + quoted(text),
                   "node " + std::to_string(node + 2) + " may read inputs 0 to " + std::to_string(node + 1));
        }
        return {from, *op};
    }

    [[noreturn]] void refuse_op(std::string_view name) const {
        std::vector<std::string> known;
        std::string list;
        for (const CellOp op : ops_of(preset_)) {
            known.emplace_back(name_of(op));
            list += (list.empty() ? "" : ", ") + known.back();
        }
        const std::string nearest = nearest_word(std::string(name), known);
        refuse("operation " + quoted(name), "the " + std::string(name_of(preset_)) + " preset knows " + list,
               nearest.empty() ? "" : "did you mean " + quoted(nearest) + "? ");
    }

    [[noreturn]] void refuse_name(std::string_view name) const {
        std::vector<std::string> known;
        std::string list;
        for (const PublishedCells& cells : published) {
            if (cells.preset != preset_) continue;
            known.emplace_back(cells.name);
            list += (list.empty() ? "" : ", ") + known.back();
        }
        const std::string nearest = nearest_word(std::string(name), known);
        const PublishedCells* elsewhere = find_published(name);
        refuse("encode " + quoted(name),
               elsewhere ? "it belongs to the " + std::string(name_of(elsewhere->preset)) + " preset"
                         : "the named encodes are " + list,
               nearest.empty() ? "" : "did you mean " + quoted(nearest) + "? ");
    }

    [[noreturn]] void refuse(std::string what, std::string reason, const std::string& hint = "") const {
        throw Error(ExitCode::bad_deck, Problem{what + " cannot be read", std::move(reason),
                                                hint + "a legal encode is " + quoted(example_of(preset_).text)});
    }

    CellPreset preset_;
};

std::string cell_nodes_text(const std::vector<CellNode>& nodes) {
    std::string text;
    for (const CellNode& node : nodes) {
        if (!text.empty()) text += '|';
        text += std::string(name_of(node.a.op)) + ':' + std::to_string(node.a.from) + '+';
        text += std::string(name_of(node.b.op)) + ':' + std::to_string(node.b.from);
    }
    return text;
}

}  // namespace

std::span<const PublishedCells> published_cells() noexcept {
    return published;
}

std::string cell_text(const CellGenotype& cells) {
    return "normal=" + cell_nodes_text(cells.normal) + ";reduce=" + cell_nodes_text(cells.reduction);
}

CellGenotype parse_cell_text(const std::string& text, CellPreset preset) {
    std::string dense = text;
    std::erase_if(dense, [](char letter) { return letter == ' ' || letter == '\t' || letter == '\n'; });
    const PublishedCells* known = find_published(dense);
    const Parser parser(preset);
    return parser.cells(known && known->preset == preset ? known->text : std::string_view(dense));
}

}  // namespace atnas::space
