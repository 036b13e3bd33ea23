// SPDX-License-Identifier: Apache-2.0
#include "atnas/io/contents.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace atnas::io {

void Contents::add(const std::string& object, const std::string& type, std::span<const std::uint64_t> shape,
                   Digest digest) {
    rest_[object] = fmt::format("{} [{}] {}", type, fmt::join(shape, ", "), digest.text());
}

std::vector<std::string> Contents::lines() const {
    std::vector<std::string> all;
    for (const auto& [object, rest] : rest_) all.push_back(object + ' ' + rest);
    std::sort(all.begin(), all.end());
    return all;
}

Digest digest_of(std::span<const std::string> lines) {
    std::string text;
    for (const std::string& line : lines) text += line + '\n';
    return Digest::of(std::as_bytes(std::span(text)));
}

std::string differences(std::span<const std::string> stored, std::span<const std::string> found) {
    std::vector<std::string> lines;
    std::ranges::set_symmetric_difference(stored, found, std::back_inserter(lines));
    std::set<std::string> objects;
    for (const std::string& line : lines) objects.insert(line.substr(0, line.find(' ')));
    if (objects.size() <= 3) return fmt::format("{}", fmt::join(objects, ", "));
    const std::vector<std::string> some(objects.begin(), std::next(objects.begin(), 3));
    return fmt::format("{} and {} more", fmt::join(some, ", "), objects.size() - some.size());
}

}  // namespace atnas::io
