// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/commands/bench_command.hpp"

#include <algorithm>
#include <iostream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "atnas/app/commands/checkpoint_bench.hpp"
#include "atnas/app/commands/gpu_bench.hpp"
#include "atnas/app/commands/option_setters.hpp"
#include "atnas/app/deck/deck_reader.hpp"
#include "atnas/app/deck/deck_schema.hpp"
#include "atnas/app/deck/engine_options.hpp"
#include "atnas/backend/backend.hpp"
#include "atnas/comm/nccl_reducer.hpp"
#include "atnas/core/log.hpp"
#include "atnas/core/timer.hpp"
#include "atnas/engine/replica_backend.hpp"
#include "atnas/io/metrics.hpp"
#include "atnas/meta/meta_gradient.hpp"
#include "atnas/meta/meta_learner.hpp"
#include "atnas/meta/task_plans.hpp"
#include "atnas/space/cost_model.hpp"
#include "atnas/space/search_space.hpp"
#include "atnas/supernet/supernet.hpp"

namespace atnas::app {
namespace {

/// A network whose inner loop and meta-gradient are timed.
struct Case {
    std::string name;
    std::string space;
    int channels;
    std::string encode;
};

const std::vector<Case>& cases() {
    static const std::vector<Case> all{{"conv4-64", "conv4", 64, "conv4"},
                                       {"conv4-32", "conv4", 32, "conv4"},
                                       {"og_v2-16", "cell", 16, "og_v2"},
                                       {"og_v2-32", "cell", 32, "og_v2"}};
    return all;
}

/// What --case can say.
std::vector<std::string> known_cases() {
    std::vector<std::string> names;
    for (const Case& c : cases()) names.push_back(c.name);
    names.push_back(checkpoint_case);
    return names;
}

/// The networks among them.
std::vector<Case> chosen(const std::vector<std::string>& names) {
    if (names.empty()) return cases();
    std::vector<Case> result;
    std::vector<Problem> problems;
    for (const std::string& name : names) {
        if (name == checkpoint_case) continue;
        const auto found = std::find_if(cases().begin(), cases().end(), [&](const Case& c) { return c.name == name; });
        if (found != cases().end())
            result.push_back(*found);
        else
            problems.push_back({fmt::format("--case={}: no such case", name), "",
                                fmt::format("choose from {}", fmt::join(known_cases(), ", "))});
    }
    if (!problems.empty()) throw Error(ExitCode::bad_deck, problems);
    return result;
}

/// Images of noise, as many of each class as it goes: the speed does not depend on what is in them.
data::LabelledImages noise(int count, int way, const space::ImageShape& image, RandomStream& random) {
    const auto pixels = static_cast<std::size_t>(image.channels * image.height * image.width);
    data::LabelledImages noise{std::vector<float>(static_cast<std::size_t>(count) * pixels), {}};
    for (float& x : noise.images) x = random.normal();
    for (int i = 0; i < count; ++i) noise.labels.push_back(i % way);
    return noise;
}

BenchCase made_ready(const Case& c, const data::EpisodeOptions& task, int steps) {
    space::NetworkOptions options;
    options.kind = c.space;
    options.channels = c.channels;
    options.head = space::Head::linear;
    options.way = task.way;
    RandomStream random({.seed = 1, .purpose = Purpose::bench});
    const meta::TaskShape shape = meta::shape_of(task, meta::Statistics::query);
    data::Task drawn{.way = task.way};
    drawn.support = noise(shape.support, task.way, options.image, random);
    drawn.query = noise(shape.queries, task.way, options.image, random);
    return {options, space::make_search_space(options)->from_text(c.encode), shape, {steps, 0.01f}, std::move(drawn)};
}

/// Median seconds per task, one at a time.
double time_tasks(const BenchCase& c, double seconds, backend::Backend& backend) {
    supernet::Supernet supernet(backend, c.network, 1);
    meta::MetaGradient gradient(backend, supernet.context(), supernet.weights(), 1);
    const auto learner = meta::make_meta_learner(meta::Learner::fomaml, meta::Adaptation(c.adaptation));
    meta::TaskPlans plans(supernet);
    meta::TaskPlan& plan = plans.plan(c.genotype, c.shape);
    for (int warm_up = 0; warm_up < 2; ++warm_up) learner->learn(plan, c.task, gradient.sum());
    std::vector<double> times;
    for (const Stopwatch whole; times.size() < 3 || whole.seconds() < seconds;) {
        const Stopwatch once;
        learner->learn(plan, c.task, gradient.sum());
        times.push_back(once.seconds());
    }
    std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2), times.end());
    return times[times.size() / 2];
}

