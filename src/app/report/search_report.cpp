// What a search says of itself.

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "atnas/app/report/phase_report.hpp"
#include "atnas/app/report/rank_table.hpp"
#include "atnas/app/search.hpp"
#include "atnas/core/log.hpp"
#include "atnas/space/search_space.hpp"

namespace atnas::app {

void Search::report_phases() const {
    const std::string phases = text_of(phase_report(times_, communicator_));
    world_log().info("{:.1f} s of work; min/avg/max over ranks in s: {}", progress_.seconds(), phases);
}

void Search::describe_ranks() {
    const auto rows =
        all_rows(own_row(communicator_.rank(), islands_.front().number(), static_cast<int>(islands_.size()),
                         backend_->description(), deck_.runtime.threads),
                 communicator_);
    for (const RankRow& row : rows) {
        world_log().info(text_of(row));
        ranks_per_host_ = std::max(ranks_per_host_, row.local_rank + 1);
    }
    for (const std::string& line : oversubscribed(rows)) world_log().warn(line);
}

nlohmann::json Search::figures() {
    return {{"ranks", communicator_.size()},
            {"host", host_name()},
            {"ranks_per_host", ranks_per_host_},
            {"seconds", progress_.seconds()},
            {"timed_iterations", progress_.iterations(iteration_)},
            {"tasks_per_s", progress_.tasks_per_second(task_count_)},
            {"weights", supernet_.weights().size()},
            {"phases", json_of(phase_report(times_, communicator_))}};
}

std::string Search::plan() {
    warm_up();
    const space::Cost supernet = costs_.supernet();
    const evo::Individual& member = islands_.front().population().front();
    const data::EpisodeOptions& task = training_.options();
    static_cast<void>(plans_.plan(member.genotype, meta::shape_of(task, deck_.task.transductive)));
    const double buffer = static_cast<double>(total_.buffer().size()) * sizeof(float);
    const auto copies = static_cast<double>(2 + optimizer_->moments().size() + islands_.size());
    const std::size_t held = backend_->memory_use().held;
    const std::string on_device =
        held > 0 ? fmt::format("; {:.1f} MB of the device with what is kept free", 1e-6 * static_cast<double>(held))
                 : "";
    const std::string start = last_checkpoint_.empty()
                                  ? "anew"
                                  : fmt::format("at iteration {} from {}", iteration_, last_checkpoint_.string());
    const int ranks = communicator_.size();
    const double sent = ranks == 1 ? 0.0 : buffer * (static_cast<double>(islands_.size()) + 1.0) * (ranks - 1) / ranks;
    return fmt::format(
        "ranks            {} with {} islands, {} on rank 0\n"
        "backend          {}, {} thread(s) per rank\n"
        "data             {}: {} images, {} classes ({} train, {} validation, {} test)\n"
        "tasks            {}-way {}-shot {}-query in training, {} per meta-iteration\n"
        "supernet         {} parameters in {} blocks\n"
        "first member     {} parameters, {} MACs: {}\n"
        "memory per rank  {:.1f} MB of weights, moments and gradients, {:.1f} MB for plans{}\n"
        "communication    {:.2f} MB sent per rank and meta-iteration\n"
        "run              {} iterations, a generation every {}, checkpoints every {} in {}\n"
        "start            {}\n",
        ranks, deck_.evo.islands, islands_.size(), backend_->description(), deck_.runtime.threads, deck_.data.source,
        tasks_.images().images(), tasks_.images().classes(), tasks_.split().train.size(),
        tasks_.split().validation.size(), tasks_.split().test.size(), task.way, task.shot, task.query, deck_.meta.batch,
        supernet.parameters, supernet_.manifest().blocks().size(), member.parameters, member.macs,
        space_->to_text(member.genotype), 1e-6 * copies * buffer,
        1e-6 * static_cast<double>(supernet_.working_memory()), on_device, 1e-6 * sent, deck_.run.iterations,
        deck_.evo.generation_every, deck_.run.checkpoint_every, deck_.run.folder.string(), start);
}

}  // namespace atnas::app
