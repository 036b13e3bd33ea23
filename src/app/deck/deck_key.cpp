// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/deck/deck_key.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <optional>
#include <string_view>

#include "atnas/app/deck/number_text.hpp"
#include "atnas/core/problem_list.hpp"

namespace atnas::app {
namespace {

/// The value at \p place. A copy, because places are written once, for decks that may be changed.
template <class T>
T value_at(Place<T> place, const Deck& deck) {
    Deck copy = deck;
    return place(copy);
}

/// An end of a range: whole numbers are written out, however long.
std::string limit_text(double limit) {
    const bool whole = std::abs(limit) < 1e15 && limit == std::floor(limit);
    return whole ? number_text(static_cast<long long>(limit)) : number_text(limit);
}

std::string trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

/// Parts between commas; no parts in an empty text.
std::vector<std::string> parts_of(const std::string& text) {
    std::vector<std::string> parts;
    if (trimmed(text).empty()) return parts;
    std::size_t first = 0;
    while (true) {
        const std::size_t comma = text.find(',', first);
        parts.push_back(trimmed(std::string_view(text).substr(first, comma - first)));
        if (comma == std::string::npos) return parts;
        first = comma + 1;
    }
}

/// Names between commas, as in a CSV file: one in double quotes may hold commas, and "" stands for a quote in it.
/// Nothing when quotes are not closed, or when something follows the closing quote but a comma.
std::optional<std::vector<std::string>> names_of(std::string_view text) {
    constexpr const char* blanks = " \t";
    std::vector<std::string> names;
    std::size_t at = text.find_first_not_of(blanks);
    if (at == std::string_view::npos) return names;
    while (true) {
        std::string name;
        if (at < text.size() && text[at] == '"') {
            for (++at; at < text.size(); ++at) {
                if (text[at] == '"' && text.substr(at, 2) != "\"\"") break;
                if (text[at] == '"') ++at;
                name += text[at];
            }
            if (at == text.size()) return std::nullopt;
            at = text.find_first_not_of(blanks, at + 1);
            if (at != std::string_view::npos && text[at] != ',') return std::nullopt;
        } else {
            const std::size_t first = std::min(at, text.size());
            at = text.find(',', first);
            name = trimmed(text.substr(first, at - first));
        }
        names.push_back(std::move(name));
        if (at == std::string_view::npos) return names;
        at = text.find_first_not_of(blanks, at + 1);
    }
}

/// As names_of() reads it.
std::string name_text(const std::string& name) {
    if (name.find(',') == std::string::npos && !name.starts_with('"') && trimmed(name) == name) return name;
    std::string text = "\"";
    for (const char letter : name) text += letter == '"' ? std::string("\"\"") : std::string(1, letter);
    return text + "\"";
}

template <class Part, class Text>
std::string joined(const std::vector<Part>& parts, Text text, const char* between = ",") {
    std::string line;
    for (const auto& part : parts) line += (line.empty() ? "" : between) + text(part);
    return line;
}

DeckKey row(KeyText text, std::string type, std::string range) {
    DeckKey key;
    key.section = std::move(text.section);
    key.key = std::move(text.key);
    key.type = std::move(type);
    key.unit = std::move(text.unit);
    key.range = std::move(range);
    key.meaning = std::move(text.meaning);
    key.on_restart = text.on_restart;
    return key;
}

template <class T>
DeckKey number_key(KeyText text, Place<T> place, const Bounds& bounds) {
    DeckKey key = row(std::move(text), std::is_integral_v<T> ? "integer" : "number", bounds.text());
    key.set = [place, bounds](Deck& deck, const std::string& words) -> Complaint {
        T value{};
        if (auto complaint = read_number(words, value)) return complaint;
        if (!bounds.contain(static_cast<double>(value))) return "it must be " + bounds.text();
        place(deck) = value;
        return {};
    };
    key.get = [place](const Deck& deck) { return number_text(value_at(place, deck)); };
    return key;
}

/// Reads "HH:MM:SS" or, as Slurm writes it, "D-HH:MM:SS" into \p seconds.
Complaint read_clock(std::string_view text, double& seconds) {
    const Complaint complaint = "it is not [D-]HH:MM:SS";
    constexpr std::array limits{100000u, 60u, 60u};  // hours, minutes, seconds
    unsigned days = 0;
    if (const auto dash = text.find('-'); dash != std::string_view::npos) {
        if (read_number(text.substr(0, dash), days)) return complaint;
        text.remove_prefix(dash + 1);
    }
    double sum = 24.0 * days;
    for (std::size_t i = 0; i < limits.size(); ++i) {
        const bool last = i + 1 == limits.size();
        const auto colon = text.find(':');
        unsigned part = 0;
        if ((colon == std::string_view::npos) != last || read_number(text.substr(0, colon), part) || part >= limits[i])
            return complaint;
        sum = (i == 0 ? sum : 60 * sum) + part;
        if (!last) text.remove_prefix(colon + 1);
    }
    seconds = sum;
    return {};
}

}  // namespace

bool Bounds::contain(double value) const noexcept {
    const bool above_low = low_end == End::open ? value > low : value >= low;
    const bool below_high = high_end == End::open ? value < high : value <= high;
    return above_low && below_high;
}

std::string Bounds::text() const {
    const bool has_low = std::isfinite(low);
    const bool has_high = std::isfinite(high);
    const bool closed = low_end == End::closed && high_end == End::closed;
    if (has_low && has_high && closed) return limit_text(low) + " ... " + limit_text(high);
    std::string text;
    if (has_low) text = (low_end == End::open ? "> " : ">= ") + limit_text(low);
    if (has_high)
        text += (text.empty() ? "" : " and ") + std::string(high_end == End::open ? "< " : "<= ") + limit_text(high);
    return text;
}

DeckKey integer_key(KeyText text, Place<int> place, Bounds bounds) {
    return number_key(std::move(text), place, bounds);
}

DeckKey seed_key(KeyText text, Place<std::uint64_t> place) {
    // Every 64-bit value is a seed, so that from_chars alone decides; the bound is for the printed range.
    return number_key(std::move(text), place, at_least(0));
}

DeckKey real_key(KeyText text, Place<double> place, Bounds bounds) {
    return number_key(std::move(text), place, bounds);
}

DeckKey real_key(KeyText text, Place<float> place, Bounds bounds) {
    return number_key(std::move(text), place, bounds);
}

DeckKey duration_key(KeyText text, Place<double> place) {
    DeckKey key = real_key(std::move(text), place, at_least(0));
    key.type = "number or [D-]HH:MM:SS";
    const auto set_number = key.set;
    key.set = [place, set_number](Deck& deck, const std::string& words) -> Complaint {
        if (words.find(':') == std::string::npos) return set_number(deck, words);
        return read_clock(words, place(deck));
    };
    return key;
}

DeckKey text_key(KeyText text, Place<std::string> place) {
    DeckKey key = row(std::move(text), "text", "");
    key.set = [place](Deck& deck, const std::string& words) -> Complaint {
        place(deck) = words;
        return {};
    };
    key.get = [place](const Deck& deck) { return value_at(place, deck); };
    return key;
}

DeckKey path_key(KeyText text, Place<std::filesystem::path> place) {
    DeckKey key = row(std::move(text), "text", "");
    key.set = [place](Deck& deck, const std::string& words) -> Complaint {
        place(deck) = words;
        return {};
    };
    key.get = [place](const Deck& deck) { return value_at(place, deck).string(); };
    return key;
}

DeckKey names_key(KeyText text, Place<std::vector<std::string>> place) {
    DeckKey key = row(std::move(text), "names", "separated by commas");
    key.set = [place](Deck& deck, const std::string& words) -> Complaint {
        auto names = names_of(words);
        if (!names) return "a name in double quotes must end with a quote, and a comma or nothing after it";
        if (std::ranges::find(*names, std::string()) != names->end()) return "there is nothing between two commas";
        place(deck) = std::move(*names);
        return {};
    };
    key.get = [place](const Deck& deck) { return joined(value_at(place, deck), name_text); };
    return key;
}

DeckKey integers_key(KeyText text, Place<std::vector<int>> place) {
    DeckKey key = row(std::move(text), "integers", "separated by commas");
    key.set = [place](Deck& deck, const std::string& words) -> Complaint {
        std::vector<int> values;
        for (const auto& part : parts_of(words)) {
            int value = 0;
            if (const auto complaint = read_number(part, value)) return "at \"" + excerpt(part) + "\": " + *complaint;
            values.push_back(value);
        }
        place(deck) = std::move(values);
        return {};
    };
    key.get = [place](const Deck& deck) { return joined(value_at(place, deck), number_text<int>); };
    return key;
}

DeckKey indices_key(KeyText text, std::vector<std::string> names,
                    std::function<void(Deck&, const std::vector<std::size_t>&)> set,
                    std::function<std::vector<std::size_t>(const Deck&)> get) {
    const std::string type = joined(names, std::identity(), "|");
    DeckKey key = row(std::move(text), type, "separated by commas");
    key.set = [names, set = std::move(set)](Deck& deck, const std::string& words) -> Complaint {
        std::vector<std::size_t> indices;
        for (const auto& part : parts_of(words)) {
            const auto found = std::ranges::find(names, part);
            if (found == names.end()) return "choices are " + joined(names, std::identity());
            const auto index = static_cast<std::size_t>(found - names.begin());
            if (std::ranges::find(indices, index) != indices.end()) return part + " is there twice";
            indices.push_back(index);
        }
        if (indices.empty()) return "it needs at least one of " + joined(names, std::identity());
        set(deck, indices);
        return {};
    };
    key.get = [names, get = std::move(get)](const Deck& deck) {
        return joined(get(deck), [&](std::size_t index) { return names[index]; });
    };
    return key;
}

DeckKey indexed_key(KeyText text, std::vector<std::string> names, std::string type,
                    std::function<void(Deck&, std::size_t)> set, std::function<std::size_t(const Deck&)> get) {
    DeckKey key = row(std::move(text), type, "");
    key.set = [names, type, set = std::move(set)](Deck& deck, const std::string& word) -> Complaint {
        const auto found = std::ranges::find(names, word);
        if (found == names.end()) return "choices are " + joined(names, [](const std::string& name) { return name; });
        set(deck, static_cast<std::size_t>(found - names.begin()));
        return {};
    };
    key.get = [names, get = std::move(get)](const Deck& deck) { return names[get(deck)]; };
    return key;
}

}  // namespace atnas::app