void report_gpu(const GpuFigures& gpu, const Deck& deck, const comm::Communicator& communicator,
                nlohmann::json& report) {
    report.update({{"kernel_ms_per_task", 1e3 * gpu.kernel_seconds},
                   {"gap_ms_per_task", 1e3 * gpu.gap_seconds},
                   {"busy_share", gpu.busy_share},
                   {"tasks_per_s_in_flight", gpu.tasks_per_second},
                   {"busy_share_in_flight", gpu.busy_share_in_flight},
                   {"reduction_bytes_per_s", gpu.reduced_per_second},
                   {"reduction_hidden_share", gpu.hidden_share}});
    if (!communicator.is_root()) return;
    std::cout << fmt::format(
        "           rank 0, one at a time: kernels {:.2f} ms (at most), launch gaps {:.2f} ms per task, GPU busy "
        "{:.0f} %\n",
        1e3 * gpu.kernel_seconds, 1e3 * gpu.gap_seconds, 100 * gpu.busy_share);
    std::cout << fmt::format("           rank 0, {} in flight: {:.2f} tasks/s, GPU busy {:.0f} %\n", deck.cuda.streams,
                             gpu.tasks_per_second, 100 * gpu.busy_share_in_flight);
    if (communicator.size() == 1) return;
    std::cout << fmt::format("           reduction {}: {:.3f} GB/s, {:.0f} % hidden behind the backward pass\n",
                             comm::nccl_compiled() ? "by NCCL" : "over host memory", 1e-9 * gpu.reduced_per_second,
                             100 * gpu.hidden_share);
}

void bench_checkpoint(const BenchOptions& options, const comm::Communicator& communicator, nlohmann::json& report) {
    const CheckpointTimes times =
        time_checkpoint(options.folder, static_cast<std::uint64_t>(options.bytes), communicator);
    if (!communicator.is_root()) return;
    const double megabytes = 1e-6 * static_cast<double>(times.bytes);
    report["cases"][checkpoint_case] = {{"bytes", times.bytes},
                                        {"write_s", times.write},
                                        {"read_s", times.read},
                                        {"write_mb_per_s", megabytes / times.write},
                                        {"read_mb_per_s", megabytes / times.read}};
    std::cout << fmt::format(
        "{:10} {:8.1f} MB from {} rank(s)  write {:.1f} MB/s ({:.2f} s, on the disk)  read {:.1f} MB/s ({:.2f} s)\n",
        checkpoint_case, megabytes, communicator.size(), megabytes / times.write, times.write, megabytes / times.read,
        times.read);
}

void bench_networks(const std::vector<Case>& cases, const BenchOptions& options, const comm::Communicator& communicator,
                    nlohmann::json& report) {
    backend::set_threads(1);  // the figures are per core
    const Deck& deck = options.deck;
    const auto backend = engine::make_replica_backend(replica_options(deck), communicator);
    const data::EpisodeOptions task{.way = options.way, .shot = options.shot, .query = options.query};
    if (communicator.is_root())
        std::cout << fmt::format(
            "{}; {}-way {}-shot {}-query, {} inner steps, first order; {} rank(s), figures per rank\n",
            backend->description(), task.way, task.shot, task.query, options.steps, communicator.size());
    report.update({{"way", task.way},
                   {"shot", task.shot},
                   {"query", task.query},
                   {"steps", options.steps},
                   {"backend", backend->description()}});
    for (const Case& c : cases) {
        const BenchCase ready = made_ready(c, task, options.steps);
        const space::Cost cost = space::CostModel(ready.network).subnet(ready.genotype);
        communicator.barrier();  // all ranks busy at the same time, as in a run
        const double slowest = communicator.max(time_tasks(ready, options.seconds, *backend));
        const double peak = backend->measure_peak(0.5);
        // Forward once, backward twice the work; support images once per step.
        const double images = static_cast<double>(task.way) * (task.shot * options.steps + task.query);
        const double gflops = 6e-9 * static_cast<double>(cost.macs) * images / slowest;
        report["cases"][c.name] = {{"tasks_per_s", 1.0 / slowest},  {"ms_per_task", 1e3 * slowest},
                                   {"peak_gflops", peak},           {"peak_fraction", gflops / peak},
                                   {"parameters", cost.parameters}, {"macs", cost.macs}};
        if (communicator.is_root())
            std::cout << fmt::format(
                "{:10} {:8.2f} tasks/s {:8.1f} ms/task  {:6.1f} GFLOP/s of {:.1f} measured peak ({:.0f} %)\n", c.name,
                1.0 / slowest, 1e3 * slowest, gflops, peak, 100 * gflops / peak);
        if (backend->services() != nullptr)
            report_gpu(measure_gpu(ready, deck, *backend, options.seconds, communicator), deck, communicator,
                       report["cases"][c.name]);
    }
}

