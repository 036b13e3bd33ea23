// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Paths of files inside an archive or a folder tree.

#include <string>
#include <string_view>
#include <vector>

namespace atnas::data {

/// Folders and file name, as the bytes that the archive or the file system holds. Sorting these, not the joined text,
/// keeps the files of a folder together.
using MemberPath = std::vector<std::string>;

/// Splits at '/'; empty parts and "." are left out, ".." is kept.
MemberPath parse_member_path(std::string_view path);

/// Valid UTF-8 that fits in a line: control characters and bytes that are no UTF-8 are written as \\xHH.
std::string printable(std::string_view bytes);

/// Parts first .. last-1, joined by '/' and printable.
std::string text_of(MemberPath::const_iterator first, MemberPath::const_iterator last);
std::string text_of(const MemberPath& path);

/// Whether the file or a folder above it starts with a dot (".git", "._a.png").
bool is_hidden(const MemberPath& path);
/// Whether ".." is among the parts.
bool leads_upwards(const MemberPath& path);

enum class Ending { image, none, other };

/// What a file is by the ending of its name. Formats that cannot be read (bmp, heic, ...) count as images, so that they
/// are reported and not silently missing.
Ending ending_of(const MemberPath& path);

}  // namespace atnas::data
