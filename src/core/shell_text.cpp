// SPDX-License-Identifier: Apache-2.0
#include "atnas/core/shell_text.hpp"

namespace atnas {

std::string shell_text(const std::vector<std::string>& arguments) {
    constexpr auto plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
        "_-+=./:,@%";
    std::string text;
    for (const auto& argument : arguments) {
        if (!text.empty()) text += ' ';
        if (!argument.empty() && argument.find_first_not_of(plain) == std::string::npos) {
            text += argument;
            continue;
        }
        text += '\'';
        for (const char c : argument) {
            if (c == '\'')
                text += "'\\''";
            else
                text += c;
        }
        text += '\'';
    }
    return text;
}

}  // namespace atnas
