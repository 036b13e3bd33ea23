// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// A network of a file, made ready to say what it takes images for.

#include <memory>
#include <span>
#include <vector>

#include "atnas/backend/backend.hpp"
#include "atnas/io/network_file.hpp"
#include "atnas/nn/classifier.hpp"
#include "atnas/nn/feature_extractor.hpp"
#include "atnas/nn/graph.hpp"
#include "atnas/nn/head.hpp"
#include "atnas/nn/norm_moments.hpp"
#include "atnas/nn/weight_slice.hpp"
#include "atnas/space/network_options.hpp"
#include "atnas/supernet/supernet.hpp"

namespace atnas::engine {

/// Its norms use the moments of the file, so that no image changes what another one is taken for. Neither copied nor
/// moved: its parts refer to each other.
class Predictor {
  public:
    /// Of \p batch images at a time. Keeps a reference to the backend. Throws Error(bad_data) that names what does not
    /// fit the network that the options describe: an encode that is not legal, a block that is missing or of another
    /// shape, moments of another number. \pre options.way classes; batch > 0
    Predictor(backend::Backend& backend, const space::NetworkOptions& options, const io::NetworkRecord& stored,
              int batch);
    Predictor(const Predictor&) = delete;
    Predictor& operator=(const Predictor&) = delete;

    int classes() const noexcept { return network_.options().way; }
    /// [n, classes] from images [n, channels, height, width] in [0, 1], any n.
    std::vector<float> probabilities(std::span<const float> images);

  private:
    void load(const io::NetworkRecord& stored);

    backend::Backend& backend_;
    supernet::Supernet network_;
    nn::Graph graph_;
    nn::HeadParameters head_;
    nn::WeightSlice weights_;
    nn::NormMoments moments_;
    nn::FeatureExtractor batch_;
    nn::Classifier classifier_;
};

/// Several networks whose mean probabilities count (deep ensembles: Lakshminarayanan et al. 2017).
class Ensemble {
  public:
    /// Of all members of a file. As Predictor.
    Ensemble(backend::Backend& backend, const space::NetworkOptions& options, const io::NetworkFile& file, int batch);

    /// As Predictor::probabilities().
    std::vector<float> probabilities(std::span<const float> images);
    std::size_t classes() const noexcept { return classes_; }

  private:
    std::size_t classes_;
    std::vector<std::unique_ptr<Predictor>> members_;
};

}  // namespace atnas::engine
