// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/deck/deck.hpp"

#include <algorithm>
#include <iterator>
#include <sstream>
#include <utility>

#include <fmt/format.h>

#include "atnas/engine/racing.hpp"
#include "atnas/meta/learner_registry.hpp"
#include "atnas/meta/meta_gradient.hpp"
#include "atnas/space/search_space.hpp"

namespace atnas::app {
namespace {

template <class Value>
std::string setting(const char* key, const Value& value) {
    std::ostringstream text;
    text << key << " = " << value;
    return text.str();
}

void check_population(const EvoOptions& evo, std::vector<Problem>& problems) {
    const int members = evo.evolution.population;
    const auto& selection = evo.evolution.selection;
    const auto& variation = evo.evolution.variation;
    const std::string population = setting("evo.population", members);
    if (selection.elite + variation.offspring > members) {
        problems.push_back(
            {setting("evo.elite", selection.elite) + " and " + setting("evo.offspring", variation.offspring),
             "together they are more than " + population, "raise evo.population or lower one of them"});
    }
    if (evo.objectives.front() != evo::ObjectiveName::fitness) {
        problems.push_back({"evo.objectives does not begin with fitness",
                            "the first one says which individual is the best, and the cheapest one has learned least",
                            "write fitness first"});
    }
    if (selection.tournament > members) {
        problems.push_back({setting("evo.tournament", selection.tournament),
                            "there are no more contestants than " + population, "lower it"});
    }
}

void check_fitness(const EvoOptions& evo, std::vector<Problem>& problems) {
    if (evo.caution > 0 && evo.fitness_tasks < 2)
        problems.push_back(
            {setting("evo.caution", evo.caution),
             "one task tells nothing of errors, and there is " + setting("evo.fitness_tasks", evo.fitness_tasks),
             "raise evo.fitness_tasks to 2 or more"});
    if (const int most = engine::most_rounds(evo.fitness_tasks); evo.racing > most)
        problems.push_back({setting("evo.racing", evo.racing),
                            "every round takes as many tasks as all before it, and there is " +
                                setting("evo.fitness_tasks", evo.fitness_tasks),
                            "use at most " + std::to_string(most) + ", or raise evo.fitness_tasks"});
    else if (evo.racing > 1 && (evo.caution > 0 || evo.memory > 0) && evo.fitness_tasks >> (evo.racing - 1) < 2)
        problems.push_back(
            {setting("evo.racing", evo.racing),
             "one task in the first round tells nothing of errors, which evo.caution and evo.memory need",
             "lower it, or raise evo.fitness_tasks to " + std::to_string(std::int64_t{2} << (evo.racing - 1)) +
                 " or more"});
    if (evo.evolution.surrogate.kind != evo::SurrogateKind::none && evo.objectives.size() > 1)
        problems.push_back({"evo.surrogate is on and there are several evo.objectives",
                            "it chooses children by predicted fitness alone, and so the costly ones",
                            "turn it off, or search by fitness alone within space.max_macs"});
    if (evo.evolution.surrogate.kind != evo::SurrogateKind::none && evo.evolution.kind != evo::Kind::islands)
        problems.push_back({"evo.surrogate is on and evo.kind is a baseline", "baselines are drawn as they are",
                            "turn it off, or use evo.kind = islands"});
}

void check_migration(const Deck& deck, std::vector<Problem>& problems) {
    const evo::TopologyOptions& topology = deck.migration.topology;
    const evo::MigrationOptions& options = deck.migration.options;
    for (auto problem : problems_of(topology, deck.evo.islands)) {
        problem.problem = "migration." + problem.problem;
        problem.reason += "; " + setting("evo.islands", deck.evo.islands);
        problems.push_back(std::move(problem));
    }
    if (topology.kind == evo::TopologyKind::none) return;
    const int population = deck.evo.evolution.population;
    if (options.migrants > population) {
        problems.push_back({setting("migration.migrants", options.migrants),
                            "an island has no more than " + setting("evo.population", population), "lower it"});
    }
    if (options.emigrants == evo::EmigrantPolicy::tournament && options.tournament > population) {
        problems.push_back({setting("migration.tournament", options.tournament),
                            "there are no more contestants than " + setting("evo.population", population), "lower it"});
    }
}

/// Steps are skipped where a gradient does not fit into the exact sum, and elements of 1 are nothing unusual.
void check_batch(const char* key, int batch, std::vector<Problem>& problems) {
    const double limit = meta::MetaGradient::contribution_limit(batch);
    if (limit >= 1) return;
    problems.push_back(
        {setting(key, batch),
         fmt::format("every element of an item's gradient would have to be below {:.3g} for so many to be "
                     "summed exactly",
                     limit),
         fmt::format("use at most {:.0f}, for which 1 is the limit", meta::MetaGradient::contribution_limit(1))});
}

void check_learning(const Deck& deck, std::vector<Problem>& problems) {
    const auto& meta = deck.meta;
    const auto head = deck.space.head;
    if (meta.batch < deck.evo.islands) {
        problems.push_back(
            {setting("meta.batch", meta.batch),
             "every island needs a task per iteration and there are " + setting("evo.islands", deck.evo.islands),
             "raise it to " + std::to_string(deck.evo.islands) + " or more"});
    }
    if (meta.outer.rate * meta.outer.weight_decay >= 1) {
        problems.push_back(
            {setting("meta.weight_decay", meta.outer.weight_decay) + " with " + setting("meta.rate", meta.outer.rate),
             "the first step would take all of a weight or more", "lower one of them"});
    }
    const meta::LearnerEntry& learner = entry_of(meta.learner);
    const bool learns_rates = learner.kept == meta::Kept::directions;
    const bool needs_steps = learner.learns_from == meta::LearnerEntry::LearnsFrom::steps || learns_rates;
    if (needs_steps && meta.inner_steps == 0) {
        problems.push_back(
            {setting("meta.learner", learner.name) + " with meta.inner_steps = 0",
             learns_rates ? "it learns rates of the inner steps" : "it learns from what the inner steps change",
             "raise meta.inner_steps or use fomaml"});
    }
    if (learner.kept != meta::Kept::way && meta.first_order_iterations > 0) {
        problems.push_back({setting("meta.first_order_iterations", meta.first_order_iterations) +
                                " with meta.learner = " + learner.name,
                            "all its iterations are of first order", "use meta.learner = maml, or 0"});
    }
    if (meta.multi_step_loss > 0) {
        const std::string problem = setting("meta.multi_step_loss", meta.multi_step_loss);
        if (learner.kept == meta::Kept::way || learner.learns_from == meta::LearnerEntry::LearnsFrom::steps)
            problems.push_back({problem + " with meta.learner = " + learner.name,
                                "it is for learners of first order that learn from the query losses",
                                "use fomaml, anil or meta_sgd, or 0"});
        if (meta.inner_steps < 2)
            problems.push_back({problem + " with " + setting("meta.inner_steps", meta.inner_steps),
                                "no step comes before the last one", "raise meta.inner_steps or use 0"});
    }
    if (learner.kept != meta::Kept::nothing && meta.inner_optimizer != nn::InnerOptimizerKind::sgd) {
        problems.push_back({setting("meta.learner", learner.name) + " with meta.inner_optimizer other than sgd",
                            learns_rates ? "rates are learned for steps of plain gradient descent"
                                         : "second order goes back through steps of plain gradient descent",
                            "use meta.inner_optimizer = sgd, or fomaml"});
    }
    if (learner.kept == meta::Kept::way && deck.cuda.tf32 == backend::Tf32::yes) {
        problems.push_back({setting("meta.learner", learner.name) + " with cuda.tf32 = true",
                            "second order compares weights that differ by less than factors of 10 bits can tell",
                            "use cuda.tf32 = false, or fomaml"});
    }
    const std::string head_text = "space.head = " + std::string(name_of(head));
    const bool prototypes = starts_from_prototypes(head);
    if (!prototypes && !needs_steps && meta.inner_steps == 0) {
        problems.push_back({"meta.inner_steps = 0 with " + head_text,
                            "only prototypes tell classes apart without a step",
                            "use space.head = proto or cosine, or raise meta.inner_steps"});
    }
    if (!prototypes && meta.eval_steps == 0) {
        problems.push_back({"meta.eval_steps = 0 with " + head_text,
                            "only prototypes tell classes apart without a step",
                            "use space.head = proto or cosine, or raise meta.eval_steps"});
    }
}

void check_pretraining(const Deck& deck, std::vector<Problem>& problems) {
    const engine::PretrainingOptions& pretraining = deck.meta.pretraining;
    if (pretraining.iterations == 0) return;
    if (pretraining.iterations > deck.run.iterations)
        problems.push_back({setting("meta.pretrain_iterations", pretraining.iterations),
                            "they are the first of " + setting("run.iterations", deck.run.iterations),
                            "lower it, or raise run.iterations"});
    check_batch("meta.pretrain_batches", pretraining.batches, problems);
    if (pretraining.batches < deck.evo.islands)
        problems.push_back(
            {setting("meta.pretrain_batches", pretraining.batches),
             "every island needs a mini-batch per iteration and there are " + setting("evo.islands", deck.evo.islands),
             "raise it to " + std::to_string(deck.evo.islands) + " or more"});
}

void check_tasks(const Deck& deck, std::vector<Problem>& problems) {
    const auto& task = deck.task;
    if (task.train_way == 1) {
        problems.push_back(
            {"task.train_way = 1", "there is nothing to tell apart", "use 0 (= task.way) or 2 and more"});
    }
    if (deck.space.head == space::Head::linear && task.way_in_training() != task.way) {
        problems.push_back({setting("task.train_way", task.train_way) + " with space.head = linear",
                            "the linear head has as many outputs as " + setting("task.way", task.way),
                            "use task.train_way = 0 or another head"});
    }
}

void check_runtime(const RuntimeOptions& runtime, std::vector<Problem>& problems) {
    if (runtime.plans == 1)
        problems.push_back(
            {"runtime.plans = 1", "a task may use 2 plans", "give 2 or more, or 0 for the usual number"});
}

void check_data(const engine::DataOptions& data, std::vector<Problem>& problems) {
    if (data.source.empty()) {
        problems.push_back(
            {"data.source is empty", "the search needs images", "use strokes or a file made by `atnas import`"});
    }
    const auto& split = data.split;
    const bool by_fraction = split.train.empty() && split.validation.empty() && split.test.empty();
    if (by_fraction && split.validation_fraction + split.test_fraction >= 1) {
        problems.push_back({setting("data.validation_fraction", split.validation_fraction) + " and " +
                                setting("data.test_fraction", split.test_fraction),
                            "nothing would be left for training", "lower them"});
    }
    if (data.built_in() && data.strokes.classes_per_group > data.strokes.classes) {
        problems.push_back({setting("data.strokes_per_group", data.strokes.classes_per_group),
                            "there are only " + setting("data.strokes_classes", data.strokes.classes),
                            "lower it or raise data.strokes_classes"});
    }
    // The shape of images in a file is known when it is read.
    if (data.built_in())
        std::ranges::move(problems_of(data.augment, {1, data.strokes.size, data.strokes.size}),
                          std::back_inserter(problems));
}

/// What the space layer says of the network, and whether it can read the founder.
void check_network(const Deck& deck, std::vector<Problem>& problems) {
    space::NetworkOptions network = deck.space;
    // The shape of images in a file is known when it is read; until then nothing is too small.
    constexpr int large = 4096;
    const int size = deck.data.built_in() ? deck.data.strokes.size : large;
    network.image = {1, size, size};
    if (!deck.data.built_in()) network.max_macs = network.max_parameters = 0;
    network.way = std::max(deck.task.way, 2);
    auto found = problems_of(network);
    for (auto& problem : found) {
        problem.problem = "space." + problem.problem;
        problems.push_back(std::move(problem));
    }
    if (!found.empty() || deck.evo.founder.empty()) return;
    try {
        static_cast<void>(make_search_space(network)->from_text(deck.evo.founder));
    } catch (const Error& error) {
        for (auto problem : error.problems()) {
            problem.problem = "evo.founder: " + problem.problem;
            problems.push_back(std::move(problem));
        }
    }
}

}  // namespace

io::Reproducibility Deck::reproducibility() const {
    io::Reproducibility found;
    if (runtime.reduction != comm::Reduction::exact) found.lose("runtime.reduction = fast");
    if (cuda.algorithms != backend::CudaAlgorithms::deterministic) found.lose("cuda.deterministic = false");
    if (evo.measures_latency()) found.lose("latencies were measured");
    return found;
}

std::vector<Problem> problems_of(const Deck& deck) {
    std::vector<Problem> problems;
    check_runtime(deck.runtime, problems);
    check_data(deck.data, problems);
    check_tasks(deck, problems);
    check_network(deck, problems);
    check_batch("meta.batch", deck.meta.batch, problems);
    check_learning(deck, problems);
    check_pretraining(deck, problems);
    check_population(deck.evo, problems);
    check_fitness(deck.evo, problems);
    check_migration(deck, problems);
    return problems;
}

}  // namespace atnas::app
