#pragma once
/// \file
/// Fitness of subnets: accuracy after adaptation on fixed episodes.

#include <functional>
#include <optional>
#include <vector>

#include "atnas/data/episode_sampler.hpp"
#include "atnas/meta/meta_learner.hpp"
#include "atnas/space/evaluator.hpp"
#include "atnas/supernet/supernet.hpp"

namespace atnas::meta {

/// The result with NaN for the accuracy where the loss is not finite: it would mean nothing.
nn::PassResult judged(nn::PassResult result);

struct EvaluatorOptions {
    InnerLoop loop{};
    nn::Transductive transductive{nn::Transductive::yes};
    int tasks{20};  ///< episodes per individual; the same for all individuals of a generation
    std::uint64_t seed{1};
    std::function<bool()> interrupted{[] { return false; }};  ///< asked before every episode; yes ends the evaluation
};

/// Mean query accuracy over the generation's episodes (common random numbers: what differs is the individual).
class EpisodeEvaluator final : public space::Evaluator {
  public:
    /// Keeps references.
    EpisodeEvaluator(supernet::Supernet& supernet, const data::EpisodeSampler& episodes,
                     const EvaluatorOptions& options)
        : supernet_(supernet), episodes_(episodes), options_(options) {}

    std::optional<std::vector<double>> evaluate(std::span<const space::Genotype> genotypes, int generation) override;

  private:
    supernet::Supernet& supernet_;
    const data::EpisodeSampler& episodes_;
    EvaluatorOptions options_;
};

}  // namespace atnas::meta
