// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/predictor.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "atnas/core/contract.hpp"
#include "atnas/core/error.hpp"
#include "atnas/engine/mean_probabilities.hpp"
#include "atnas/engine/softmax.hpp"
#include "atnas/engine/stored_weights.hpp"

namespace atnas::engine {
namespace {

[[noreturn]] void refuse(const io::NetworkRecord& stored, const std::string& reason) {
    throw Error(ExitCode::bad_data, {"the network " + stored.encode + " does not fit its file", reason,
                                     "use the version of the program that wrote it"});
}

/// A network of this record. \p stored may come from anywhere.
supernet::Supernet network_of(backend::Backend& backend, const space::NetworkOptions& options,
                              const io::NetworkRecord& stored) {
    const auto space = space::make_search_space(options);
    if (!space->is_legal(stored.genotype)) refuse(stored, "its genes are not those of the space that the file names");
    constexpr std::uint64_t seed = 1;  // of weights that are overwritten
    return supernet::Supernet::of_one(backend, options, stored.genotype, seed);
}

/// The values of a block of these extents.
std::span<const float> block_of(const io::NetworkRecord& stored, const std::string& name, const backend::Shape& shape) {
    const auto block = std::ranges::find(stored.manifest, name, &io::BlockRecord::name);
    if (block == stored.manifest.end()) refuse(stored, "block " + name + " is missing");
    if (block->shape != extents_of(shape))
        refuse(stored, fmt::format("block {} is [{}] instead of [{}]", name, fmt::join(block->shape, ", "),
                                   fmt::join(extents_of(shape), ", ")));
    return std::span(stored.weights).subspan(block->offset, shape.count());
}

}  // namespace

Predictor::Predictor(backend::Backend& backend, const space::NetworkOptions& options, const io::NetworkRecord& stored,
                     int batch)
    : backend_(backend),
      network_(network_of(backend, options, stored)),
      graph_(network_.graph(stored.genotype)),
      head_(network_.head_parameters(options.way, graph_.features())),
      weights_(backend, network_.arena(0).reset(), network_.weights(), {graph_.blocks(), head_}),
      moments_(network_.arena(0), graph_),
      batch_(backend, network_.arena(0), {graph_, network_.head(), weights_, moments_},
             {batch, backend::NormStatistics::given}),
      classifier_(backend, network_.arena(0), {network_.head(), weights_, options.way}, batch_, {0, batch}) {
    load(stored);
}

void Predictor::load(const io::NetworkRecord& stored) {
    backend::Context& context = network_.context();
    std::vector<float> shared(network_.weights().size());
    for (const nn::Block& block : network_.manifest().blocks())
        std::ranges::copy(block_of(stored, block.name, block.shape),
                          shared.begin() + static_cast<std::ptrdiff_t>(block.offset));
    nn::upload(backend_, context, shared, network_.weights().values());
    weights_.load(context);
    for (std::size_t k = 0; k < head_.own.size(); ++k)
        backend_.write(context, weights_.head(head_.shared.size() + k).values,
                       block_of(stored, "head/own" + std::to_string(k), head_.own[k]));
    const std::size_t wanted = moments_.values(backend_, context).size();
    if (stored.moments.size() != wanted)
        refuse(stored, fmt::format("it has {} moments instead of {}", stored.moments.size(), wanted));
    moments_.set_values(backend_, context, stored.moments);
}

std::vector<float> Predictor::probabilities(std::span<const float> images) {
    const std::size_t size = space::shape_of(network_.options().image).count();
    ATNAS_EXPECT(images.size() % size == 0);
    const auto batch = static_cast<std::size_t>(batch_.batch());
    const std::vector<int> no_labels(batch, 0);
    std::vector<float> probabilities;
    std::vector<float> padded;
    while (!images.empty()) {
        const std::size_t count = std::min(batch, images.size() / size);
        std::span<const float> next = images.first(count * size);
        images = images.subspan(next.size());
        if (count < batch) {
            padded.assign(next.begin(), next.end());
            padded.resize(batch * size, 0.0f);
            next = padded;
        }
        backend::Context& context = network_.context();
        classifier_.write(context, next, no_labels);
        batch_.forward(context);
        classifier_.classify(context);
        const std::vector<float> logits = classifier_.logits(context);
        const auto of_each = static_cast<std::size_t>(classes());
        const std::vector<float> some = softmax(std::span(logits).first(count * of_each), of_each);
        probabilities.insert(probabilities.end(), some.begin(), some.end());
    }
    return probabilities;
}

Ensemble::Ensemble(backend::Backend& backend, const space::NetworkOptions& options, const io::NetworkFile& file,
                   int batch)
    : classes_(static_cast<std::size_t>(options.way)) {
    ATNAS_EXPECT(!file.members.empty());
    for (const io::NetworkRecord& member : file.members)
        members_.push_back(std::make_unique<Predictor>(backend, options, member, batch));
}

std::vector<float> Ensemble::probabilities(std::span<const float> images) {
    MeanProbabilities mean;
    for (const auto& member : members_) mean.add(member->probabilities(images));
    return mean.values();
}

}  // namespace atnas::engine
