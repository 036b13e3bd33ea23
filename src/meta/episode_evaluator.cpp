#include "atnas/meta/episode_evaluator.hpp"

#include <cmath>
#include <limits>

namespace atnas::meta {

nn::PassResult evaluate_episode(supernet::Supernet& supernet, const space::Genotype& genotype,
                                const data::Episode& episode, const nn::TaskShape& shape, const InnerLoop& loop) {
    nn::PassResult result = adapt(supernet.plan(genotype, shape), episode, loop);
    if (!std::isfinite(result.loss)) result.accuracy = std::numeric_limits<double>::quiet_NaN();
    return result;
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
    // Genotypes outside, so that each is compiled once however many there are.
    std::vector<double> fitness;
    for (const space::Genotype& genotype : genotypes) {
        double sum = 0.0;
        for (const data::Episode& episode : episodes) {
            if (options_.interrupted()) return {};
            sum += evaluate_episode(supernet_, genotype, episode, shape, options_.loop).accuracy;
        }
        fitness.push_back(sum / options_.tasks);
    }
    return fitness;
}

}  // namespace atnas::meta
