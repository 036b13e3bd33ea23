// SPDX-License-Identifier: Apache-2.0
#include "atnas/core/problem_list.hpp"

namespace atnas {

std::string excerpt(std::string_view text) {
    constexpr std::size_t longest = 120;
    constexpr std::string_view digits = "0123456789abcdef";
    std::size_t shown = text.size();
    if (shown > longest) {
        shown = longest;
        // Not in the middle of a UTF-8 character.
        while (shown > longest - 4 && (static_cast<unsigned char>(text[shown]) & 0xC0U) == 0x80U) --shown;
    }
    std::string quote;
    for (const char letter : text.substr(0, shown)) {
        const auto code = static_cast<unsigned char>(letter);
        if (code >= 0x20 && code != 0x7F) {
            quote += letter;
        } else {
            quote += {'\\', 'x', digits[code >> 4U], digits[code & 0xFU]};
        }
    }
    if (shown < text.size()) quote += "... (" + std::to_string(text.size()) + " bytes)";
    return quote;
}

std::vector<Problem> ProblemList::take(const std::string& where) && {
    if (count_ > problems_.size())
        problems_.push_back({where + ": and " + std::to_string(count_ - problems_.size()) + " more problems", "", ""});
    return std::move(problems_);
}

}  // namespace atnas
