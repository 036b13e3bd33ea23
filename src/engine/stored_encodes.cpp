// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/stored_encodes.hpp"

#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "atnas/core/error.hpp"

namespace atnas::engine {

void expect_legal_encodes(const io::CheckpointState& state, const space::SearchSpace& space) {
    const auto expect_legal = [&](const char* array, const space::Genotype& genotype) {
        if (space.is_legal(genotype)) return;
        const std::vector<int> genes(genotype.genes.begin(), genotype.genes.end());
        throw Error(ExitCode::bad_data,
                    {fmt::format("{}: {} is damaged", state.path.string(), array),
                     fmt::format("the genes {} are no encode of the space {}", fmt::join(genes, " "), space.name()),
                     "use another copy of it, or the deck that it was made with"});
    };
    for (const auto& population : state.populations)
        for (const evo::Individual& member : population) expect_legal("/islands/genotypes", member.genotype);
    for (const evo::Judged& judged : state.archive.judged) expect_legal("/archive/genotypes", judged.genotype);
    for (const io::HistoryRecord& record : state.history) expect_legal("/history/best_genotype", record.best_genotype);
    for (const io::FrontRecord& record : state.fronts) expect_legal("/history/front/genotypes", record.genotype);
    for (const evo::GenealogyRecord& record : state.genealogy)
        expect_legal("/individuals/genotypes", record.individual.genotype);
    for (const evo::MigrationRecord& entry : state.migrations) expect_legal("/migrations/genotypes", entry.genotype);
}

}  // namespace atnas::engine
