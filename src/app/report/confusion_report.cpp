// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/confusion_report.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "atnas/core/contract.hpp"

namespace atnas::app {
namespace {

using engine::Confusion;

constexpr std::size_t most_named = 10;

/// Share of the queries of a class that were recognised; NaN without a query.
double right(const Confusion& confusion, int of) {
    return static_cast<double>(confusion.count(of, of)) / static_cast<double>(confusion.queries(of));
}

/// Classes that queries showed, the least recognised first.
std::vector<int> by_accuracy(const Confusion& confusion) {
    std::vector<int> classes(static_cast<std::size_t>(confusion.classes()));
    std::iota(classes.begin(), classes.end(), 0);
    std::erase_if(classes, [&](int c) { return confusion.queries(c) == 0; });
    std::ranges::stable_sort(classes, {}, [&](int c) { return right(confusion, c); });
    return classes;
}

/// The class that queries of this one were taken for most, the first of several; itself where there was no mistake.
int most_confused_with(const Confusion& confusion, int of) {
    int most = of;
    for (int other = 0; other < confusion.classes(); ++other)
        if (other != of && confusion.count(of, other) > (most == of ? 0 : confusion.count(of, most))) most = other;
    return most;
}

}  // namespace

std::string text_of(const Confusion& confusion, std::span<const std::string> names, std::string_view shown) {
    ATNAS_EXPECT(names.size() == static_cast<std::size_t>(confusion.classes()));
    const auto name = [&](int c) -> const std::string& { return names[static_cast<std::size_t>(c)]; };
    std::vector<int> classes = by_accuracy(confusion);
    std::string text = fmt::format("{} of {} classes were shown; recognised least:\n", classes.size(), names.size());
    classes.resize(std::min(classes.size(), most_named));
    for (const int c : classes)
        text += fmt::format("  {:<40}{:>7.2f} % of {} {}\n", name(c), 100 * right(confusion, c), confusion.queries(c),
                            shown);
    const auto mistakes = confusion.mistakes(most_named);
    if (!mistakes.empty()) text += "most frequent mistakes:\n";
    for (const Confusion::Mistake& mistake : mistakes)
        text += fmt::format("  {} taken for {}: {} of {} {}\n", name(mistake.of), name(mistake.taken_for),
                            mistake.times, confusion.queries(mistake.of), shown);
    return text;
}

nlohmann::json json_of(const Confusion& confusion, std::span<const std::string> names) {
    ATNAS_EXPECT(names.size() == static_cast<std::size_t>(confusion.classes()));
    const auto name = [&](int c) -> const std::string& { return names[static_cast<std::size_t>(c)]; };
    nlohmann::json document{{"classes", nlohmann::json::object()}, {"mistakes", nlohmann::json::array()}};
    for (int c = 0; c < confusion.classes(); ++c) {
        nlohmann::json& figures = document["classes"][name(c)];
        figures = {{"queries", confusion.queries(c)}, {"right", right(confusion, c)}};
        if (const int other = most_confused_with(confusion, c); other != c)
            figures.update({{"taken_for", name(other)}, {"times", confusion.count(c, other)}});
    }
    for (const Confusion::Mistake& mistake : confusion.mistakes(most_named))
        document["mistakes"].push_back(
            {{"class", name(mistake.of)}, {"taken_for", name(mistake.taken_for)}, {"times", mistake.times}});
    return document;
}

void write_confusion(io::File& file, const std::string& group, const Confusion& confusion) {
    const auto classes = static_cast<std::uint64_t>(confusion.classes());
    file.write<std::int64_t>(group + "queries", confusion.queries(), std::vector{classes});
    file.write<std::int64_t>(group + "table", confusion.table(), std::vector{classes, classes}, io::Storage::deflated);
}

std::uint64_t size_bound(const Confusion& confusion) {
    // Compression may not help.
    return 9 * (confusion.table().size() + confusion.queries().size());
}

}  // namespace atnas::app
