// SPDX-License-Identifier: Apache-2.0
#include "atnas/io/latency_file.hpp"

#include <fstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "atnas/core/log.hpp"
#include "atnas/io/metrics.hpp"
#include "atnas/io/staged_file.hpp"

namespace atnas::io {
namespace {

constexpr const char* file_name = "latency.json";

/// The document, or none: to measure again costs time.
nlohmann::json read(const std::filesystem::path& path, const std::string& place) {
    std::ifstream file(path);
    if (!file) return nlohmann::json::object();
    try {
        nlohmann::json document = nlohmann::json::parse(file);
        if (document.at("place").get<std::string>() != place) return nlohmann::json::object();
        if (!document.at("microseconds").is_object()) throw std::domain_error("microseconds");
        for (const auto& [encode, value] : document.at("microseconds").items())
            if (!(value.get<double>() > 0)) throw std::domain_error(encode);
        return document.at("microseconds");
    } catch (const std::exception&) {
        world_log().warn("{} cannot be read and is left out: latencies are measured anew", path.string());
        return nlohmann::json::object();
    }
}

}  // namespace

std::map<std::string, double> read_latencies(const std::filesystem::path& folder, const std::string& place,
                                             const comm::Communicator& communicator) {
    const std::string text = communicator.is_root() ? read(folder / file_name, place).dump() : std::string();
    return nlohmann::json::parse(communicator.broadcast(text, 0)).get<std::map<std::string, double>>();
}

void write_latencies(const std::filesystem::path& folder, const Latencies& latencies,
                     const comm::Communicator& communicator) {
    comm::on_root(communicator, [&] {
        remove_leftovers(folder / file_name);
        write_json(folder / file_name, {{"place", latencies.place}, {"microseconds", latencies.microseconds}},
                   Links::replace);
    });
}

}  // namespace atnas::io
