// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What encodes are legal, how to draw, vary and read them, and which networks they stand for.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "atnas/core/random.hpp"
#include "atnas/space/gene.hpp"
#include "atnas/space/genotype.hpp"
#include "atnas/space/network_builder.hpp"
#include "atnas/space/network_options.hpp"

namespace atnas::space {

/// Genes that only make sense together and are exchanged together by crossover.
struct Locus {
    int first;
    int count;
};

/// Stateless after construction; safe to share.
class SearchSpace {
  public:
    virtual ~SearchSpace() = default;

    virtual std::string name() const = 0;
    /// Length of every genotype; 0 for a space of one network.
    virtual int gene_count() const = 0;
    /// Linkage groups in gene order, covering all genes: uniform crossover of whole loci yields encodes of networks,
    /// which are legal unless they cost too much (bounded_space.hpp).
    virtual std::span<const Locus> loci() const = 0;
    /// What the genes decide, in their order.
    virtual std::vector<Gene> genes() const = 0;
    virtual bool is_legal(const Genotype& genotype) const = 0;
    /// Uniform over the space, but for a rare case (bounded_space.hpp).
    virtual Genotype sample(RandomStream& random) const = 0;
    /// Encode \p number of an endless list in which all values of a locus come up equally often (fair_choice.hpp). In
    /// every round of as many encodes as there are operations, connections stay and each operation comes up once at
    /// every edge that they choose; connections change from round to round, all as often. That holds for the whole
    /// space; a bounded one (bounded_space.hpp) comes near it. A function of \p number and \p seed.
    virtual Genotype fair(std::uint64_t number, std::uint64_t seed) const = 0;
    /// Each locus is redrawn (to another value) with probability \p rate; at least one is, unless the space has one
    /// member or hardly any that is cheap enough (bounded_space.hpp). \pre is_legal(genotype), 0 <= rate <= 1
    virtual Genotype mutate(const Genotype& genotype, double rate, RandomStream& random) const = 0;

    /// The encode that stands for all of the same network: genes without effect have fixed values. Two encodes with the
    /// same canonical form are drawn alike, so that one need not be judged when the other was. \pre is_legal(genotype)
    virtual Genotype canonical(const Genotype& genotype) const = 0;

    /// An encode with the fewest multiply-accumulates and the fewest parameters of all.
    virtual Genotype smallest() const = 0;

    /// A few encodes that between them use every operation at every kind of place, each of these as often as it can be:
    /// what these need, in memory and in kinds of operations, is enough for any.
    virtual std::vector<Genotype> extremes() const = 0;

    /// The network of a genotype, from the image to its features. \pre is_legal(genotype); builder has the image of the
    /// options
    virtual void build(const Genotype& genotype, NetworkBuilder& builder) const = 0;
    /// All that any genotype uses. Its weights are those that are shared, in the order of the supernet.
    virtual void build_supernet(NetworkBuilder& builder) const = 0;

    /// Human-readable and machine-readable form, e.g.
    /// "normal=dil_conv_3x3:0+sep_conv_3x3:1|avg_pool_3x3:0+...;reduce=..." for cells and "conv4" for conv4.
    virtual std::string to_text(const Genotype& genotype) const = 0;
    /// Inverse of to_text. Also knows the names of published encodes ("og_v2", ...).
    /// Throws Error(bad_deck) that says what is wrong and shows a legal example.
    virtual Genotype from_text(const std::string& text) const = 0;
};

/// Throws Error(bad_deck) for options that describe no network (reductions outside the cells, image too small, ...).
std::unique_ptr<SearchSpace> make_search_space(const NetworkOptions& options);

}  // namespace atnas::space
