// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Whole tasks on whole subnets with numbers from a formula: to compare backends, plans and PyTorch with each other.

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "atnas/backend/backend.hpp"
#include "atnas/meta/running_moments.hpp"
#include "atnas/meta/task_plans.hpp"
#include "atnas/supernet/supernet.hpp"

namespace atnas::test {

/// The formula of tests/golden/generate.py: well mixed values in (-1, 1), exact in single precision.
inline std::vector<float> numbers(std::size_t count, std::uint64_t stream) {
    constexpr std::uint64_t modulus = 100003;
    std::vector<float> values;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint64_t u = ((i + 1) * 7919 + (stream + 1) * 104729) % modulus;
        values.push_back(static_cast<float>(2.0 * static_cast<double>((u * u + u) % modulus) / modulus - 1.0));
    }
    return values;
}

/// Values of a block from its name; scales, shifts and rates are not those a network starts with.
inline std::vector<float> block_numbers(const nn::Block& block) {
    std::uint64_t stream = 0;
    for (std::size_t j = 0; j < block.name.size(); ++j) stream += (j + 1) * static_cast<unsigned char>(block.name[j]);
    std::vector<float> values = numbers(block.shape.count(), stream);
    const std::string last = block.name.substr(block.name.rfind('/') + 1);
    const double fan_in = static_cast<double>(block.shape.count()) / block.shape.n;
    for (float& value : values) {
        const double noise = value;
        value = static_cast<float>(block.name.starts_with("rates/") ? 0.125 + 0.0625 * noise
                                   : last == "weight"               ? noise * std::sqrt(6.0 / fan_in)
                                   : last == "scale"                ? 1.0 + 0.25 * noise
                                                                    : 0.25 * noise);
    }
    return values;
}

/// Sets all weights of a supernet by the formula.
inline void fill_weights(supernet::Supernet& supernet) {
    std::vector<float> values;
    for (const nn::Block& block : supernet.manifest().blocks()) {
        const std::vector<float> part = block_numbers(block);
        values.insert(values.end(), part.begin(), part.end());
    }
    nn::upload(supernet.backend(), supernet.context(), values, supernet.weights().values());
}

inline std::vector<double> read_all(backend::Backend& backend, backend::Context& context, backend::Buffer& buffer) {
    std::vector<double> values(buffer.size());
    const backend::Tensor flat{{1, 1, 1, static_cast<int>(buffer.size())}, backend::Layout::plain, buffer.data()};
    backend.read(context, flat, std::span<double>(values));
    return values;
}

inline std::vector<double> read_all(backend::Backend& backend, backend::Context& context,
                                    const backend::ExactSum& sum) {
    std::vector<std::int64_t> words(sum.size());
    backend.read_words(context, sum, 0, words);
    std::vector<double> values;
    for (const std::int64_t word : words)
        values.push_back(std::ldexp(static_cast<double>(word), -backend::sum_fraction_bits));
    return values;
}

struct TaskNumbers {
    std::vector<double> support_losses;
    nn::PassResult query;
    std::vector<double> fomaml, reptile;  ///< in the layout of the weights
};

/// A task of equal shots, ordered by class, with these images.
inline data::Task task_of(const meta::TaskShape& shape, std::vector<float> support, std::vector<float> query) {
    const auto labels = [&](int images) {
        std::vector<int> values;
        for (int i = 0; i < images; ++i) values.push_back(i / (images / shape.way));
        return values;
    };
    return {.way = shape.way,
            .support = {std::move(support), labels(shape.support)},
            .query = {std::move(query), labels(shape.queries)}};
}

/// The same with images from the formula. \p pixels: numbers of one image.
inline data::Task task_of(const meta::TaskShape& shape, int pixels, std::uint64_t support, std::uint64_t query) {
    return task_of(shape, numbers(static_cast<std::size_t>(shape.support * pixels), support),
                   numbers(static_cast<std::size_t>(shape.queries * pixels), query));
}

/// One task, images included, from the formula. \p task tells tasks apart.
inline TaskNumbers run_task(meta::TaskPlans& plans, const space::Genotype& genotype, const meta::TaskShape& shape,
                            int steps, float rate, std::uint64_t task = 0,
                            nn::WeightSlice::Part adapted = nn::WeightSlice::Part::all) {
    supernet::Supernet& supernet = plans.supernet();
    const space::ImageShape image = supernet.options().image;
    const data::Task drawn =
        task_of(shape, image.channels * image.height * image.width, 1000001 + 10 * task, 1000002 + 10 * task);
    meta::RunningMoments moments(plans, std::span(&drawn, 1));
    const bool given = shape.statistics == meta::Statistics::running;
    const nn::NormMoments* const measured = given ? &moments.of(genotype, 0) : nullptr;
    meta::TaskPlan& plan = plans.plan(genotype, shape);
    TaskNumbers result;
    plan.write_task(drawn);
    if (given) plan.normalise_by(*measured);
    plan.start();
    for (int step = 0; step < steps; ++step) {
        plan.step(rate, adapted);
        result.support_losses.push_back(plan.support_result().loss);
    }
    plan.query_forward();
    result.query = plan.query_result();
    const auto difference = supernet.weights().make_sum(1);
    plan.add_weight_difference(*difference);
    result.reptile = read_all(supernet.backend(), supernet.context(), *difference);
    plan.query_backward();
    const auto gradient = supernet.weights().make_sum(meta::TaskPlan::most_addends);
    plan.add_query_gradient(*gradient);
    result.fomaml = read_all(supernet.backend(), supernet.context(), *gradient);
    return result;
}

inline double norm_of(std::span<const double> values) {
    double sum = 0;
    for (const double value : values) sum += value * value;
    return std::sqrt(sum);
}

/// |a - b| / |b|; 0 for two zeros.
inline double relative_difference(std::span<const double> a, std::span<const double> b) {
    std::vector<double> difference(a.begin(), a.end());
    for (std::size_t i = 0; i < b.size(); ++i) difference[i] -= b[i];
    const double above = norm_of(difference);
    return above == 0 ? 0 : above / norm_of(b);
}

}  // namespace atnas::test
