// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/adapt.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "atnas/app/judged_network.hpp"
#include "atnas/app/predict.hpp"
#include "atnas/app/report/adapt_progress.hpp"
#include "atnas/app/task_learner.hpp"
#include "atnas/app/user_images.hpp"
#include "atnas/core/digest.hpp"
#include "atnas/core/log.hpp"
#include "atnas/core/timer.hpp"
#include "atnas/data/pixel_values.hpp"
#include "atnas/data/support_copies.hpp"
#include "atnas/engine/adapted_network.hpp"
#include "atnas/engine/free_memory.hpp"
#include "atnas/engine/task_memory.hpp"
#include "atnas/space/cost_model.hpp"

namespace atnas::app {
namespace {

/// The network for the task's classes.
space::NetworkOptions network_for(const engine::MetaNetwork& net, int way) {
    space::NetworkOptions network = net.network();
    network.way = way;
    return network;
}

/// The largest fold.
meta::TaskShape largest_fold(const data::ImageSet& images, const engine::NovelTaskOptions& how,
                             meta::Statistics statistics) {
    const std::int64_t copies = how.folds.copies;
    std::int64_t queries = 0;
    for (std::size_t c = 0; c + 1 < images.first_of_class.size(); ++c) {
        const std::int64_t count = images.first_of_class[c + 1] - images.first_of_class[c];
        queries += count == 1 ? copies : (count + how.folds.most - 1) / std::min<std::int64_t>(count, how.folds.most);
    }
    const std::int64_t learned = images.images() * (1 + how.folds.support_copies.count);
    return {images.classes(), static_cast<int>(learned), static_cast<int>(queries), statistics};
}

/// Throws Error(bad_data) on every rank, before the memory is taken, for more images than fit. Collective.
void expect_memory(TaskLearner& learner, const data::ImageSet& images, const meta::TaskShape& shape,
                   const comm::Communicator& communicator) {
    double needed = 0;
    for (const space::Genotype& encode : learner.net().space().extremes())
        needed = std::max(needed, engine::memory_of(learner.net().supernet(), encode, shape));
    const std::vector<int> hosts = communicator.hosts();
    const auto here = std::ranges::count(hosts, hosts[static_cast<std::size_t>(communicator.rank())]);
    comm::together(communicator, [&] {
        const std::optional<double> of_all = engine::free_memory();
        if (!of_all) return;
        const double free = *of_all / static_cast<double>(here);
        if (needed < free) return;
        throw Error(
            ExitCode::bad_data,
            {fmt::format("{} images in {} classes are too many to learn at once", images.images(), images.classes()),
             fmt::format("a rank needs about {:.1f} GB for them, and {:.1f} GB are free", 1e-9 * needed, 1e-9 * free),
             "give fewer images per class, start fewer ranks per node, or use `atnas train`"});
    });
}

/// Of drawings, dark and light are swapped easily; photographs differ by less.
void warn_of_ink(const data::ImageSet& mine, const io::DataRecord& its, const AdaptOptions& options) {
    constexpr double too_different = 0.5;
    const double difference = data::brightness(mine.pixels) - its.images.value().brightness;
    if (std::abs(difference) < too_different) return;
    const bool imported = options.data.extension() == ".h5";
    world_log().warn("the images of {} are {} and those of the meta-network {}: {}", options.data.string(),
                     difference > 0 ? "light" : "dark", difference > 0 ? "dark" : "light",
                     imported                              ? "import them with --invert, or without?"
                     : options.invert == data::Invert::yes ? "leave out --invert?"
                                                           : "add --invert?");
}

FoldFigures figures_of(const engine::JudgedOnFolds& judged, const engine::MetaNetwork& net, int way) {
    const space::Cost cost = space::CostModel(network_for(net, way)).subnet(judged.genotype);
    return {net.space().to_text(judged.genotype), judged.result, cost.parameters, cost.macs};
}

AdaptationReport report_of(const AdaptOptions& options, const Deck& deck, const UserImages& mine,
                           const engine::NovelTaskResult& result, const engine::MetaNetwork& net) {
    const data::ImageSet& images = mine.set;
    const engine::NovelTaskOptions how = novel_task_options(options, deck, images.shape);
    AdaptationReport report;
    report.checkpoint = options.checkpoint.string();
    report.data = options.data.string();
    report.data_digest = mine.digest;
    report.classes = images.classes();
    report.images = report.fewest = images.images();
    for (std::size_t c = 0; c + 1 < images.first_of_class.size(); ++c) {
        const std::int64_t count = images.first_of_class[c + 1] - images.first_of_class[c];
        report.fewest = std::min(report.fewest, count);
        report.most = std::max(report.most, count);
    }
    report.folds = result.folds;
    report.steps = deck.meta.steps_in_evaluation();
    report.statistics = deck.task.statistics;
    report.search = options.search;
    report.seed = deck.run.seed;
    const engine::SearchBudget& budget = how.budget;
    if (options.search != evo::Kind::fixed)
        report.budget = budget.seconds > 0 ? fmt::format("{} s", budget.seconds) : "";
    if (options.search != evo::Kind::fixed && budget.evaluations > 0)
        report.budget += fmt::format("{}{} encodes", report.budget.empty() ? "" : ", ", budget.evaluations);
    report.cautious = how.caution == engine::Caution::bayes;
    if (result.folds > 0 && !result.best.empty()) {
        report.first = figures_of(result.first, net, images.classes());
        report.found = figures_of(result.found, net, images.classes());
    }
    for (const engine::JudgedOnFolds& best : result.best)
        report.best.push_back(figures_of(best, net, images.classes()));
    report.evaluations = result.evaluations;
    report.generations = result.generations;
    report.end = result.end;
    report.timed = options.budget.seconds > 0 && options.search != evo::Kind::fixed;
    report.reproducibility = deck.reproducibility();
    if (report.timed) report.reproducibility.lose("a clock ended the search (--time)");
    report.search_seconds = result.seconds;
    return report;
}

/// The same on all ranks.
void expect_finite(std::span<const io::NetworkRecord> members) {
    const auto finite = [](float value) { return std::isfinite(value); };
    for (const io::NetworkRecord& member : members)
        if (!std::ranges::all_of(member.weights, finite) || !std::ranges::all_of(member.moments, finite))
            throw Error(ExitCode::failed, {"the adapted weights of " + member.encode + " are not finite",
                                           "the inner steps were too large", "give fewer --steps"});
}

/// Beside the file of the network.
std::string journal_of(const AdaptOptions& options) {
    return options.network.string() + ".search";
}

/// The program, the machine and the backend.
std::string computed_by(const Provenance& provenance, const backend::Backend& backend) {
    std::string text = backend.description();
    for (const auto& [name, value] : provenance)
        if (name == "version" || name == "git revision" || name == "host") text += "\n" + value;
    return text;
}

/// All that the fitness of an encode depends on.
std::string journal_key(const io::CheckpointState& state, const Deck& deck, const std::string& images,
                        const std::string& computed_by) {
    Deck judging = deck;
    judging.task.query_copies = 0;  // they are asked for later
    const std::string text = effective_text(judging) + computed_by;
    return fmt::format("atnas-search 1 {} {} {}", state.digest, images,
                       Digest::of(std::as_bytes(std::span(text))).text());
}

/// All images to learn from, and one to ask for, since a task has a query.
data::Task whole_task(const data::LabelledImages& images, const data::ImageSet& set, const Deck& deck) {
    data::Task task{.way = set.classes(), .support = images};
    task.query.labels = {images.labels.front()};
    task.query.images.assign(images.images.begin(),
                             images.images.begin() + static_cast<std::ptrdiff_t>(set.image_size()));
    data::SupportCopies(set.shape, {deck.task.support_copies, deck.data.augment}).add(task, {.seed = deck.run.seed});
    return task;
}

}  // namespace

Adapted adapt(const AdaptOptions& options, const Provenance& provenance, const std::function<bool()>& stop,
              const comm::Communicator& communicator) {
    const Stopwatch clock;
    const io::CheckpointState state = io::read_checkpoint(options.checkpoint, communicator);
    Deck deck = adapted_deck(options, state);
    backend::set_threads(deck.runtime.threads);
    TaskLearner learner(state, learned_data(deck, state, communicator), deck, communicator);
    engine::MetaNetwork& net = learner.net();
    const space::ImageShape shape = net.data().images().shape;
    const UserImages mine = load_user_images(options.data, shape, options.invert, communicator);
    const data::ImageSet& set = mine.set;
    expect_head(deck, options.data.string(), set.classes());
    if (constexpr int most = 10000; set.classes() > most)  // as task.way has
        throw Error(ExitCode::bad_data,
                    {fmt::format("{} has {} classes", options.data.string(), set.classes()),
                     fmt::format("a task has {} at most", most), "leave some out, or use `atnas train`"});
    warn_of_ink(set, net.data().record(), options);
    const engine::NovelTaskOptions how = novel_task_options(options, deck, shape);
    expect_memory(learner, set, largest_fold(set, how, deck.task.statistics), communicator);
    const engine::NovelTask task{data::labelled(set), set.classes()};

    Adapted adapted;
    // What cannot be read is said before the search.
    if (!options.predict.empty())
        comm::on_root(communicator, [&] {
            // A data set is taken as it was imported.
            const data::Invert invert = options.predict.extension() == ".h5" ? data::Invert::no : options.invert;
            adapted.asked = read_for_prediction(
                options.predict,
                {.height = shape.height, .width = shape.width, .channels = shape.channels, .invert = invert});
        });
    engine::WorkSharing sharing(communicator, {.scope = deck.runtime.work});
    if (options.dry_run == DryAdapt::yes) {
        adapted.report = report_of(options, deck, mine, {}, net);
        adapted.report.reproducibility.lose(state.reproducibility);
        return adapted;
    }
    engine::SearchJournal journal;
    if (!options.network.empty() && options.search != evo::Kind::fixed)
        journal = {journal_of(options), journal_key(state, deck, mine.digest, computed_by(provenance, net.backend())),
                   communicator};
    if (journal.size() > 0) world_log().info("{}: {} encodes are known", journal_of(options), journal.size());
    AdaptProgress progress(how.budget);
    const auto report = [&](const engine::SearchProgress& done) {
        if (const auto line = progress.line(done)) world_log().info("{}", *line);
    };
    const engine::NovelTaskResult result = engine::adapt_encode(
        {net, learner.searcher(), sharing, communicator, learner.elite(), &journal, &learner.evaluator(), report}, task,
        how, stop);
    adapted.report = report_of(options, deck, mine, result, net);
    adapted.report.reproducibility.lose(state.reproducibility);
    if (result.end == engine::SearchEnd::stopped) return adapted;

    deck.task.way = deck.space.way = set.classes();
    io::NetworkFile& file = adapted.file;
    const data::Task whole = whole_task(task.images, set, deck);
    for (const engine::JudgedOnFolds& best : result.best)
        file.members.push_back(engine::adapted_network(learner.evaluator(), best.genotype, whole));
    expect_finite(file.members);
    file.made_by = "adapt";
    file.deck_text = effective_text(deck);
    file.deck = deck_pairs(deck);
    file.provenance = provenance;
    file.reproducibility = adapted.report.reproducibility;
    file.image = shape;
    file.classes = set.class_names;
    file.origin = {{"checkpoint", state.path.string()},
                   {"checkpoint_digest", state.digest},
                   {"data", options.data.string()},
                   {"data_digest", adapted.report.data_digest},
                   {"search", search_name(options.search)}};
    file.figures = figures_of(adapted.report);
    adapted.journal = std::move(journal);
    adapted.report.seconds = clock.seconds();
    file.figures["seconds"] = adapted.report.seconds;
    return adapted;
}

}  // namespace atnas::app
