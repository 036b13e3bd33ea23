// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "atnas/comm/island_map.hpp"
#include "atnas/core/contract.hpp"
#include "atnas/evo/individual_fields.hpp"
#include "atnas/io/file_type.hpp"

#include "block_table.hpp"
#include "checkpoint_layout.hpp"
#include "image_attributes.hpp"
#include "individual_table.hpp"

namespace atnas::io {

namespace {

using Shape = std::vector<std::uint64_t>;

template <class T>
void write_list(File& file, const std::string& name, const std::vector<T>& values) {
    file.write<T>(name, values, Shape{values.size()});
}

/// Every rank writes a slice, of whole pieces of the digest.
void write_flat(File& file, const std::string& name, const std::vector<float>& values,
                const comm::Communicator& communicator) {
    constexpr std::uint64_t piece = Digest::piece_bytes / sizeof(float);
    const std::uint64_t pieces = (values.size() + piece - 1) / piece;
    const auto ranks = static_cast<std::uint64_t>(communicator.size());
    const auto rank = static_cast<std::uint64_t>(communicator.rank());
    const std::uint64_t first = std::min<std::uint64_t>(pieces * rank / ranks * piece, values.size());
    const std::uint64_t last = std::min<std::uint64_t>(pieces * (rank + 1) / ranks * piece, values.size());
    file.write_slab<float>(name, std::span(values).subspan(first, last - first), Shape{values.size()}, first,
                           last - first);
}

void write_path_counts(File& file, const CheckpointState& state, const TableSizes& sizes) {
    const std::uint64_t genes = state.path_counts.empty() ? 0 : sizes.genes;
    ATNAS_EXPECT(genes == 0 ? state.path_counts.empty() : state.path_counts.size() % genes == 0);
    file.write<std::int64_t>("/training/counts", state.path_counts,
                             Shape{genes, genes == 0 ? 0 : state.path_counts.size() / genes});
}

void write_archive(File& file, const evo::FitnessRecord& archive, const TableSizes& sizes) {
    std::vector<const space::Genotype*> genotypes;
    std::vector<double> fitness;
    for (const evo::Judged& judged : archive.judged) {
        genotypes.push_back(&judged.genotype);
        fitness.push_back(judged.fitness);
    }
    const std::uint64_t genes = genotypes.empty() ? 0 : sizes.genes;
    file.write<std::int8_t>("/archive/genotypes", joined_genes(genotypes, genes), Shape{genotypes.size(), genes});
    write_list(file, "/archive/fitness", fitness);
    write_list(file, "/archive/correlations", archive.correlations);
}

/// Every rank writes a block of islands; where there are more ranks than islands some write none.
void write_islands(File& file, const CheckpointState& state, const TableSizes& sizes,
                   const comm::Communicator& communicator) {
    const std::uint64_t islands = state.populations.size();
    const comm::IslandBlock block =
        comm::islands_of(communicator.rank(), communicator.size(), static_cast<int>(islands));
    const auto first = static_cast<std::uint64_t>(block.first);
    const auto rows = static_cast<std::uint64_t>(block.count);
    evo::Population mine;
    for (const auto& population : std::span(state.populations).subspan(first, rows))
        mine.insert(mine.end(), population.begin(), population.end());
    write_individuals(file, "/islands", mine, {{islands, sizes.individuals}, sizes.genes, first, rows});
}

void write_data(File& file, const DataRecord& data) {
    file.group("/data");
    file.attribute("/data", "source", data.source);
    file.attribute("/data", "digest", data.digest);
    if (data.images) {
        write_image_shape(file, "/data", data.images->shape);
        file.attribute("/data", "brightness", data.images->brightness);
    }
    file.write_strings("/data/train", data.train);
    file.write_strings("/data/validation", data.validation);
    file.write_strings("/data/test", data.test);
}

/// Tables of records that rank 0 alone holds and writes.
class RootTables {
  public:
    RootTables(File& file, const comm::Communicator& communicator) : file_(file), writes_(communicator.is_root()) {}

    /// One member of every record, as an array of \p rows.
    template <class Record, class Member>
    void column(const std::string& name, const std::vector<Record>& records, std::uint64_t rows, Member member) {
        std::vector<std::decay_t<std::invoke_result_t<Member, const Record&>>> values;
        for (const Record& record : held(records)) values.push_back(std::invoke(member, record));
        write<typename decltype(values)::value_type>(name, values, Shape{rows});
    }

    /// [rows, genes]
    template <class Record, class Member>
    void genotypes(const std::string& name, const std::vector<Record>& records, Shape shape, Member member) {
        if (shape[0] == 0) shape[1] = 0;
        std::vector<const space::Genotype*> places;
        for (const Record& record : held(records)) places.push_back(&std::invoke(member, record));
        write<std::int8_t>(name, joined_genes(places, shape[1]), shape);
    }

