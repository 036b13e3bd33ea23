// SPDX-License-Identifier: Apache-2.0
#include "algorithm_cache.hpp"

#include <sstream>

namespace atnas::backend::cuda {

const std::optional<Algorithm>& AlgorithmCache::choose(
    const std::string& shape, const std::function<std::optional<Algorithm>()>& search,
    const std::function<std::optional<Algorithm>(const Algorithm&)>& verify) {
    const auto known = choices_.find(shape);
    if (known != choices_.end() && known->second.origin == Origin::made) return known->second.algorithm;
    std::optional<Algorithm> choice;
    if (known != choices_.end()) choice = verify(*known->second.algorithm);
    if (!choice) choice = search();
    return choices_.insert_or_assign(shape, Choice{choice, Origin::made}).first->second.algorithm;
}

std::string AlgorithmCache::text() const {
    std::ostringstream out;
    for (const auto& [shape, choice] : choices_) {
        out << shape << '\t';
        if (const auto& algorithm = choice.algorithm)
            out << algorithm->number << ' ' << algorithm->math << ' ' << algorithm->workspace << '\n';
        else
            out << "direct\n";
    }
    return out.str();
}

void AlgorithmCache::add(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const std::size_t tab = line.find('\t');
        if (tab == std::string::npos) continue;
        std::istringstream numbers(line.substr(tab + 1));
        Algorithm choice;
        if (numbers >> choice.number >> choice.math >> choice.workspace)
            choices_.emplace(line.substr(0, tab), Choice{choice, Origin::read});
    }
}

}  // namespace atnas::backend::cuda
