// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/deck/deck_key.hpp"

namespace atnas::app {
namespace {

using evo::AcceptancePolicy;
using evo::EmigrantPolicy;
using evo::ReplacementPolicy;
using evo::TopologyKind;

void add_network_of_islands(std::vector<DeckKey>& keys) {
    using enum OnRestart;
    keys.push_back(choice_key<TopologyKind>({"migration", "topology", "", "who sends migrants to whom", may_change},
                                            [](Deck & d) -> auto& { return d.migration.topology.kind; },
                                            {{"none", TopologyKind::none},
                                             {"ring", TopologyKind::ring},
                                             {"torus", TopologyKind::torus},
                                             {"full", TopologyKind::full},
                                             {"random", TopologyKind::random},
                                             {"edges", TopologyKind::edges}}));
    keys.push_back(text_key(
        {"migration", "edges", "", "of topology = edges, e.g. 0>1 1>2 2>0; islands count from 0", may_change},
        [](Deck & d) -> auto& { return d.migration.topology.edges; }));
    keys.push_back(integer_key(
        {"migration", "degree", "islands", "that each sends to with topology = random, drawn for every migration",
         may_change},
        [](Deck & d) -> auto& { return d.migration.topology.degree; }, between(1, 65535)));
    keys.push_back(integer_key(
        {"migration", "interval", "generations", "between migrations; 0 = never", may_change},
        [](Deck & d) -> auto& { return d.migration.options.interval; }, at_least(0)));
}

void add_policies(std::vector<DeckKey>& keys) {
    using enum OnRestart;
    constexpr double largest = evo::largest_population;
    keys.push_back(integer_key(
        {"migration", "migrants", "individuals", "sent, as copies, to every neighbour", may_change},
        [](Deck & d) -> auto& { return d.migration.options.migrants; }, between(1, largest)));
    keys.push_back(choice_key<EmigrantPolicy>({"migration", "emigrants", "", "who is sent", may_change},
                                              [](Deck & d) -> auto& { return d.migration.options.emigrants; },
                                              {{"best", EmigrantPolicy::best},
                                               {"random", EmigrantPolicy::random},
                                               {"tournament", EmigrantPolicy::tournament}}));
    keys.push_back(integer_key(
        {"migration", "tournament", "individuals", "that compete to be sent with emigrants = tournament", may_change},
        [](Deck & d) -> auto& { return d.migration.options.tournament; }, between(1, largest)));
    keys.push_back(choice_key<ReplacementPolicy>(
        {"migration", "replace", "", "whom a migrant replaces; never the best with random and oldest", may_change},
        [](Deck & d) -> auto& { return d.migration.options.replace; },
        {{"worst", ReplacementPolicy::worst},
         {"random", ReplacementPolicy::random},
         {"oldest", ReplacementPolicy::oldest}}));
    keys.push_back(choice_key<AcceptancePolicy>(
        {"migration", "accept", "",
         "which migrants are let in: always, or if better than whom they replace; duplicates never", may_change},
        [](Deck & d) -> auto& { return d.migration.options.accept; },
        {{"always", AcceptancePolicy::always}, {"better", AcceptancePolicy::better}}));
}

}  // namespace

void add_migration_keys(std::vector<DeckKey>& keys) {
    add_network_of_islands(keys);
    add_policies(keys);
}

}  // namespace atnas::app