  private:
    template <class Record>
    std::span<const Record> held(const std::vector<Record>& records) const {
        return std::span(records).first(writes_ ? records.size() : 0);
    }
    template <class T>
    void write(const std::string& name, std::span<const T> values, const Shape& shape) {
        file_.write_slab<T>(name, values, shape, 0, writes_ ? shape[0] : 0);
    }

    File& file_;
    bool writes_;
};

void write_fronts(RootTables& tables, const std::vector<FrontRecord>& fronts, const TableSizes& sizes) {
    const auto column = [&](const char* name, auto member) {
        tables.column(std::string(front_group) + "/" + name, fronts, sizes.fronts, member);
    };
    column("generation", &FrontRecord::generation);
    column("hypervolume", &FrontRecord::hypervolume);
    column("fitness", &FrontRecord::fitness);
    column("parameters", &FrontRecord::parameters);
    column("macs", &FrontRecord::macs);
    column("memory", &FrontRecord::memory);
    column("latency", &FrontRecord::latency);
    tables.genotypes(std::string(front_group) + "/genotypes", fronts, {sizes.fronts, sizes.genes},
                     &FrontRecord::genotype);
}

void write_histories(File& file, const CheckpointState& state, const TableSizes& sizes,
                     const comm::Communicator& communicator) {
    RootTables tables(file, communicator);
    const auto history = [&](const char* name, auto member) {
        tables.column(std::string("/history/") + name, state.history, sizes.history, member);
    };
    history("generation", &HistoryRecord::generation);
    history("iteration", &HistoryRecord::iteration);
    history("island", &HistoryRecord::island);
    history("best", &HistoryRecord::best);
    history("mean", &HistoryRecord::mean);
    history("spread", &HistoryRecord::spread);
    history("encodes", &HistoryRecord::encodes);
    tables.genotypes("/history/best_genotype", state.history, {sizes.history, sizes.genes},
                     &HistoryRecord::best_genotype);
    if (sizes.fronts > 0) write_fronts(tables, state.fronts, sizes);
    tables.column("/history/iteration_loss", state.iteration_loss, sizes.iterations, std::identity());
    const auto migrations = [&](const char* name, auto member) {
        tables.column(std::string("/migrations/") + name, state.migrations, sizes.migrations, member);
    };
    migrations("generation", &evo::MigrationRecord::generation);
    migrations("from", &evo::MigrationRecord::from);
    migrations("to", &evo::MigrationRecord::to);
    migrations("admission", [](const auto& r) { return static_cast<std::int64_t>(r.admission); });
    migrations("fitness", &evo::MigrationRecord::fitness);
    tables.genotypes("/migrations/genotypes", state.migrations, {sizes.migrations, sizes.genes},
                     &evo::MigrationRecord::genotype);
}

/// Everybody who was ever judged, whom rank 0 alone knows.
void write_genealogy(File& file, const CheckpointState& state, const TableSizes& sizes,
                     const comm::Communicator& communicator) {
    if (sizes.genealogy == 0) return;
    const bool writes = communicator.is_root();
    std::vector<std::int64_t> islands;
    evo::Population individuals;
    for (const evo::GenealogyRecord& record : std::span(state.genealogy).first(writes ? state.genealogy.size() : 0)) {
        islands.push_back(record.island);
        individuals.push_back(record.individual);
    }
    const std::string group(genealogy_group);
    file.write_slab<std::int64_t>(group + "/island", islands, Shape{sizes.genealogy}, 0, islands.size());
    write_individuals(file, group, individuals, {{sizes.genealogy}, sizes.genes, 0, individuals.size()});
}

/// An array of \p bytes: it may begin at a multiple of alignment, its description takes a page at most.
std::uint64_t array_bound(std::uint64_t bytes) noexcept {
    return bytes + std::min(bytes, File::alignment) + 4096;
}

/// Names are stored as long as the longest.
std::uint64_t names_bound(const std::vector<std::string>& names) noexcept {
    std::size_t longest = 1;
    for (const std::string& name : names) longest = std::max(longest, name.size());
    return array_bound(names.size() * longest);
}

std::uint64_t individuals_bound(std::uint64_t count, std::uint64_t genes) noexcept {
    std::uint64_t bound = array_bound(count * genes);
    evo::for_each_field([&](const auto&, const auto& values) { bound += array_bound(count * 8 * values.count); });
    return bound;
}

/// The array /contents, in chunks: the last one is stored whole.
std::uint64_t contents_bound(const CheckpointState& state) noexcept {
    std::size_t longest = 64;
    for (const auto& [key, value] : state.deck) longest = std::max(longest, key.size());
    for (const auto& [name, values] : state.optimizer) longest = std::max(longest, name.size());
    const std::size_t lines = 96 + state.deck.size() + state.counters.size() + state.optimizer.size();
    return 2 * array_bound(lines * (longest + 128));
}

}  // namespace

TableSizes table_sizes(const CheckpointState& state, const comm::Communicator& communicator) {
    TableSizes sizes{0,
                     0,
                     state.history.size(),
                     state.fronts.size(),
                     state.migrations.size(),
                     state.iteration_loss.size(),
                     state.genealogy.size()};
    if (!state.populations.empty()) {
        sizes.individuals = state.populations.front().size();
        sizes.genes = state.populations.front().front().genotype.genes.size();
    } else if (!state.archive.judged.empty()) {
        sizes.genes = state.archive.judged.front().genotype.genes.size();
    }
    communicator.broadcast(std::as_writable_bytes(std::span(&sizes, 1)), 0);
    ATNAS_EXPECT(std::ranges::all_of(state.populations,
                                     [&](const auto& population) { return population.size() == sizes.individuals; }));
    return sizes;
}

std::uint64_t size_bound(const CheckpointState& state, const TableSizes& sizes) {
    constexpr std::uint64_t word = 8;
    std::uint64_t bound = 1 << 18;
    bound += array_bound(state.deck_text.size());
    // Attributes beyond the first few move into a heap, which grows in powers of two.
    for (const auto& [key, value] : state.deck) bound += 4 * (key.size() + value.size() + 256);
    for (const auto& [key, value] : state.provenance) bound += 4 * (key.size() + value.size() + 256);
    bound += state.counters.size() * 4 * 256;
    bound += 4 * (state.reproducibility.text().size() + 256);
    bound += 4 * (state.data.source.size() + state.data.digest.size() + 256);
    for (const auto* names : {&state.data.train, &state.data.validation, &state.data.test})
        bound += names_bound(*names);
    bound += contents_bound(state);
    bound += (1 + state.optimizer.size()) * array_bound(state.weights.size() * sizeof(float));
    std::size_t longest_name = 1;
    std::size_t axes = 1;
    for (const BlockRecord& block : state.manifest) {
        longest_name = std::max(longest_name, block.name.size());
        axes = std::max(axes, block.shape.size());
    }
    // Names, offsets, shapes and steps.
    bound += array_bound(state.manifest.size() * longest_name) + 2 * array_bound(state.manifest.size() * word) +
             array_bound(state.manifest.size() * word * axes);
    const std::uint64_t people = state.populations.size() * sizes.individuals;
    bound += array_bound(state.path_counts.size() * word);
    bound += individuals_bound(people, sizes.genes) + array_bound(sizes.genealogy * word);
    if (sizes.genealogy > 0) bound += individuals_bound(sizes.genealogy, sizes.genes);
    bound += array_bound(state.archive.judged.size() * sizes.genes) + array_bound(state.archive.judged.size() * word) +
             array_bound(state.archive.correlations.size() * word);
    bound += 9 * array_bound(sizes.history * std::max(word, sizes.genes));
    bound += 8 * array_bound(sizes.fronts * std::max(word, sizes.genes));
    bound += 7 * array_bound(sizes.migrations * std::max(word, sizes.genes));
    return bound + array_bound(sizes.iterations * word);
}

void write_state(File& file, const CheckpointState& state, const TableSizes& sizes,
                 const comm::Communicator& communicator) {
    ATNAS_EXPECT(state.block_steps.empty() || state.block_steps.size() == state.manifest.size());
    write_provenance(file, state.provenance);
    write_reproducibility(file, state.reproducibility);
    file.write_strings("/deck/text", std::span(&state.deck_text, 1));
    for (const auto& [key, value] : state.deck) file.attribute("/deck", key, value);
    file.group("/counters");
    for (const auto& [name, value] : state.counters) file.attribute("/counters", name, value);
    write_data(file, state.data);
    write_flat(file, "/weights/values", state.weights, communicator);
    write_blocks(file, "/weights/manifest", state.manifest);
    write_list(file, "/optimizer/block_steps", state.block_steps);
    for (const auto& [name, values] : state.optimizer) {
        ATNAS_EXPECT(values.size() == state.weights.size() && name != "block_steps");
        write_flat(file, "/optimizer/" + name, values, communicator);
    }
    write_path_counts(file, state, sizes);
    write_islands(file, state, sizes, communicator);
    write_archive(file, state.archive, sizes);
    write_histories(file, state, sizes, communicator);
    write_genealogy(file, state, sizes, communicator);
}

}  // namespace atnas::io
