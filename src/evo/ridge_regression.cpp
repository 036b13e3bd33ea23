// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/ridge_regression.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "atnas/core/contract.hpp"

namespace atnas::evo {
namespace {

/// As much as one datum that says 0: little data changes little.
constexpr double penalty = 1.0;

/// x of A x = b, by A = L L^T (Cholesky). A is symmetric and positive definite, by rows; only its lower triangle is
/// read.
std::vector<double> solved(std::vector<double> a, std::vector<double> b) {
    const std::size_t n = b.size();
    const auto row_product = [&](std::size_t i, std::size_t j, std::size_t length) {
        double sum = 0;
        for (std::size_t k = 0; k < length; ++k) sum += a[i * n + k] * a[j * n + k];
        return sum;
    };
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < i; ++j) a[i * n + j] = (a[i * n + j] - row_product(i, j, j)) / a[j * n + j];
        a[i * n + i] = std::sqrt(a[i * n + i] - row_product(i, i, i));
    }
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t k = 0; k < i; ++k) b[i] -= a[i * n + k] * b[k];
        b[i] /= a[i * n + i];
    }
    for (std::size_t i = n; i-- > 0;) {
        for (std::size_t k = i + 1; k < n; ++k) b[i] -= a[k * n + i] * b[k];
        b[i] /= a[i * n + i];
    }
    return b;
}

}  // namespace

RidgeRegression::RidgeRegression(std::span<const Judged> data) {
    ATNAS_EXPECT(!data.empty());
    const std::size_t genes = data.front().genotype.genes.size();
    for (const Judged& judged : data) {
        ATNAS_EXPECT(judged.genotype.genes.size() == genes);
        mean_ += judged.fitness / static_cast<double>(data.size());
        for (const std::int8_t value : judged.genotype.genes)
            values_ = std::max(values_, static_cast<std::size_t>(value) + 1);
    }
    weights_.resize(genes * values_);
    const std::size_t n = weights_.size();
    std::vector<double> normal(n * n, 0.0);
    std::vector<double> right(n, 0.0);
    for (std::size_t i = 0; i < n; ++i) normal[i * n + i] = penalty;
    for (const Judged& judged : data) {
        for (std::size_t g = 0; g < genes; ++g) {
            const std::size_t i = column(g, judged.genotype.genes[g]);
            right[i] += judged.fitness - mean_;
            for (std::size_t h = 0; h <= g; ++h) normal[i * n + column(h, judged.genotype.genes[h])] += 1.0;
        }
    }
    weights_ = solved(std::move(normal), std::move(right));
}

std::size_t RidgeRegression::column(std::size_t gene, std::int8_t value) const noexcept {
    const auto v = static_cast<std::size_t>(value);
    return v < values_ ? gene * values_ + v : weights_.size();
}

double RidgeRegression::predict(const space::Genotype& genotype) const {
    ATNAS_EXPECT(genotype.genes.size() * values_ == weights_.size());
    double sum = mean_;
    for (std::size_t g = 0; g < genotype.genes.size(); ++g) {
        const std::size_t i = column(g, genotype.genes[g]);
        if (i < weights_.size()) sum += weights_[i];
    }
    return sum;
}

}  // namespace atnas::evo
