// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/bounded_space.hpp"

#include <utility>

#include "atnas/core/contract.hpp"
#include "atnas/core/error.hpp"
#include "atnas/space/cost_counter.hpp"
#include "setting.hpp"

namespace atnas::space {
namespace {

constexpr int tries = 100;
/// Steps from the smallest encode: enough to redraw every locus.
constexpr int walk_length = 100;
/// In place of an island, which has a smaller number: what takes the place of fair encodes that cost too much.
constexpr std::uint32_t replacements = 0xfffffffe;

}  // namespace

double macs_of_features(const SearchSpace& space, const ImageShape& image, const Genotype& genotype) {
    CostCounter counter(shape_of(image));
    space.build(genotype, counter);
    return static_cast<double>(counter.cost().macs);
}

BoundedSpace::BoundedSpace(const NetworkOptions& options, std::unique_ptr<const SearchSpace> whole)
    : image_(options.image), max_macs_(options.max_macs), whole_(std::move(whole)) {
    ATNAS_EXPECT(max_macs_ > 0);
    ATNAS_EXPECT(is_legal(smallest()));
}

bool BoundedSpace::is_legal(const Genotype& genotype) const {
    return whole_->is_legal(genotype) && macs_of_features(*whole_, image_, genotype) <= max_macs_;
}

Genotype BoundedSpace::sample(RandomStream& random) const {
    for (int i = 0; i < tries; ++i) {
        Genotype genotype = whole_->sample(random);
        if (is_legal(genotype)) return genotype;
    }
    Genotype genotype = smallest();
    for (int i = 0; i < walk_length; ++i) genotype = mutate(genotype, 0, random);
    return genotype;
}

Genotype BoundedSpace::fair(std::uint64_t number, std::uint64_t seed) const {
    Genotype genotype = whole_->fair(number, seed);
    if (is_legal(genotype)) return genotype;
    RandomStream random({.seed = seed,
                         .purpose = Purpose::path,
                         .island = replacements,
                         .iteration = static_cast<std::uint32_t>(number >> 32),
                         .item = static_cast<std::uint32_t>(number)});
    return sample(random);
}

Genotype BoundedSpace::mutate(const Genotype& genotype, double rate, RandomStream& random) const {
    ATNAS_EXPECT(is_legal(genotype));
    for (const double chance : {rate, 0.0}) {
        for (int i = 0; i < tries; ++i) {
            Genotype mutant = whole_->mutate(genotype, chance, random);
            if (is_legal(mutant)) return mutant;
        }
    }
    return genotype;
}

Genotype BoundedSpace::from_text(const std::string& text) const {
    Genotype genotype = whole_->from_text(text);
    const double macs = macs_of_features(*whole_, image_, genotype);
    if (macs > max_macs_) {
        throw Error(ExitCode::bad_deck, {"encode " + text,
                                         "it has " + count_text(macs) + " multiply-adds before the head and " +
                                             setting("max_macs", max_macs_) + " are allowed",
                                         "use a smaller network or raise space.max_macs"});
    }
    return genotype;
}

}  // namespace atnas::space
