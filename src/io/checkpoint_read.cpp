// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "atnas/core/error.hpp"
#include "atnas/io/file_type.hpp"

#include "block_table.hpp"
#include "checkpoint_layout.hpp"
#include "image_attributes.hpp"
#include "individual_table.hpp"

namespace atnas::io {

namespace {

void require(bool holds, const File& file, const std::string& object, const std::string& reason) {
    if (!holds) refuse(file, object, reason);
}

/// An array of one axis and \p length elements.
template <class T>
std::vector<T> read_list(const File& file, const std::string& name, std::size_t length) {
    std::vector<T> values = file.read<T>(name);
    require(values.size() == length && file.info(name).shape.size() == 1, file, name,
            "it has " + std::to_string(values.size()) + " elements instead of " + std::to_string(length));
    return values;
}

std::vector<std::uint64_t> shape_of(const File& file, const std::string& name, std::size_t axes) {
    std::vector<std::uint64_t> shape = file.info(name).shape;
    require(shape.size() == axes, file, name,
            "it has " + std::to_string(shape.size()) + " axes instead of " + std::to_string(axes) + " or is missing");
    return shape;
}

/// Sets one member of every record from an array of as many elements.
template <class T, class Records, class Member>
void read_column(const File& file, const std::string& name, Records& records, Member member) {
    const std::vector<T> values = read_list<T>(file, name, records.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        auto& place = std::invoke(member, records[i]);
        place = static_cast<std::remove_reference_t<decltype(place)>>(values[i]);
    }
}

template <class Records, class Member>
void set_genotypes(std::span<const std::int8_t> genes, std::size_t length, Records& records, Member member) {
    for (auto& record : records) {
        const auto mine = genes.first(length);
        std::invoke(member, record).genes.assign(mine.begin(), mine.end());
        genes = genes.subspan(length);
    }
}

template <class Records, class Member>
void read_genotypes(const File& file, const std::string& name, Records& records, Member member) {
    const std::vector<std::uint64_t> shape = shape_of(file, name, 2);
    require(shape[0] == records.size(), file, name,
            "it has " + std::to_string(shape[0]) + " rows instead of " + std::to_string(records.size()));
    set_genotypes(file.read<std::int8_t>(name), shape[1], records, member);
}

void read_weights(const File& file, CheckpointState& state) {
    state.weights = file.read<float>("/weights/values");
    state.manifest = read_blocks(file, "/weights/manifest", state.weights.size());
    for (const std::string& name : file.children("/optimizer")) {
        if (name == "block_steps") continue;
        state.optimizer[name] = read_list<float>(file, "/optimizer/" + name, state.weights.size());
    }
    state.block_steps = file.read<std::int64_t>("/optimizer/block_steps");
    require(state.block_steps.empty() || state.block_steps.size() == state.manifest.size(), file,
            "/optimizer/block_steps", "it does not fit /weights/manifest");
}

void read_islands(const File& file, CheckpointState& state) {
    const std::vector<std::uint64_t> shape = shape_of(file, "/islands/genotypes", 3);
    require(shape[0] <= static_cast<std::uint64_t>(std::numeric_limits<int>::max()), file, "/islands/genotypes",
            "it has too many rows");
    require(shape[0] == 0 || shape[1] > 0, file, "/islands/genotypes", "its islands have no individuals");
    const evo::Population all = read_individuals(file, "/islands", 3);
    for (std::uint64_t island = 0; island < shape[0]; ++island) {
        const auto begin = all.begin() + static_cast<std::ptrdiff_t>(island * shape[1]);
        state.populations.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(shape[1]));
    }
}

void read_path_counts(const File& file, CheckpointState& state) {
    const char* const name = "/training/counts";
    const std::vector<std::uint64_t> shape = shape_of(file, name, 2);
    state.path_counts = file.read<std::int64_t>(name);
    const std::uint64_t genes = file.info("/islands/genotypes").shape[2];
    require(state.path_counts.empty() || shape[0] == genes, file, name,
            "it has " + std::to_string(shape[0]) + " rows for " + std::to_string(genes) + " genes");
}

void read_archive(const File& file, evo::FitnessRecord& archive) {
    archive.judged.resize(file.read<double>("/archive/fitness").size());
    read_column<double>(file, "/archive/fitness", archive.judged, &evo::Judged::fitness);
    read_genotypes(file, "/archive/genotypes", archive.judged, &evo::Judged::genotype);
    archive.correlations = file.read<double>("/archive/correlations");
}

void read_data(const File& file, CheckpointState& state) {
    state.data.source = file.text_attribute("/data", "source");
    state.data.digest = file.text_attribute("/data", "digest");
    state.data.train = file.read_strings("/data/train");
    state.data.validation = file.read_strings("/data/validation");
    state.data.test = file.read_strings("/data/test");
    if (file.has_attribute("/data", "brightness"))
        state.data.images = {read_image_shape(file, "/data"), file.real_attribute("/data", "brightness")};
}

bool has_child(const File& file, const std::string& group, std::string_view name) {
    return std::ranges::count(file.children(group), name) > 0;
}

/// Searches by fitness alone have none, nor has one before its first generation.
void read_fronts(const File& file, CheckpointState& state) {
    if (!has_child(file, "/history", "front")) return;
    const std::string front = std::string(front_group) + "/";
    state.fronts.resize(file.read<std::int64_t>(front + "generation").size());
    read_column<std::int64_t>(file, front + "generation", state.fronts, &FrontRecord::generation);
    read_column<double>(file, front + "hypervolume", state.fronts, &FrontRecord::hypervolume);
    read_column<double>(file, front + "fitness", state.fronts, &FrontRecord::fitness);
    read_column<std::int64_t>(file, front + "parameters", state.fronts, &FrontRecord::parameters);
    read_column<std::int64_t>(file, front + "macs", state.fronts, &FrontRecord::macs);
    read_column<std::int64_t>(file, front + "memory", state.fronts, &FrontRecord::memory);
    read_column<double>(file, front + "latency", state.fronts, &FrontRecord::latency);
    read_genotypes(file, front + "genotypes", state.fronts, &FrontRecord::genotype);
}

void read_histories(const File& file, CheckpointState& state) {
    state.history.resize(file.read<std::int64_t>("/history/generation").size());
    read_column<std::int64_t>(file, "/history/generation", state.history, &HistoryRecord::generation);
    read_column<std::int64_t>(file, "/history/iteration", state.history, &HistoryRecord::iteration);
    read_column<std::int64_t>(file, "/history/island", state.history, &HistoryRecord::island);
    read_column<double>(file, "/history/best", state.history, &HistoryRecord::best);
    read_column<double>(file, "/history/mean", state.history, &HistoryRecord::mean);
    if (has_child(file, "/history", "spread")) {  // older programs kept neither
        read_column<double>(file, "/history/spread", state.history, &HistoryRecord::spread);
        read_column<std::int64_t>(file, "/history/encodes", state.history, &HistoryRecord::encodes);
    }
    read_genotypes(file, "/history/best_genotype", state.history, &HistoryRecord::best_genotype);
    state.iteration_loss = file.read<double>("/history/iteration_loss");
    state.migrations.resize(file.read<std::int64_t>("/migrations/generation").size());
    read_column<std::int64_t>(file, "/migrations/generation", state.migrations, &evo::MigrationRecord::generation);
    read_column<std::int64_t>(file, "/migrations/from", state.migrations, &evo::MigrationRecord::from);
    read_column<std::int64_t>(file, "/migrations/to", state.migrations, &evo::MigrationRecord::to);
    read_column<std::int64_t>(file, "/migrations/admission", state.migrations, &evo::MigrationRecord::admission);
    read_column<double>(file, "/migrations/fitness", state.migrations, &evo::MigrationRecord::fitness);
    read_genotypes(file, "/migrations/genotypes", state.migrations, &evo::MigrationRecord::genotype);
}

/// Older programs kept nobody, nor does a search before its first generation.
void read_genealogy(const File& file, CheckpointState& state) {
    const std::string group(genealogy_group);
    if (!has_child(file, "/", std::string_view(group).substr(1))) return;
    for (evo::Individual& individual : read_individuals(file, group, 2))
        state.genealogy.push_back({0, std::move(individual)});
    read_column<std::int64_t>(file, group + "/island", state.genealogy, &evo::GenealogyRecord::island);
}

}  // namespace

CheckpointState read_state(File& file) {
    CheckpointState state;
    const std::vector<std::string> text = file.read_strings("/deck/text");
    require(text.size() == 1, file, "/deck/text", "it is not a single text");
    state.deck_text = text.front();
    for (const std::string& key : file.attribute_names("/deck")) {
        state.deck.emplace_back(key, file.text_attribute("/deck", key));
    }
    state.provenance = read_provenance(file);
    state.reproducibility = read_reproducibility(file);
    for (const std::string& name : file.attribute_names("/counters")) {
        state.counters[name] = file.integer_attribute("/counters", name);
    }
    read_data(file, state);
    read_weights(file, state);
    read_islands(file, state);
    read_archive(file, state.archive);
    read_path_counts(file, state);
    read_histories(file, state);
    read_fronts(file, state);
    read_genealogy(file, state);
    return state;
}

}  // namespace atnas::io
