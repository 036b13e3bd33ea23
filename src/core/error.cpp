// SPDX-License-Identifier: Apache-2.0
#include "atnas/core/error.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "atnas/core/contract.hpp"

namespace atnas {
namespace {

/// One problem per line.
std::string text_of(const std::vector<Problem>& problems) {
    ATNAS_EXPECT(!problems.empty());
    std::string text;
    for (const auto& problem : problems) {
        if (!text.empty()) text += '\n';
        text += problem.text();
    }
    return text;
}

/// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment) that turn \p a into \p b;
/// \p limit or more when it takes as many, which shows after some letters.
std::size_t edit_distance(const std::string& a, const std::string& b, std::size_t limit) {
    std::vector<std::size_t> two_above(b.size() + 1);
    std::vector<std::size_t> above(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    std::size_t least_above = 0;  // of the row
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::swap(two_above, above);
        std::swap(above, row);
        row[0] = i;
        std::size_t least = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) row[j] = std::min(row[j], two_above[j - 2] + 1);
            least = std::min(least, row[j]);
        }
        // What follows is made of these two rows.
        if (least >= limit && least_above >= limit) return limit;
        least_above = least;
    }
    return row[b.size()];
}

}  // namespace

std::string Problem::text() const {
    std::string text = problem;
    if (!reason.empty()) text += " (" + reason + ")";
    if (!suggestion.empty()) text += ", " + suggestion;
    return text;
}

Error::Error(ExitCode code, Problem problem) : Error(code, std::vector<Problem>{std::move(problem)}) {}

Error::Error(ExitCode code, std::vector<Problem> problems)
    : std::runtime_error(text_of(problems)), code_(code), problems_(std::move(problems)) {}

std::string nearest_word(const std::string& word, const std::vector<std::string>& candidates) {
    // Near enough: a third of the letters wrong, and at least one typing error whatever the length.
    std::size_t nearest = std::max<std::size_t>(1, word.size() / 3) + 1;
    std::string best;
    for (const auto& candidate : candidates) {
        // So many letters are missing or too many at least; long words, which are nobody's typing errors, cost nothing.
        const std::size_t longer = std::max(word.size(), candidate.size());
        if (longer - std::min(word.size(), candidate.size()) >= nearest) continue;
        const std::size_t distance = edit_distance(word, candidate, nearest);
        if (distance < nearest) {
            nearest = distance;
            best = candidate;
        }
    }
    return best;
}

}  // namespace atnas
