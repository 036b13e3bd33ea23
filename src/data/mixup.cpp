// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/mixup.hpp"

#include <cmath>
#include <numeric>

#include "atnas/core/contract.hpp"
#include "atnas/core/random.hpp"
#include "shuffle.hpp"

namespace atnas::data {
namespace {

/// In (0, 1]: its logarithm is finite.
double draw_above_zero(RandomStream& random) {
    return 1.0 - static_cast<double>(random.uniform());
}

/// Logarithm of a draw from Gamma(\p shape, 1). \pre shape >= 1 (Marsaglia & Tsang 2000, "A simple method for
/// generating gamma variables")
double log_gamma_draw(RandomStream& random, double shape) {
    const double d = shape - 1.0 / 3;
    while (true) {
        const double x = random.normal();
        const double root = 1 + x / std::sqrt(9 * d);
        const double u = draw_above_zero(random);
        if (root <= 0) continue;
        const double v = root * root * root;
        if (std::log(u) < x * x / 2 + d * (1 - v + std::log(v))) return std::log(d * v);
    }
}

/// From Beta(\p alpha, alpha): a / (a + b) of two draws from Gamma(alpha), which are those from Gamma(alpha + 1) times
/// u^(1 / alpha) (the same paper). In logarithms, because such powers may be smaller than any number.
float beta_draw(RandomStream& random, double alpha) {
    const double larger = log_gamma_draw(random, alpha + 1) - log_gamma_draw(random, alpha + 1);
    const double power = (std::log(draw_above_zero(random)) - std::log(draw_above_zero(random))) / alpha;
    return static_cast<float>(1 / (1 + std::exp(-larger - power)));
}

}  // namespace

Mixup::Mixup(const MixupOptions& options) : options_(options) {
    ATNAS_EXPECT(options.alpha > 0);
}

Mixture Mixup::mixture(std::uint64_t number, int images) const {
    RandomStream random({.seed = options_.seed,
                         .purpose = Purpose::mixup,
                         .iteration = static_cast<std::uint32_t>(number >> 32),
                         .item = static_cast<std::uint32_t>(number)});
    Mixture mixture{beta_draw(random, options_.alpha), std::vector<std::uint32_t>(static_cast<std::size_t>(images))};
    std::iota(mixture.partners.begin(), mixture.partners.end(), 0U);
    shuffle(mixture.partners, random);
    return mixture;
}

void Mixup::mix(const Mixture& mixture, std::vector<float>& rows) {
    const std::size_t count = mixture.partners.size();
    ATNAS_EXPECT(count > 0 && rows.size() % count == 0);
    const std::size_t size = rows.size() / count;
    unmixed_.assign(rows.begin(), rows.end());
    for (std::size_t n = 0; n < count; ++n) {
        const float* const partner = unmixed_.data() + mixture.partners[n] * size;
        float* const row = rows.data() + n * size;
        for (std::size_t i = 0; i < size; ++i) row[i] = mixture.weight * row[i] + (1 - mixture.weight) * partner[i];
    }
}

}  // namespace atnas::data
