#include "atnas/meta/episode_evaluator.hpp"

#include <cmath>
#include <limits>

namespace atnas::meta {

namespace {

nn::PassResult judged(nn::PassResult result) {
    if (!std::isfinite(result.loss)) result.accuracy = std::numeric_limits<double>::quiet_NaN();
    return result;
}

}  // namespace

nn::PassResult evaluate_episode(supernet::Supernet& supernet, const space::Genotype& genotype,
                                const data::Episode& episode, const nn::TaskShape& shape, const InnerLoop& loop) {
    return judged(adapt(supernet.plan(genotype, shape), episode, loop));
}

std::optional<std::vector<double>> EpisodeEvaluator::evaluate(std::span<const space::Genotype> genotypes,
                                                              int generation) {
    const data::EpisodeOptions& task = episodes_.options();
    const nn::TaskShape shape{task.way, task.shot, task.query, options_.transductive};
    std::vector<data::Episode> episodes(static_cast<std::size_t>(options_.tasks));
    for (std::size_t t = 0; t < episodes.size(); ++t)
        episodes_.sample({.seed = options_.seed,
                          .purpose = Purpose::fitness_episode,
                          .iteration = static_cast<std::uint32_t>(generation),
                          .item = static_cast<std::uint32_t>(t)},
                         episodes[t]);
    const int lanes = supernet_.lanes();
    for (int lane = 1; lane < lanes; ++lane) supernet_.backend().wait(supernet_.context(lane), supernet_.context());
    // Genotypes outside, so that each is compiled once however many episodes there are.
    std::vector<double> fitness;
    std::vector<nn::Plan*> in_flight(static_cast<std::size_t>(lanes));
    for (const space::Genotype& genotype : genotypes) {
        double sum = 0.0;
        // In the order of the episodes, whatever the number of lanes.
        const auto collect = [&](nn::Plan*& plan) {
            if (plan != nullptr) sum += judged(plan->query_result()).accuracy;
            plan = nullptr;
        };
        for (int t = 0; t < options_.tasks + lanes; ++t) {
            nn::Plan*& plan = in_flight[static_cast<std::size_t>(t % lanes)];
            collect(plan);
            if (t >= options_.tasks) continue;
            if (options_.interrupted()) return {};
            plan = &supernet_.plan(genotype, shape, t % lanes);
            queue_adaptation(*plan, episodes[static_cast<std::size_t>(t)], options_.loop);
        }
        fitness.push_back(sum / options_.tasks);
    }
    return fitness;
}

}  // namespace atnas::meta
