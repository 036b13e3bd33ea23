// SPDX-License-Identifier: Apache-2.0
// A checkpoint with other contents than any program of ours would write, and digests that fit: read, or refused. What
// was read is looked at the way a restart looks at it.

#include "atnas/io/checkpoint.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "atnas/app/deck/deck_reader.hpp"
#include "fuzz/expect_blocks.hpp"
#include "fuzz/expect_error.hpp"
#include "fuzz/scratch_folder.hpp"
#include "fuzz/stored_file.hpp"

namespace {

using namespace atnas;

const comm::Communicator alone;

fuzz::StoredFile sample() {
    io::CheckpointState state;
    state.deck_text = "[run]\nseed = 1\n";
    state.deck = {{"run.seed", "1"}, {"meta.learner", "fomaml"}};
    state.provenance = {{"version", "0"}};
    state.data = {"set.h5", "0123456789abcdef", {"a", "b"}, {"c"}, {"d"}, io::ImageFigures{{1, 28, 28}, 0.5}};
    state.counters = {{"iteration", 2}, {"generation", 1}, {"tasks", 16}, {"skipped", 0}};
    state.manifest = {{"stem", 0, {2, 1, 1, 1}}, {"head", 2, {3}}};
    state.weights = {1, 2, 3, 4, 5};
    state.optimizer = {{"first_moment", state.weights}, {"second_moment", state.weights}};
    state.block_steps = {2, 1};
    const evo::Individual member{.genotype = {{0, 1, 2}}, .fitness = 0.5, .id = 1, .parameters = 10, .macs = 20};
    state.path_counts = {3, 1, 0, 2, 2, 2};
    state.populations = {{member, member}, {member, member}};
    state.archive = {.judged = {{member.genotype, 0.5}}, .correlations = {0.25}};
    state.history = {{0, 1, 0, 0.5, 0.25, member.genotype}, {0, 1, 1, 0.5, 0.25, member.genotype}};
    state.fronts = {{0, 0.5, 0.5, 10, 20, 30, 0.001, member.genotype}};
    state.migrations = {{0, 0, 1, evo::Admission::accepted, 0.5, member.genotype}};
    state.iteration_loss = {2, 1};
    state.genealogy = {{0, member}, {1, member}};
    const fuzz::ScratchFolder folder;
    const auto path = io::write_checkpoint(folder.path(), state, 1, alone);
    static_cast<void>(io::read_checkpoint(path, alone));  // an error ends the process: mutants of it would tell nothing
    return fuzz::StoredFile(path);
}

/// Everything that goes by the sizes it promises.
void look_at(const io::CheckpointState& state) {
    fuzz::expect_blocks(state.manifest, state.weights.size());
    for (const auto& [name, moments] : state.optimizer)
        if (moments.size() != state.weights.size()) std::abort();
    for (const auto& population : state.populations)
        if (population.size() != state.populations.front().size()) std::abort();
    for (const auto& record : state.genealogy)
        if (record.island < 0 || record.island >= std::ssize(state.populations)) std::abort();
    app::DeckSources sources;
    sources.text = state.deck_text;
    sources.text_of = app::TextOf::checkpoint;
    std::vector<Problem> problems;
    const app::Deck deck = app::collect_deck(sources, problems);
    static_cast<void>(app::restart_problems(deck, state.deck));
    static_cast<void>(app::changed_keys(deck, state.deck));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fuzz::StoredFile whole = sample();
    FuzzedDataProvider bytes(data, size);
    const auto& scratch = fuzz::write_edited(whole, bytes);
    fuzz::expect_error_or_success([&] { look_at(io::read_checkpoint(scratch, alone)); });
    return 0;
}
