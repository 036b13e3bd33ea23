// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/fitness_model.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <set>

#include "atnas/core/contract.hpp"
#include "atnas/evo/rank_correlation.hpp"

namespace atnas::evo {
namespace {

/// Encodes before a prediction is worth trying.
constexpr std::size_t fewest_judged = 10;

template <class T>
void keep_newest(std::vector<T>& values, std::size_t most) {
    if (values.size() > most) values.erase(values.begin(), values.end() - static_cast<std::ptrdiff_t>(most));
}

}  // namespace

FitnessModel::FitnessModel(const SurrogateOptions& options, const space::SearchSpace& space)
    : options_(options), space_(space) {
    ATNAS_EXPECT(options.kind != SurrogateKind::none);
}

void FitnessModel::predict(const Population& members) {
    expected_.clear();
    if (!surrogate_) return;
    std::set<space::Genotype> known;
    for (const Judged& judged : record_.judged) known.insert(judged.genotype);
    for (const Individual& member : members) {
        if (!std::isnan(member.fitness)) continue;
        space::Genotype genotype = space_.canonical(member.genotype);
        if (!known.insert(genotype).second) continue;
        const double prediction = surrogate_->predict(genotype);
        expected_.emplace_back(std::move(genotype), prediction);
    }
}

void FitnessModel::learn(const Population& members) {
    const double mean = mean_fitness(members);
    std::map<space::Genotype, double> measured;
    std::vector<Judged> news;
    for (const Individual& member : members) {
        if (!has_accuracy(member)) continue;
        space::Genotype genotype = space_.canonical(member.genotype);
        const double fitness = member.fitness - mean;
        if (measured.emplace(genotype, fitness).second) news.push_back({std::move(genotype), fitness});
    }
    std::vector<double> predictions, values;
    for (const auto& [genotype, prediction] : expected_) {
        const auto found = measured.find(genotype);
        if (found == measured.end()) continue;
        predictions.push_back(prediction);
        values.push_back(found->second);
    }
    expected_.clear();
    record_.correlations.push_back(
        rank_correlation(predictions, values).value_or(std::numeric_limits<double>::quiet_NaN()));
    keep_newest(record_.correlations, FitnessRecord::most_correlations);
    std::erase_if(record_.judged, [&](const Judged& judged) { return measured.contains(judged.genotype); });
    // Never a part of the newest generation: it would be that of some islands.
    const std::size_t most = std::max(FitnessRecord::most_judged, news.size());
    std::ranges::move(news, std::back_inserter(record_.judged));
    keep_newest(record_.judged, most);
    train();
}

const Surrogate* FitnessModel::adviser() const noexcept {
    double sum = 0;
    for (const double correlation : record_.correlations) sum += std::isnan(correlation) ? 0 : correlation;
    return sum > 0 ? surrogate_.get() : nullptr;
}

double FitnessModel::correlation() const noexcept {
    return record_.correlations.empty() ? std::numeric_limits<double>::quiet_NaN() : record_.correlations.back();
}

void FitnessModel::go_on_from(FitnessRecord record) {
    record_ = std::move(record);
    expected_.clear();
    train();
}

void FitnessModel::train() {
    surrogate_.reset();
    if (record_.judged.size() >= fewest_judged) surrogate_ = make_surrogate(options_.kind, record_.judged);
}

}  // namespace atnas::evo
