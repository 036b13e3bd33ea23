// SPDX-License-Identifier: Apache-2.0
// Latencies as a search measures and keeps them.

#include <map>
#include <span>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "atnas/app/deck/deck_text.hpp"
#include "atnas/app/search.hpp"
#include "atnas/core/digest.hpp"
#include "atnas/io/latency_file.hpp"

namespace atnas::app {
namespace {

/// Of encodes that the space can read: others are of another deck.
std::map<space::Genotype, double> known_latencies(const Deck& deck, const space::SearchSpace& space,
                                                  const std::string& place, const comm::Communicator& communicator) {
    std::map<space::Genotype, double> known;
    for (const auto& [encode, microseconds] : io::read_latencies(deck.run.folder, place, communicator)) {
        try {
            known.emplace(space.canonical(space.from_text(encode)), microseconds);
        } catch (const Error&) {
            continue;
        }
    }
    return known;
}

/// All that the time of an encode depends on beside the backend.
std::string place_of(const Deck& deck, const Provenance& provenance, const space::NetworkOptions& network) {
    std::string host;
    for (const auto& [name, value] : provenance)
        if (name == "host") host = value;
    std::string keys = text_of(network.image);
    for (const auto& [name, value] : deck_pairs(deck))
        if (name.starts_with("space.") || name.starts_with("cuda.") || name == "runtime.threads")
            keys += "\n" + name + " = " + value;
    return fmt::format("on {}, keys {}", host, Digest::of(std::as_bytes(std::span(keys))).text());
}

}  // namespace

std::optional<engine::LatencyTable> Search::latency_table(const std::optional<io::CheckpointState>& stored) {
    if (!deck_.evo.measures_latency()) return std::nullopt;
    supernet::Supernet& supernet = net_.supernet();
    const engine::LatencyOptions options{.where = place_of(deck_, provenance_, net_.network())};
    std::optional<engine::LatencyTable> table(std::in_place, supernet, communicator_, options);
    // A new search may be of other networks than one that used this folder before.
    if (stored) table->begin_with(known_latencies(deck_, supernet.space(), table->place(), communicator_));
    static_cast<void>(table->largest());  // rank 0 alone asks for it later
    const double least = table->of(supernet.space().smallest());
    if (deck_.evo.max_latency > 0 && least > deck_.evo.max_latency)
        throw Error(ExitCode::bad_deck, {fmt::format("evo.max_latency = {} microseconds", deck_.evo.max_latency),
                                         fmt::format("the smallest network takes {:.1f} on {}", least, table->place()),
                                         fmt::format("give {:.1f} or more, or a smaller space", 1.2 * least)});
    return table;
}

void Search::save_latencies() const {
    if (!latencies_) return;
    io::Latencies stored{latencies_->place(), {}};
    for (const auto& [genotype, microseconds] : latencies_->known())
        stored.microseconds.emplace(net_.space().to_text(genotype), microseconds);
    io::write_latencies(deck_.run.folder, stored, communicator_);
}

}  // namespace atnas::app
