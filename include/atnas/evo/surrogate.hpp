// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// A cheap guess of the fitness of an encode that was not evaluated yet, from those that were (Jin 2011,
/// "Surrogate-assisted evolutionary computation: recent advances and future challenges").

#include <memory>
#include <span>

#include "atnas/space/genotype.hpp"

namespace atnas::evo {

enum class SurrogateKind {
    none,
    ridge,  ///< RidgeRegression
    knn,    ///< NearestNeighbours
};

/// An encode and what its fitness was.
struct Judged {
    space::Genotype genotype;  ///< canonical
    double fitness;            ///< less the mean of its generation: weights and tasks change from one to the next

    friend bool operator==(const Judged&, const Judged&) = default;
};

/// Trained once it is there. The same on every rank that has the same data.
class Surrogate {
  public:
    virtual ~Surrogate() = default;

    /// In the units of Judged::fitness. \pre \p genotype is canonical and as long as those of the data
    virtual double predict(const space::Genotype& genotype) const = 0;
};

/// \pre kind is not none, \p data is not empty and its genotypes have one length
std::unique_ptr<Surrogate> make_surrogate(SurrogateKind kind, std::span<const Judged> data);

}  // namespace atnas::evo
