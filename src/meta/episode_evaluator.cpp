#include "atnas/meta/episode_evaluator.hpp"

#include <cmath>
#include <limits>

namespace atnas::meta {

nn::PassResult evaluate_episode(supernet::Supernet& supernet, const space::Genotype& genotype,
                                const data::Episode& episode, const nn::TaskShape& shape, const InnerLoop& loop) {
    return adapt(supernet.plan(genotype, shape), episode, loop);
}

std::vector<double> EpisodeEvaluator::evaluate(std::span<const space::Genotype> genotypes, int generation) {
    const data::EpisodeOptions& task = episodes_.options();
    const nn::TaskShape shape{task.way, task.shot, task.query, options_.transductive};
    std::vector<double> fitness(genotypes.size(), 0.0);
    data::Episode episode;
    for (int t = 0; t < options_.tasks; ++t) {
        episodes_.sample({.seed = options_.seed,
                          .purpose = Purpose::fitness_episode,
                          .iteration = static_cast<std::uint32_t>(generation),
                          .item = static_cast<std::uint32_t>(t)},
                         episode);
        for (std::size_t i = 0; i < genotypes.size(); ++i) {
            const nn::PassResult result = evaluate_episode(supernet_, genotypes[i], episode, shape, options_.loop);
            // Accuracy of a network whose loss is not a number means nothing.
            fitness[i] += std::isfinite(result.loss) ? result.accuracy : std::numeric_limits<double>::quiet_NaN();
        }
    }
    for (double& value : fitness) value /= options_.tasks;
    return fitness;
}

}  // namespace atnas::meta