/// The deck's key under a short name: the same choices.
OptionRow backend_row(std::vector<Assignment>& short_names) {
    const std::string key = "runtime.backend";
    return {"backend", find_key(key)->type, "who computes (auto)", key_into(short_names, key, "--backend")};
}

}  // namespace

bool BenchOptions::times_checkpoint() const {
    return std::ranges::count(cases, checkpoint_case) > 0;
}

OptionTable BenchCommand::table() {
    OptionTable table;
    table.summary = "tasks per second and share of the machine's peak; speed of checkpoints";
    table.add(OptionGroup::work,
              {
                  {"case", fmt::format("{}", fmt::join(known_cases(), "|")),
                   "what to time; may be repeated; all networks by default, checkpoint only when named",
                   [this](const std::string& text) -> Complaint {
                       options_.cases.push_back(text);
                       return {};
                   },
                   Repeat::yes},
                  {"way", "N", "classes of a task (5)", number_into(options_.way, 2)},
                  {"shot", "N", "labelled images per class (1)", number_into(options_.shot, 1)},
                  {"query", "N", "images per class to be told apart (15)", number_into(options_.query, 1)},
                  {"steps", "N", "inner steps (5)", number_into(options_.steps, 0)},
                  {"bytes", "N", "size of the checkpoint, of weights and two moments (1e9)",
                   number_into(options_.bytes, 12.0)},
              });
    table.add(OptionGroup::output,
              {
                  {"folder", "PATH", "where the checkpoint is written, and removed (.)", text_into(options_.folder)},
                  json_row(options_.json),
              });
    table.add(OptionGroup::running, {
                                        {"seconds", "S", "per case (10)", number_into(options_.seconds, 0.0)},
                                        backend_row(short_names_),
                                    });
    table.example = "atnas bench --case=conv4-64 --seconds=5";
    table.deck_keys = DeckKeys::accepted;
    table.used_keys = {"cuda.", "runtime.reduction"};
    return table;
}

void BenchCommand::complete(std::vector<Assignment> keys, std::vector<Problem>& problems, const comm::Communicator&) {
    DeckSources sources;
    sources.overrides = std::move(keys);
    std::ranges::move(short_names_, std::back_inserter(sources.overrides));
    options_.deck = collect_deck(sources, problems);
}

CommandFiles BenchCommand::files() const {
    return {given({{"--json", options_.json}}), {}};
}

std::vector<Problem> BenchCommand::output_problems() const {
    std::vector<Problem> problems = Command::output_problems();
    if (!options_.times_checkpoint()) return problems;
    if (const std::string reason = io::folder_obstacle(options_.folder); !reason.empty())
        problems.push_back({"--folder=" + options_.folder.string() + " cannot be used", reason,
                            "choose a folder that you may write to"});
    return problems;
}

ExitCode BenchCommand::run(const Invocation& invocation) {
    const comm::Communicator& communicator = invocation.communicator;
    const std::vector<Case> networks = chosen(options_.cases);
    const auto held = hold_outputs(*this, communicator);
    nlohmann::json report{{"ranks", communicator.size()}};
    if (!networks.empty()) bench_networks(networks, options_, communicator, report);
    if (options_.times_checkpoint()) bench_checkpoint(options_, communicator, report);
    if (!options_.json.empty()) on_root(communicator, [&] { io::write_json(options_.json, report); });
    return ExitCode::done;
}

}  // namespace atnas::app
