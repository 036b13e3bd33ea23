#include "atnas/meta/meta_gradient.hpp"

#include <algorithm>

namespace atnas::meta {
namespace {

constexpr std::size_t totals = 2;  // tasks, loss

}  // namespace

MetaGradient::MetaGradient(backend::Backend& backend, backend::Context& context, const nn::ParamStore& weights)
    : backend_(backend),
      context_(context),
      weights_(weights.size()),
      buffer_(weights.make_like(weights.manifest().blocks().size() + totals)),
      counts_(weights.manifest().blocks().size() + totals) {}

void MetaGradient::clear() {
    backend_.fill(context_, *buffer_, {0, buffer_->size()}, 0.0);
    std::fill(counts_.begin(), counts_.end(), 0.0f);
}

void MetaGradient::count_task(std::span<const nn::BlockId> blocks, const nn::PassResult& result) {
    for (const nn::BlockId block : blocks) counts_[static_cast<std::size_t>(block)] += 1.0f;
    float* total = counts_.data() + counts_.size() - totals;
    total[0] += 1.0f;
    total[1] += static_cast<float>(result.loss);
}

backend::Tensor MetaGradient::tail() {
    return backend::view(*buffer_, weights_, {1, 1, 1, static_cast<int>(counts_.size())});
}

void MetaGradient::seal() {
    backend_.write(context_, tail(), std::span<const float>(counts_));
}

MetaGradient::Summary MetaGradient::summary() {
    Summary summary;
    summary.uses.resize(counts_.size());
    backend_.read(context_, tail(), std::span<float>(summary.uses));
    const float* total = summary.uses.data() + summary.uses.size() - totals;
    summary.tasks = total[0];
    summary.loss = total[1] / std::max(1.0f, total[0]);
    summary.uses.resize(summary.uses.size() - totals);
    return summary;
}

}  // namespace atnas::meta
