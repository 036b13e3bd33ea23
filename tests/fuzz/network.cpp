// SPDX-License-Identifier: Apache-2.0
// A file of networks with other contents than any program of ours would write, and digests that fit: read, or refused.
// What was read is as large as it says.

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "atnas/io/network_file.hpp"
#include "fuzz/expect_blocks.hpp"
#include "fuzz/expect_error.hpp"
#include "fuzz/scratch_folder.hpp"
#include "fuzz/stored_file.hpp"

namespace {

using namespace atnas;

fuzz::StoredFile sample() {
    io::NetworkFile network;
    network.made_by = "adapt";
    network.deck_text = "[run]\nseed = 1\n";
    network.deck = {{"run.seed", "1"}};
    network.provenance = {{"version", "0"}};
    network.reproducibility.lose("a clock chose the number of steps");
    network.image = {1, 28, 28};
    network.classes = {"a", "b"};
    network.origin = {{"checkpoint", "latest.h5"}};
    network.figures = {{"accuracy", 0.9}, {"seconds", 2}};
    const io::NetworkRecord member{.genotype = {{0, 1, 2}},
                                   .encode = "0-1-2",
                                   .manifest = {{"stem", 0, {2, 1, 1, 1}}, {"head/own0", 2, {3}}},
                                   .weights = {1, 2, 3, 4, 5},
                                   .moments = {0.5F, 1.5F}};
    network.members = {member, member};
    const fuzz::ScratchFolder folder;
    io::write_network(folder.path() / "network.h5", network);
    static_cast<void>(io::read_network(folder.path() / "network.h5"));  // an error ends the process: see checkpoint.cpp
    return fuzz::StoredFile(folder.path() / "network.h5");
}

void look_at(const io::NetworkFile& network) {
    if (network.members.empty() || network.classes.empty()) std::abort();
    for (const io::NetworkRecord& member : network.members) fuzz::expect_blocks(member.manifest, member.weights.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const fuzz::StoredFile whole = sample();
    FuzzedDataProvider bytes(data, size);
    const auto& scratch = fuzz::write_edited(whole, bytes);
    fuzz::expect_error_or_success([&] { look_at(io::read_network(scratch)); });
    return 0;
}
