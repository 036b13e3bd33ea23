#include "atnas/app/tuning_file.hpp"

#include <fstream>
#include <set>
#include <span>
#include <sstream>
#include <string>

#include <nlohmann/json.hpp>

#include "atnas/core/log.hpp"
#include "atnas/io/metrics.hpp"
#include "atnas/io/staged_file.hpp"

namespace atnas::app {
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

void load_tuning(const std::filesystem::path& folder, backend::Backend& backend,
                 const comm::Communicator& communicator) {
    const std::string text = communicator.is_root() ? read(folder / file_name) : std::string();
    backend.tune(communicator.broadcast(text, 0));
}

void save_tuning(const std::filesystem::path& folder, const backend::Backend& backend,
                 const comm::Communicator& communicator) {
    const std::string own = backend.tuning();
    const auto bytes = communicator.all_gather(std::as_bytes(std::span(own)));
    if (bytes.empty()) return;
    comm::on_root(communicator, [&] {
        std::istringstream lines(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
        std::set<std::string> choices;
        for (std::string line; std::getline(lines, line);) choices.insert(line);
        io::remove_leftovers(folder / file_name);
        io::write_json(folder / file_name, {{"choices", choices}}, io::Links::replace);
    });
}

}  // namespace atnas::app
