// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/meta_gradient.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "atnas/core/contract.hpp"

namespace atnas::meta {
namespace {

/// What follows the use counts.
enum Total : std::size_t { tasks, loss, unfit_losses, totals };

/// Losses may be large before anything is learned: finer than single precision at 1, and a range of 1e9.
constexpr int loss_fraction_bits = 32;
constexpr double loss_range = 0x1p30;

}  // namespace

MetaGradient::MetaGradient(backend::Backend& backend, backend::Context& context, const nn::ParamStore& weights,
                           int most_tasks)
    : backend_(backend),
      context_(context),
      weights_(weights.size()),
      loss_limit_(loss_range / most_tasks),
      sum_(weights.make_sum(TaskPlan::most_addends * static_cast<std::size_t>(most_tasks),
                            weights.manifest().blocks().size() + totals)),
      counts_(weights.manifest().blocks().size() + totals) {
    ATNAS_EXPECT(most_tasks > 0);
}

void MetaGradient::clear() {
    backend_.clear(context_, *sum_);
    std::ranges::fill(counts_, 0);
}

void MetaGradient::count_task(std::span<const nn::BlockId> blocks, const nn::PassResult& result) {
    for (const nn::BlockId block : blocks) ++counts_[static_cast<std::size_t>(block)];
    std::int64_t* const total = counts_.data() + counts_.size() - totals;
    ++total[tasks];
    if (const auto fitting = backend::fixed_point(result.loss, loss_limit_, loss_fraction_bits))
        total[loss] += *fitting;
    else
        ++total[unfit_losses];
}

void MetaGradient::seal() {
    backend_.write_words(context_, *sum_, weights_, counts_);
}

MetaGradient::Summary MetaGradient::summary() {
    Summary summary;
    summary.uses.resize(counts_.size() + 1);  // and the flag
    backend_.read_words(context_, *sum_, weights_, summary.uses);
    const std::int64_t flag = summary.uses.back();
    const std::int64_t* const total = summary.uses.data() + counts_.size() - totals;
    summary.tasks = total[tasks];
    summary.loss = std::ldexp(static_cast<double>(total[loss]), -loss_fraction_bits) /
                   static_cast<double>(std::max<std::int64_t>(1, total[tasks]));
    if (total[unfit_losses] != 0) summary.loss = std::numeric_limits<double>::quiet_NaN();
    summary.finite = flag == 0 && total[unfit_losses] == 0;
    summary.uses.resize(counts_.size() - totals);
    return summary;
}

}  // namespace atnas::meta
