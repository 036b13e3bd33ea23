// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/deck/deck_key.hpp"

namespace atnas::app {
namespace {

void add_population_keys(std::vector<DeckKey>& keys) {
    using enum OnRestart;
    constexpr double largest = evo::largest_population;
    keys.push_back(integer_key(
        {"evo", "islands", "islands", "subpopulations", frozen}, [](Deck & d) -> auto& { return d.evo.islands; },
        between(1, 65536)));
    keys.push_back(choice_key<evo::Kind>(
        {"evo", "kind", "",
         "islands = evolution; to compare it with: random = new individuals are drawn from the space, local = they are "
         "mutants of their island's best, fixed = the founder alone",
         frozen},
        [](Deck & d) -> auto& { return d.evo.evolution.kind; },
        {{"islands", evo::Kind::islands},
         {"random", evo::Kind::random},
         {"local", evo::Kind::local},
         {"fixed", evo::Kind::fixed}}));
    keys.push_back(choices_key<evo::ObjectiveName>({"evo", "objectives", "",
                                                    "what individuals are judged by, fitness first; with costs beside "
                                                    "it islands keep the best trade-offs (NSGA-II)",
                                                    frozen},
                                                   [](Deck & d) -> auto& { return d.evo.objectives; },
                                                   {{"fitness", evo::ObjectiveName::fitness},
                                                    {"macs", evo::ObjectiveName::macs},
                                                    {"parameters", evo::ObjectiveName::parameters},
                                                    {"memory", evo::ObjectiveName::memory},
                                                    {"latency", evo::ObjectiveName::latency}}));
    keys.push_back(real_key(
        {"evo", "max_latency", "microseconds",
         "for an image on this machine; an individual that takes longer ranks behind all that do not; 0 = any", frozen},
        [](Deck & d) -> auto& { return d.evo.max_latency; }, at_least(0)));
    keys.push_back(integer_key(
        {"evo", "population", "individuals", "per island", frozen},
        [](Deck & d) -> auto& { return d.evo.evolution.population; }, between(1, largest)));
    keys.push_back(integer_key(
        {"evo", "elite", "individuals", "best of an island that always survive", may_change},
        [](Deck & d) -> auto& { return d.evo.evolution.selection.elite; }, between(0, largest)));
    keys.push_back(integer_key(
        {"evo", "offspring", "individuals", "new ones per generation and island", may_change},
        [](Deck & d) -> auto& { return d.evo.evolution.variation.offspring; }, between(0, largest)));
    keys.push_back(integer_key(
        {"evo", "tournament", "individuals", "that compete to be a parent", may_change},
        [](Deck & d) -> auto& { return d.evo.evolution.selection.tournament; }, between(1, largest)));
    keys.push_back(real_key(
        {"evo", "crossover_rate", "", "chance that a child has two parents", may_change},
        [](Deck & d) -> auto& { return d.evo.evolution.variation.crossover_rate; }, between(0, 1)));
    keys.push_back(real_key(
        {"evo", "mutation_rate", "", "chance of a change per gene", may_change},
        [](Deck & d) -> auto& { return d.evo.evolution.variation.mutation_rate; }, between(0, 1)));
    keys.push_back(integer_key(
        {"evo", "max_age", "generations", "after which an individual outside the elite dies; 0 = never", may_change},
        [](Deck & d) -> auto& { return d.evo.evolution.selection.max_age; }, at_least(0)));
    keys.push_back(text_key(
        {"evo", "founder", "", "encode that the first populations derive from; empty = drawn from the seed", frozen},
        [](Deck & d) -> auto& { return d.evo.founder; }));
    keys.push_back(integer_key(
        {"evo", "founder_mutations", "mutations",
         "between the founder and a first individual; -1 = unrelated individuals", frozen},
        [](Deck & d) -> auto& { return d.evo.evolution.variation.founder_mutations; }, between(-1, 1000)));
}

void add_search_keys(std::vector<DeckKey>& keys) {
    using enum OnRestart;
    keys.push_back(integer_key(
        {"evo", "generation_every", "meta-iterations", "between generations", may_change},
        [](Deck & d) -> auto& { return d.evo.generation_every; }, at_least(1)));
    keys.push_back(integer_key(
        {"evo", "fitness_tasks", "tasks", "of the validation classes that judge an individual", may_change},
        [](Deck & d) -> auto& { return d.evo.fitness_tasks; }, at_least(1)));
    keys.push_back(integer_key(
        {"evo", "racing", "rounds",
         "of these tasks; after each but the last, the worse half of every island is sorted out; 1 = nobody is",
         may_change},
        [](Deck & d) -> auto& { return d.evo.racing; }, between(1, 31)));
    keys.push_back(real_key(
        {"evo", "memory", "", "weight of a task of a former generation in a survivor's fitness; 0 = this one's alone",
         may_change},
        [](Deck & d) -> auto& { return d.evo.memory; }, between(0, 1)));
    keys.push_back(real_key(
        {"evo", "caution", "standard errors", "by which a newcomer must be better than the best survivor to pass it",
         may_change},
        [](Deck & d) -> auto& { return d.evo.caution; }, at_least(0)));
    keys.push_back(real_key(
        {"evo", "sample_population", "", "chance that a training task uses a member of the population, after the ramp",
         may_change},
        [](Deck & d) -> auto& { return d.evo.paths.sample_population; }, between(0, 1)));
    keys.push_back(real_key(
        {"evo", "sample_population_start", "", "the same chance at iteration 0", may_change},
        [](Deck & d) -> auto& { return d.evo.paths.sample_population_start; }, between(0, 1)));
    keys.push_back(integer_key(
        {"evo", "sample_ramp", "meta-iterations", "from one chance to the other, linearly; 0 = no ramp", may_change},
        [](Deck & d) -> auto& { return d.evo.paths.sample_ramp; }, at_least(0)));
    keys.push_back(choice_key<engine::Explore>(
        {"evo", "explore", "",
         "what the other tasks use: a mutant of a member, any encode, or encodes that train all operations equally "
         "often",
         may_change},
        [](Deck & d) -> auto& { return d.evo.paths.explore; },
        {{"mutant", engine::Explore::mutant}, {"uniform", engine::Explore::uniform}, {"fair", engine::Explore::fair}}));
    keys.push_back(choice_key<evo::SurrogateKind>(
        {"evo", "surrogate", "",
         "predicts the fitness of children, of which the best are born, while its predictions are right: ridge = ridge "
         "regression on one-hot genes; knn = mean of the 3 encodes with the most genes in common",
         may_change},
        [](Deck & d) -> auto& { return d.evo.evolution.surrogate.kind; },
        {{"none", evo::SurrogateKind::none}, {"ridge", evo::SurrogateKind::ridge}, {"knn", evo::SurrogateKind::knn}}));
    keys.push_back(integer_key(
        {"evo", "surrogate_children", "children", "made for each that is born, with evo.surrogate", may_change},
        [](Deck & d) -> auto& { return d.evo.evolution.surrogate.children; },
        between(1, evo::most_surrogate_children)));
    keys.push_back(real_key(
        {"evo", "until", "", "share of run.iterations in which islands evolve; then the finalists train alone",
         may_change},
        [](Deck & d) -> auto& { return d.evo.finalists.until; }, between(0, 1)));
    keys.push_back(integer_key(
        {"evo", "finalists", "individuals", "best of all islands that train after evo.until", may_change},
        [](Deck & d) -> auto& { return d.evo.finalists.count; }, between(1, evo::largest_population)));
}

}  // namespace

void add_evo_keys(std::vector<DeckKey>& keys) {
    add_population_keys(keys);
    add_search_keys(keys);
}

}  // namespace atnas::app
