// SPDX-License-Identifier: Apache-2.0
// Latencies as a search measures and keeps them.

#include <map>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "atnas/app/search.hpp"
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

}  // namespace

std::optional<engine::LatencyTable> Search::latency_table(const Deck& deck, supernet::Supernet& supernet,
                                                          const comm::Communicator& communicator) {
    if (!deck.evo.measures_latency()) return std::nullopt;
    const std::string place = engine::LatencyTable(supernet, communicator, {}).place();
    std::optional<engine::LatencyTable> table(std::in_place, supernet, communicator, engine::LatencyOptions{},
                                              known_latencies(deck, supernet.space(), place, communicator));
    static_cast<void>(table->largest());  // rank 0 alone asks for it later
    const double least = table->of(supernet.space().smallest());
    if (deck.evo.max_latency > 0 && least > deck.evo.max_latency)
        throw Error(ExitCode::bad_deck, {fmt::format("evo.max_latency = {} microseconds", deck.evo.max_latency),
                                         fmt::format("the smallest network takes {:.1f} on {}", least, place),
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
