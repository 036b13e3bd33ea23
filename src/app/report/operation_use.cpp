// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/operation_use.hpp"

#include <cstddef>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace atnas::app {
namespace {

/// Takes one operation more into account.
void add(OperationUse& use, const std::string& name, std::int64_t tasks) {
    if (use.operations == 0 || tasks < use.least.tasks) {
        use.least = {name, tasks};
        use.as_rare = 0;
    }
    if (use.operations == 0 || tasks > use.most.tasks) use.most = {name, tasks};
    use.as_rare += tasks == use.least.tasks ? 1 : 0;
    ++use.operations;
}

}  // namespace

std::optional<OperationUse> operation_use(std::span<const space::Gene> genes, std::span<const std::int64_t> counts) {
    if (genes.empty() || counts.size() % genes.size() != 0) return std::nullopt;
    const std::size_t columns = counts.size() / genes.size();
    OperationUse use;
    for (std::size_t g = 0; g < genes.size(); ++g) {
        const space::Gene& gene = genes[g];
        if (gene.values.size() > columns) return std::nullopt;
        if (gene.kind != space::GeneKind::operation || gene.values.size() < 2) continue;
        for (std::size_t v = 0; v < gene.values.size(); ++v)
            add(use, gene.name + ": " + gene.values[v], counts[g * columns + v]);
    }
    if (use.operations == 0) return std::nullopt;
    return use;
}

std::string text_of(const OperationUse& use) {
    return fmt::format("operations trained least: {} of {} in {} tasks ({}), most: in {} ({})", use.as_rare,
                       use.operations, use.least.tasks, use.least.name, use.most.tasks, use.most.name);
}

nlohmann::json json_of(const OperationUse& use) {
    return {{"count", use.operations},
            {"least", {{"operation", use.least.name}, {"tasks", use.least.tasks}, {"alike", use.as_rare}}},
            {"most", {{"operation", use.most.name}, {"tasks", use.most.tasks}}}};
}

}  // namespace atnas::app
