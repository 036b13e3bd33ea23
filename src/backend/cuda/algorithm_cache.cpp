#include "algorithm_cache.hpp"

#include <sstream>

namespace atnas::backend::cuda {

const Algorithm& AlgorithmCache::choose(const std::string& shape, const std::function<Algorithm()>& search) {
    const auto known = choices_.find(shape);
    return known != choices_.end() ? known->second : choices_.emplace(shape, search()).first->second;
}

std::string AlgorithmCache::text() const {
    std::ostringstream out;
    for (const auto& [shape, choice] : choices_)
        out << shape << '\t' << choice.number << ' ' << choice.math << ' ' << choice.workspace << '\n';
    return out.str();
}

void AlgorithmCache::add(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const std::size_t tab = line.find('\t');
        if (tab == std::string::npos) continue;
        std::istringstream numbers(line.substr(tab + 1));
        Algorithm choice;
        if (numbers >> choice.number >> choice.math >> choice.workspace) choices_.emplace(line.substr(0, tab), choice);
    }
}

}  // namespace atnas::backend::cuda
