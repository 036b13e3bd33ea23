// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/search_journal.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "atnas/core/contract.hpp"
#include "atnas/core/error.hpp"
#include "atnas/core/log.hpp"
#include "atnas/io/staged_file.hpp"

namespace atnas::engine {
namespace {

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

SearchJournal::SearchJournal(std::filesystem::path path, std::string key, const comm::Communicator& communicator)
    : key_(std::move(key)) {
    ATNAS_EXPECT(key_.find('\n') == std::string::npos);
    if (communicator.is_root()) path_ = std::move(path);
    read(communicator.broadcast(path_.empty() ? std::string() : text_of(path_), 0));
}

void SearchJournal::read(const std::string& text) {
    std::istringstream lines(text);
    std::string line;
    if (!std::getline(lines, line) || line != key_) return;
    while (std::getline(lines, line)) {
        std::istringstream words(line);
        std::string loss, accuracy;
        if (!(words >> loss >> accuracy)) continue;
        space::Genotype encode;
        for (int gene = 0; words >> gene;) encode.genes.push_back(static_cast<std::int8_t>(gene));
        known_[encode] = {std::strtod(loss.c_str(), nullptr), std::strtod(accuracy.c_str(), nullptr)};
    }
}

std::vector<space::Genotype> SearchJournal::unknown(std::span<const space::Genotype> encodes) const {
    std::vector<space::Genotype> rest;
    std::ranges::copy_if(encodes, std::back_inserter(rest),
                         [&](const space::Genotype& encode) { return !known_.contains(encode); });
    return rest;
}

void SearchJournal::add(std::span<const space::Genotype> encodes, std::span<const FoldResult> results) {
    ATNAS_EXPECT(encodes.size() == results.size());
    for (std::size_t i = 0; i < encodes.size(); ++i) known_[encodes[i]] = results[i];
    if (!path_.empty() && !encodes.empty()) write();
}

void SearchJournal::write() {
    try {
        io::StagedFile staged(path_);
        std::ofstream file(staged.path(), std::ios::binary);
        file << key_ << '\n';
        for (const auto& [encode, result] : known_) {
            const std::vector<int> genes(encode.genes.begin(), encode.genes.end());
            file << fmt::format("{:a} {:a} {}\n", result.loss, result.accuracy, fmt::join(genes, " "));
        }
        file.close();
        if (!file) throw Error(ExitCode::bad_data, {"cannot write " + path_.string(), "the disk may be full", ""});
        staged.publish();
    } catch (const Error& error) {
        // What is known is worth a search, not an end of it.
        world_log().warn("a stopped search cannot go on: {}", error.what());
        path_.clear();
    }
}

void SearchJournal::close() {
    std::error_code ignored;
    if (path_.empty()) return;
    io::remove_leftovers(path_);
    std::filesystem::remove(path_, ignored);
}

}  // namespace atnas::engine
