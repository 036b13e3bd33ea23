// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/commands/option_setters.hpp"

namespace atnas::app {

Setter key_into(std::vector<Assignment>& overrides, std::string key, std::string option) {
    return [&overrides, key = std::move(key), option = std::move(option)](const std::string& text) -> Complaint {
        overrides.push_back({key, text, option});
        return {};
    };
}

OptionRow json_row(std::filesystem::path& json) {
    return {"json", "PATH", "also write the figures to this JSON file", text_into(json)};
}

}  // namespace atnas::app
