// SPDX-License-Identifier: Apache-2.0
// The first part of `atnas train`: which encode is trained.

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "atnas/app/train.hpp"
#include "atnas/core/log.hpp"
#include "atnas/engine/encode_search.hpp"

namespace atnas::app {
namespace {

/// Generations in a row that bring no new encode, after which the space counts as exhausted.
constexpr int most_empty = 50;
/// Of the time for everything, the part that a search may take.
constexpr double share_of_time = 0.25;

}  // namespace

const evo::Judged* Train::best() const {
    const evo::Judged* found = nullptr;
    const auto macs = [&](const evo::Judged& judged) { return costs_.subnet(judged.genotype).macs; };
    for (const evo::Judged& judged : judged_) {
        // In an order of their own: in which they were tried depends on stops.
        const bool better = found == nullptr || std::tuple(-judged.fitness, macs(judged), judged.genotype) <
                                                    std::tuple(-found->fitness, macs(*found), found->genotype);
        if (better) found = &judged;
    }
    return found;
}

bool Train::search_is_over() const {
    if (static_cast<int>(judged_.size()) >= options_.evaluations) return true;
    return out_of_time_ || communicator_.any(is_out_of_time());
}

bool Train::is_out_of_time() const {
    return options_.time > 0 && seconds() > share_of_time * options_.time;
}

Train::Outcome Train::search(RunRequests& requests, const Provenance& provenance) {
    if (options_.search == TrainSearch::none) return Outcome::done;
    const Deck& deck = inputs_.deck();
    const std::vector<space::Genotype> none;
    engine::EncodeSearch search({*space_, costs_, communicator_}, encode_search(options_, deck),
                                options_.from == TrainFrom::scratch ? none : elite_);
    engine::EncodeTrials trials(
        {*backend_, costs_, sharing_, communicator_}, inputs_.network(),
        {inputs_.train(), inputs_.validation().first(static_cast<std::size_t>(options_.trial_images))},
        {trial_training(options_, deck.data.augment, deck.run.seed), inputs_.start(options_.from)});
    for (int empty = 0; empty < most_empty && !search_is_over(); empty = search.asked().empty() ? empty + 1 : 0) {
        if (try_encodes(trials, search.asked(), requests) == Outcome::stopped) return Outcome::stopped;
        std::map<space::Genotype, double> known;
        for (const evo::Judged& judged : judged_) known.emplace(judged.genotype, judged.fitness);
        // Where evaluations ran out in the middle of a generation, it is the last one.
        std::vector<double> fitness;
        for (const space::Genotype& encode : search.asked()) {
            const auto found = known.find(encode);
            fitness.push_back(found == known.end() ? evo::worst_fitness : found->second);
        }
        search.tell(fitness);
        if (requests.checkpoint()) save(requests, provenance);
    }
    if (const evo::Judged* found = best(); found != nullptr && found->fitness <= 0)
        throw Error(ExitCode::failed,
                    {"no encode that was tried has a finite loss", "the steps were too large", "lower --rate"});
    return Outcome::done;
}

Train::Outcome Train::try_encodes(engine::EncodeTrials& trials, std::span<const space::Genotype> asked,
                                  RunRequests& requests) {
    const auto is_known = [&](const space::Genotype& encode) {
        return std::ranges::find(judged_, encode, &evo::Judged::genotype) != judged_.end();
    };
    std::vector<space::Genotype> open;
    for (const space::Genotype& encode : asked)
        if (!is_known(encode) && static_cast<int>(judged_.size() + open.size()) < options_.evaluations)
            open.push_back(encode);
    if (open.empty()) return Outcome::done;
    const std::vector<double> fitness = trials.run(open, [&] { return requests.interrupted() || is_out_of_time(); });
    requests.agree();
    out_of_time_ = communicator_.any(is_out_of_time());
    for (std::size_t e = 0; e < open.size(); ++e)
        if (!std::isnan(fitness[e])) judged_.push_back({open[e], fitness[e]});
    if (const evo::Judged* found = best())
        progress_.report(TrialFigures{.tried = static_cast<int>(judged_.size()),
                                      .evaluations = options_.evaluations,
                                      .fitness = found->fitness,
                                      .encode = space_->to_text(found->genotype),
                                      .seconds = seconds()});
    return requests.stop() ? Outcome::stopped : Outcome::done;
}

}  // namespace atnas::app
