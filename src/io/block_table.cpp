// SPDX-License-Identifier: Apache-2.0
#include "block_table.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "atnas/core/error.hpp"

namespace atnas::io {
namespace {

using Shape = std::vector<std::uint64_t>;

}  // namespace

void refuse(const File& file, const std::string& object, const std::string& reason) {
    throw Error(ExitCode::bad_data, Problem{file.path().string() + ": " + object + " is damaged", reason, ""});
}

void write_blocks(File& file, const std::string& group, const std::vector<BlockRecord>& blocks) {
    std::size_t axes = 1;
    for (const BlockRecord& block : blocks) axes = std::max(axes, block.shape.size());
    std::vector<std::string> names;
    std::vector<std::int64_t> offsets;
    std::vector<std::int64_t> shapes;
    for (const BlockRecord& block : blocks) {
        names.push_back(block.name);
        offsets.push_back(static_cast<std::int64_t>(block.offset));
        for (std::uint64_t length : block.shape) shapes.push_back(static_cast<std::int64_t>(length));
        shapes.resize(names.size() * axes, 0);
    }
    file.write_strings(group + "/names", names);
    file.write<std::int64_t>(group + "/offsets", offsets, Shape{offsets.size()});
    file.write<std::int64_t>(group + "/shapes", shapes, Shape{blocks.size(), axes});
}

std::vector<BlockRecord> read_blocks(const File& file, const std::string& group, std::size_t elements) {
    const std::vector<std::string> names = file.read_strings(group + "/names");
    const auto offsets = file.read<std::int64_t>(group + "/offsets");
    if (offsets.size() != names.size() || file.info(group + "/offsets").shape.size() != 1)
        refuse(file, group + "/offsets", "it does not fit the names");
    const Shape table = file.info(group + "/shapes").shape;
    if (table.size() != 2 || table[0] != names.size()) refuse(file, group + "/shapes", "it does not fit the names");
    const auto shapes = file.read<std::int64_t>(group + "/shapes");
    std::vector<BlockRecord> blocks;
    for (std::size_t b = 0; b < names.size(); ++b) {
        BlockRecord block{names[b], static_cast<std::uint64_t>(offsets[b]), {}};
        const bool starts_inside = offsets[b] >= 0 && block.offset <= elements;
        std::uint64_t room = starts_inside ? elements - block.offset : 0;  // for elements of one axis more
        for (std::size_t axis = 0; axis < table[1] && shapes[b * table[1] + axis] > 0; ++axis) {
            block.shape.push_back(static_cast<std::uint64_t>(shapes[b * table[1] + axis]));
            room /= block.shape.back();  // by division, because a product of damaged figures may overflow
        }
        if (!starts_inside || room == 0) refuse(file, group, "block " + names[b] + " lies outside its array");
        blocks.push_back(std::move(block));
    }
    return blocks;
}

}  // namespace atnas::io
