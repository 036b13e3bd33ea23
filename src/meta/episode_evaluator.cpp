#include "atnas/meta/episode_evaluator.hpp"

#include <cmath>
#include <limits>

#include "atnas/meta/task_ring.hpp"

namespace atnas::meta {

nn::PassResult judged(nn::PassResult result) {
    if (!std::isfinite(result.loss)) result.accuracy = std::numeric_limits<double>::quiet_NaN();
    return result;
}

std::optional<std::vector<double>> EpisodeEvaluator::evaluate(std::span<const space::Genotype> genotypes,
                                                              int generation) {
    const data::EpisodeOptions& drawn = episodes_.options();
    const nn::TaskShape shape{drawn.way, drawn.shot, drawn.query, options_.transductive};
    std::vector<data::Task> tasks(static_cast<std::size_t>(options_.tasks));
    for (std::size_t t = 0; t < tasks.size(); ++t)
        episodes_.sample({.seed = options_.seed,
                          .purpose = Purpose::fitness_episode,
                          .iteration = static_cast<std::uint32_t>(generation),
                          .item = static_cast<std::uint32_t>(t)},
                         tasks[t]);
    std::vector<double> fitness(genotypes.size());
    TaskRing ring(supernet_);
    // Genotypes outside, so that each is compiled once however many episodes there are.
    for (std::size_t g = 0; g < genotypes.size(); ++g) {
        for (const data::Task& task : tasks) {
            if (options_.interrupted()) {
                ring.finish();
                return {};
            }
            nn::Plan& plan = supernet_.plan(genotypes[g], shape, ring.next());
            queue_adaptation(plan, task, options_.loop);
            ring.started(plan, [&sum = fitness[g]](nn::Plan& done) { sum += judged(done.query_result()).accuracy; });
        }
    }
    ring.finish();
    for (double& sum : fitness) sum /= options_.tasks;
    return fitness;
}

}  // namespace atnas::meta
