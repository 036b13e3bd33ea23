// SPDX-License-Identifier: Apache-2.0
#include "atnas/io/tuning_file.hpp"

#include <fstream>
#include <set>
#include <span>
#include <sstream>
#include <string>

#include <nlohmann/json.hpp>

#include "atnas/core/log.hpp"
#include "atnas/io/metrics.hpp"
#include "atnas/io/staged_file.hpp"

namespace atnas::io {
namespace {

constexpr const char* file_name = "tuning.json";

/// The lines of the file, or nothing: to search again costs time, never results.
std::string read(const std::filesystem::path& path) {
    std::ifstream file(path);
    if (!file) return {};
    try {
        std::string text;
        const auto document = nlohmann::json::parse(file);
        for (const auto& line : document.at("choices")) text += line.get<std::string>() + "\n";
        return text;
    } catch (const nlohmann::json::exception&) {
        world_log().warn("{} cannot be read and is left out: algorithms are chosen anew", path.string());
        return {};
    }
}

}  // namespace

std::string read_tuning(const std::filesystem::path& folder, const comm::Communicator& communicator) {
    return communicator.broadcast(communicator.is_root() ? read(folder / file_name) : std::string(), 0);
}

TuningChoices write_tuning(const std::filesystem::path& folder, const std::string& own,
                           const comm::Communicator& communicator) {
    const auto bytes = communicator.all_gather(std::as_bytes(std::span(own)));
    if (bytes.empty()) return TuningChoices::equal;
    std::istringstream lines(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    std::set<std::string> choices, shapes;
    for (std::string line; std::getline(lines, line);) {
        choices.insert(line);
        shapes.insert(line.substr(0, line.find('\t')));
    }
    comm::on_root(communicator, [&] {
        remove_leftovers(folder / file_name);
        write_json(folder / file_name, {{"choices", choices}}, Links::replace);
    });
    return choices.size() == shapes.size() ? TuningChoices::equal : TuningChoices::different;
}

}  // namespace atnas::io
