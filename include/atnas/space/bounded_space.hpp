// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The members of a space that are cheap enough.

#include <cstdint>
#include <memory>
#include <vector>

#include "atnas/space/cost_counter.hpp"
#include "atnas/space/network_options.hpp"
#include "atnas/space/search_space.hpp"

namespace atnas::space {

/// One cost that is bounded.
struct CostBound {
    const char* key;           ///< that bounds it
    const char* unit;          ///< of what it counts
    std::int64_t Cost::*cost;  ///< what it bounds
    double most;

    bool keeps(const Cost& of) const noexcept { return static_cast<double>(of.*cost) <= most; }
};

/// Those of the options, none where there are none.
std::vector<CostBound> cost_bounds(const NetworkOptions& options);

/// The encodes of another space with at most NetworkOptions::max_macs multiply-accumulates per image and at most
/// NetworkOptions::max_parameters weights, the head left out: whether an encode is legal must not change with the ways
/// of a task. Costs tens of microseconds a question.
class BoundedSpace final : public SearchSpace {
  public:
    /// \pre problems_of(options) is empty and options.has_bounds(); \p whole is the space of the options without bounds
    BoundedSpace(const NetworkOptions& options, std::unique_ptr<const SearchSpace> whole);

    std::string name() const override { return whole_->name(); }
    int gene_count() const override { return whole_->gene_count(); }
    std::span<const Locus> loci() const override { return whole_->loci(); }
    std::vector<Gene> genes() const override { return whole_->genes(); }
    bool is_legal(const Genotype& genotype) const override;
    /// Uniform, unless hardly any encode is cheap enough: then the end of a random walk from the smallest.
    Genotype sample(RandomStream& random) const override;
    /// That of the whole space where it is cheap enough; else one from sample() takes its place, so that costly
    /// operations come up less often than others.
    Genotype fair(std::uint64_t number, std::uint64_t seed) const override;
    /// Draws again until the mutant is cheap enough: a hundred times, a hundred more with one locus each, then gives up
    /// and returns \p genotype.
    Genotype mutate(const Genotype& genotype, double rate, RandomStream& random) const override;
    Genotype canonical(const Genotype& genotype) const override { return whole_->canonical(genotype); }
    Genotype smallest() const override { return whole_->smallest(); }
    /// Of the whole space: more than enough.
    std::vector<Genotype> extremes() const override { return whole_->extremes(); }
    void build(const Genotype& genotype, NetworkBuilder& builder) const override { whole_->build(genotype, builder); }
    void build_supernet(NetworkBuilder& builder) const override { whole_->build_supernet(builder); }
    std::string to_text(const Genotype& genotype) const override { return whole_->to_text(genotype); }
    /// Throws Error(bad_deck) also for an encode that costs too much.
    Genotype from_text(const std::string& text) const override;

  private:
    ImageShape image_;
    std::vector<CostBound> bounds_;
    std::unique_ptr<const SearchSpace> whole_;
};

/// The head left out. \pre space.is_legal(genotype)
Cost cost_of_features(const SearchSpace& space, const ImageShape& image, const Genotype& genotype);

}  // namespace atnas::space
