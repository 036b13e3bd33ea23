// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>
#include <span>
#include <string>

#include "atnas/core/contract.hpp"
#include "atnas/evo/individual_fields.hpp"
#include "atnas/io/file_type.hpp"

#include "checkpoint_layout.hpp"

namespace atnas::io {

namespace {

using Shape = std::vector<std::uint64_t>;

template <class T>
void write_list(File& file, const std::string& name, const std::vector<T>& values) {
    file.write<T>(name, values, Shape{values.size()});
}

/// One member of every record, as an array.
template <class Records, class Member>
auto column(const Records& records, Member member) {
    std::vector<std::decay_t<decltype(std::invoke(member, records.front()))>> values;
    values.reserve(records.size());
    for (const auto& record : records) values.push_back(std::invoke(member, record));
    return values;
}

/// One field of every individual, elements of arrays side by side.
template <class Field>
auto elements(const evo::Population& individuals, const evo::FieldValues<Field>& field) {
    std::vector<typename evo::FieldValues<Field>::Element> values;
    values.reserve(individuals.size() * field.count);
    for (const evo::Individual& individual : individuals)
        for (const auto value : evo::elements_of(individual.*field.place)) values.push_back(value);
    return values;
}

std::vector<std::int8_t> joined_genes(const std::vector<const space::Genotype*>& genotypes, std::uint64_t genes) {
    std::vector<std::int8_t> all;
    all.reserve(genotypes.size() * genes);
    for (const space::Genotype* genotype : genotypes) {
        ATNAS_EXPECT(genotype->genes.size() == genes);
        all.insert(all.end(), genotype->genes.begin(), genotype->genes.end());
    }
    return all;
}

/// [records, genes]; all records have as many genes.
template <class Records, class Member>
void write_genotypes(File& file, const std::string& name, const Records& records, Member member) {
    std::vector<const space::Genotype*> genotypes;
    for (const auto& record : records) genotypes.push_back(&std::invoke(member, record));
    const std::uint64_t genes = genotypes.empty() ? 0 : genotypes.front()->genes.size();
    file.write<std::int8_t>(name, joined_genes(genotypes, genes), Shape{genotypes.size(), genes});
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

void write_manifest(File& file, const std::vector<BlockRecord>& manifest) {
    std::size_t axes = 1;
    for (const BlockRecord& block : manifest) axes = std::max(axes, block.shape.size());
    std::vector<std::string> names;
    std::vector<std::int64_t> offsets;
    std::vector<std::int64_t> shapes;
    for (const BlockRecord& block : manifest) {
        names.push_back(block.name);
        offsets.push_back(static_cast<std::int64_t>(block.offset));
        for (std::uint64_t length : block.shape) shapes.push_back(static_cast<std::int64_t>(length));
        shapes.resize(names.size() * axes, 0);
    }
    file.write_strings("/weights/manifest/names", names);
    write_list(file, "/weights/manifest/offsets", offsets);
    file.write<std::int64_t>("/weights/manifest/shapes", shapes, Shape{manifest.size(), axes});
}

void write_islands(File& file, const CheckpointState& state, PopulationShape shape) {
    evo::Population mine;
    for (const auto& population : state.populations) mine.insert(mine.end(), population.begin(), population.end());
    const auto first = static_cast<std::uint64_t>(state.first_island);
    const std::uint64_t rows = state.populations.size();
    const Shape table{static_cast<std::uint64_t>(state.islands), shape.individuals};
    const auto slab = [&]<class T>(const std::string& name, const std::vector<T>& values, const Shape& extent) {
        file.write_slab<T>("/islands/" + name, values, extent, first, rows);
    };
    std::vector<const space::Genotype*> genotypes;
    for (const evo::Individual& individual : mine) genotypes.push_back(&individual.genotype);
    slab("genotypes", joined_genes(genotypes, shape.genes), {table[0], table[1], shape.genes});
    evo::for_each_field([&](const evo::IndividualField& field, const auto& values) {
        Shape extent = table;
        if (values.is_array) extent.push_back(values.count);
        slab(std::string(field.name), elements(mine, values), extent);
    });
}

void write_data(File& file, const DataRecord& data) {
    file.group("/data");
    file.attribute("/data", "source", data.source);
    file.attribute("/data", "digest", data.digest);
    file.write_strings("/data/train", data.train);
    file.write_strings("/data/validation", data.validation);
    file.write_strings("/data/test", data.test);
}

void write_histories(File& file, const CheckpointState& state) {
    write_list(file, "/history/generation", column(state.history, &HistoryRecord::generation));
    write_list(file, "/history/iteration", column(state.history, &HistoryRecord::iteration));
    write_list(file, "/history/island", column(state.history, &HistoryRecord::island));
    write_list(file, "/history/best", column(state.history, &HistoryRecord::best));
    write_list(file, "/history/mean", column(state.history, &HistoryRecord::mean));
    write_genotypes(file, "/history/best_genotype", state.history, &HistoryRecord::best_genotype);
    write_list(file, "/history/iteration_loss", state.iteration_loss);
    write_list(file, "/migrations/generation", column(state.migrations, &evo::MigrationRecord::generation));
    write_list(file, "/migrations/from", column(state.migrations, &evo::MigrationRecord::from));
    write_list(file, "/migrations/to", column(state.migrations, &evo::MigrationRecord::to));
    write_list(file, "/migrations/admission",
               column(state.migrations, [](const auto& r) { return static_cast<std::int64_t>(r.admission); }));
    write_list(file, "/migrations/fitness", column(state.migrations, &evo::MigrationRecord::fitness));
    write_genotypes(file, "/migrations/genotypes", state.migrations, &evo::MigrationRecord::genotype);
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

/// The array /contents, in chunks: the last one is stored whole.
std::uint64_t contents_bound(const CheckpointState& state) noexcept {
    std::size_t longest = 64;
    for (const auto& [key, value] : state.deck) longest = std::max(longest, key.size());
    for (const auto& [name, values] : state.optimizer) longest = std::max(longest, name.size());
    const std::size_t lines = 64 + state.deck.size() + state.counters.size() + state.optimizer.size();
    return 2 * array_bound(lines * (longest + 128));
}

}  // namespace

PopulationShape population_shape(const CheckpointState& state, const comm::Communicator& communicator) {
    std::size_t individuals = 0;
    std::size_t genes = 0;
    for (const auto& population : state.populations) {
        individuals = std::max(individuals, population.size());
        for (const evo::Individual& individual : population) genes = std::max(genes, individual.genotype.genes.size());
    }
    const PopulationShape shape{static_cast<std::uint64_t>(communicator.max(static_cast<double>(individuals))),
                                static_cast<std::uint64_t>(communicator.max(static_cast<double>(genes)))};
    ATNAS_EXPECT(std::all_of(state.populations.begin(), state.populations.end(),
                             [&](const auto& population) { return population.size() == shape.individuals; }));
    return shape;
}

std::uint64_t size_bound(const CheckpointState& state, PopulationShape shape) {
    constexpr std::uint64_t word = 8;
    std::uint64_t bound = 1 << 18;
    bound += array_bound(state.deck_text.size());
    // Attributes beyond the first few move into a heap, which grows in powers of two.
    for (const auto& [key, value] : state.deck) bound += 4 * (key.size() + value.size() + 256);
    for (const auto& [key, value] : state.provenance) bound += 4 * (key.size() + value.size() + 256);
    bound += state.counters.size() * 4 * 256;
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
    const std::uint64_t people = static_cast<std::uint64_t>(state.islands) * shape.individuals;
    bound += array_bound(people * shape.genes);
    evo::for_each_field([&](const auto&, const auto& values) { bound += array_bound(people * word * values.count); });
    bound += 7 * array_bound(state.history.size() * std::max(word, shape.genes));
    bound += 7 * array_bound(state.migrations.size() * std::max(word, shape.genes));
    return bound + array_bound(state.iteration_loss.size() * word);
}

void write_state(File& file, const CheckpointState& state, PopulationShape shape,
                 const comm::Communicator& communicator) {
    ATNAS_EXPECT(state.block_steps.empty() || state.block_steps.size() == state.manifest.size());
    write_provenance(file, state.provenance);
    file.attribute("/", reproducible_attribute, std::int64_t{state.reproducible == Reproducible::yes});
    file.write_strings("/deck/text", std::span(&state.deck_text, 1));
    for (const auto& [key, value] : state.deck) file.attribute("/deck", key, value);
    file.group("/counters");
    for (const auto& [name, value] : state.counters) file.attribute("/counters", name, value);
    write_data(file, state.data);
    write_flat(file, "/weights/values", state.weights, communicator);
    write_manifest(file, state.manifest);
    write_list(file, "/optimizer/block_steps", state.block_steps);
    for (const auto& [name, values] : state.optimizer) {
        ATNAS_EXPECT(values.size() == state.weights.size() && name != "block_steps");
        write_flat(file, "/optimizer/" + name, values, communicator);
    }
    write_islands(file, state, shape);
    write_histories(file, state);
}

}  // namespace atnas::io
