// SPDX-License-Identifier: Apache-2.0
#include "atnas/io/reproducibility.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "atnas/io/hdf5.hpp"

namespace atnas::io {

namespace {

constexpr const char* whether = "reproducible";
constexpr const char* why_not = "why_not_reproducible";
constexpr std::string_view between = "; ";

}  // namespace

void Reproducibility::lose(std::string_view reason) {
    std::string text(reason);
    for (std::size_t at = 0; (at = text.find(between, at)) != std::string::npos;) text[at] = ',';
    if (std::ranges::find(reasons_, text) == reasons_.end()) reasons_.push_back(std::move(text));
}

void Reproducibility::lose(const Reproducibility& other) {
    for (const std::string& reason : other.reasons_) lose(reason);
}

std::string Reproducibility::text() const {
    return fmt::format("{}", fmt::join(reasons_, between));
}

void write_reproducibility(File& file, const Reproducibility& reproducibility) {
    file.attribute("/", whether, std::int64_t{reproducibility.holds()});
    if (!reproducibility.holds()) file.attribute("/", why_not, reproducibility.text());
}

Reproducibility read_reproducibility(const File& file) {
    Reproducibility found;
    if (file.integer_attribute("/", whether) != 0) return found;
    std::string text = "an older program wrote it, which kept no reason";
    if (file.has_attribute("/", why_not)) text = file.text_attribute("/", why_not);
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(between, begin), text.size());
        found.lose(std::string_view(text).substr(begin, end - begin));
        begin = end + between.size();
    }
    return found;
}

}  // namespace atnas::io
