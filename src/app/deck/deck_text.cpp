// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/deck/deck_text.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>
#include <string_view>

#include "atnas/app/deck/deck_schema.hpp"
#include "atnas/core/problem_list.hpp"

namespace atnas::app {
namespace {

constexpr std::size_t longest_section = 1000;
constexpr std::string_view blanks = " \t\r\f\v";

bool is_blank(char letter) {
    return blanks.find(letter) != std::string_view::npos;
}

bool starts_comment(char letter) {
    return letter == '#' || letter == ';';
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// \p text up to a comment.
std::string_view without_comment(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (starts_comment(text[i]) && (i == 0 || is_blank(text[i - 1]))) return text.substr(0, i);
    }
    return text;
}

/// A value in double quotes, which only a comment may follow. Returns whether it ends properly.
bool read_quoted(std::string_view text, std::string& value) {
    std::size_t i = 1;
    for (; i < text.size() && text[i] != '"'; ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) ++i;
        value += text[i];
    }
    return i < text.size() && trimmed(without_comment(text.substr(i + 1))).empty();
}

/// A list whose first name stands in double quotes, up to a comment; nothing where no comma follows that name.
std::optional<std::string_view> quoted_list(std::string_view text) {
    bool quoted = false;
    bool is_list = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (quoted && text.substr(i, 2) == "\"\"") {
            ++i;
        } else if (text[i] == '"') {
            quoted = !quoted;
            is_list = is_list || (!quoted && trimmed(text.substr(i + 1)).starts_with(','));
            if (!quoted && !is_list) return {};
        } else if (!quoted && starts_comment(text[i]) && is_blank(text[i - 1])) {
            text = trimmed(text.substr(0, i));
        }
    }
    if (quoted) return {};
    return text;
}

/// What some editors write at the start of a text.
constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";

/// Why \p text is not made of lines that can be read one by one.
std::optional<std::string> encoding_problem(std::string_view text) {
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) return "it is UTF-16 text";
    const auto zero = text.find('\0');
    if (zero == std::string_view::npos) return {};
    const auto line = std::ranges::count(text.substr(0, zero), '\n') + 1;
    return "there is a zero byte in line " + std::to_string(line);
}

/// Reads line by line and remembers section and first places of keys.
class IniReader {
  public:
    explicit IniReader(const std::string& origin) : origin_(origin) {}

    void line(std::string_view line) {
        ++number_;
        const std::string_view text = trimmed(line);
        if (text.empty() || starts_comment(text.front())) return;
        if (text.front() == '[') return section(trimmed(without_comment(text)), text);
        assignment(text);
    }

    IniText take() {
        result_.problems = std::move(problems_).take(origin_);
        return std::move(result_);
    }

  private:
    std::string where() const { return origin_ + ":" + std::to_string(number_); }

    void complain(std::string_view text, const std::string& reason, const std::string& suggestion) {
        problems_.add([&] { return Problem{where() + ": " + excerpt(text), reason, suggestion}; });
    }

    void section(std::string_view text, std::string_view line) {
        if (text.back() != ']' || trimmed(text.substr(1, text.size() - 2)).empty()) {
            return complain(line, "this is no section", "write [name]");
        }
        section_ = trimmed(text.substr(1, text.size() - 2));
        if (section_.size() > longest_section) {
            complain(line, "the name of the section is too long", "write [name]");
            section_.resize(longest_section);
        }
    }

    void assignment(std::string_view text) {
        const auto equals = text.find('=');
        const std::string_view key = trimmed(text.substr(0, equals));
        if (equals == std::string_view::npos || key.empty()) {
            return complain(text, "this is neither a section nor a key with a value", "write key = value");
        }
        const std::string_view rest = trimmed(text.substr(equals + 1));
        std::string value;
        if (!rest.starts_with('"')) {
            value = trimmed(without_comment(rest));
        } else if (!read_quoted(rest, value)) {
            const auto list = quoted_list(rest);
            if (list) value = *list;
            if (!list) return complain(text, "the quoted value does not end with the line", "close it with \"");
        }
        if (section_.empty()) return complain(text, "no section comes before it", "write [section] above");
        const std::string name = section_ + "." + std::string(key);
        const auto [first, is_new] = lines_.emplace(name, number_);
        if (!is_new) {
            return complain(name + " = " + value, "it was already given in line " + std::to_string(first->second),
                            "keep one of them");
        }
        result_.assignments.push_back({name, value, where()});
    }

    std::string origin_;
    std::string section_;
    int number_{0};
    std::map<std::string, int> lines_;
    ProblemList problems_;
    IniText result_;
};

/// "default value"
std::string default_of(const DeckKey& key) {
    const std::string standard = key.get(Deck{});
    return "default " + (standard.empty() ? "empty" : standard);
}

/// "# type, unit, range; default value; may change on restart"
std::string remark(const DeckKey& key) {
    std::string text = "# " + key.type;
    if (!key.unit.empty()) text += ", " + key.unit;
    if (!key.range.empty()) text += ", " + key.range;
    text += "; " + default_of(key);
    return text + (key.on_restart == OnRestart::frozen ? "; frozen on restart" : "; may change on restart");
}

enum class Remarks { changes, all };

std::string text_of(const Deck& deck, Remarks remarks) {
    std::string text;
    std::string section;
    for (const auto& key : deck_schema()) {
        if (key.section != section) {
            text += (section.empty() ? "[" : "\n[") + key.section + "]\n";
            section = key.section;
        }
        if (remarks == Remarks::all) text += "\n# " + key.meaning + "\n" + remark(key) + "\n";
        const std::string value = ini_value(key.get(deck));
        text += key.key + (value.empty() ? " =" : " = " + value);
        if (remarks == Remarks::changes && key.get(deck) != key.get(Deck{})) text += "  # " + default_of(key);
        text += "\n";
    }
    return text;
}

}  // namespace

IniText read_ini(const std::string& text, const std::string& origin) {
    if (const auto odd = encoding_problem(text))
        return {{}, {{origin + ": " + *odd, "a deck is UTF-8 text", "save it as UTF-8"}}};
    IniReader reader(origin);
    std::istringstream lines(text.starts_with(utf8_mark) ? text.substr(utf8_mark.size()) : text);
    for (std::string line; std::getline(lines, line);) reader.line(line);
    return reader.take();
}

std::string ini_value(const std::string& value) {
    if (!value.starts_with('"') && trimmed(value) == value && without_comment(value) == value) return value;
    std::string quoted = "\"";
    for (const char letter : value) {
        if (letter == '"' || letter == '\\') quoted += '\\';
        quoted += letter;
    }
    return quoted + '"';
}

std::vector<std::pair<std::string, std::string>> deck_pairs(const Deck& deck) {
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const auto& key : deck_schema()) pairs.emplace_back(key.name(), key.get(deck));
    return pairs;
}

std::string effective_text(const Deck& deck) {
    return text_of(deck, Remarks::changes);
}

std::string commented_text(const Deck& deck) {
    return text_of(deck, Remarks::all);
}

}  // namespace atnas::app
