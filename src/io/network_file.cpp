// SPDX-License-Identifier: Apache-2.0
#include "atnas/io/network_file.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <new>
#include <span>
#include <stdexcept>

#include "atnas/comm/communicator.hpp"
#include "atnas/core/contract.hpp"
#include "atnas/core/error.hpp"
#include "atnas/io/file_type.hpp"
#include "atnas/io/staged_file.hpp"

#include "block_table.hpp"
#include "image_attributes.hpp"
#include "share.hpp"

namespace atnas::io {
namespace {

using Shape = std::vector<std::uint64_t>;

std::string group_of(std::size_t member) {
    return "/members/" + std::to_string(member);
}

std::uint64_t size_bound(const NetworkFile& network) {
    std::size_t bytes = std::size_t{1} << 20;
    bytes += network.deck_text.size();
    for (const auto& [key, value] : network.deck) bytes += 8 * (key.size() + value.size() + 256);
    std::size_t longest = 1;
    for (const std::string& name : network.classes) longest = std::max(longest, name.size());
    bytes += longest * network.classes.size();
    for (const NetworkRecord& member : network.members) {
        bytes += (std::size_t{1} << 22) + 8 * member.encode.size() + member.genotype.genes.size();
        bytes += sizeof(float) * (member.weights.size() + member.moments.size());
        bytes += 512 * member.manifest.size();
    }
    return bytes;
}

void write_member(File& file, const std::string& group, const NetworkRecord& member) {
    const auto& genes = member.genotype.genes;
    const std::vector<std::int8_t> values(genes.begin(), genes.end());
    file.write<std::int8_t>(group + "/genotype", values, Shape{values.size()});
    file.attribute(group, "encode", member.encode);
    file.write<float>(group + "/weights/values", member.weights, Shape{member.weights.size()});
    write_blocks(file, group + "/weights/manifest", member.manifest);
    file.write<float>(group + "/moments", member.moments, Shape{member.moments.size()});
}

void expect_finite(const File& file, const std::string& object, std::span<const float> values) {
    if (!std::ranges::all_of(values, [](float value) { return std::isfinite(value); }))
        refuse(file, object, "it has values that are not finite");
}

NetworkRecord read_member(const File& file, const std::string& group) {
    NetworkRecord member;
    const auto genes = file.read<std::int8_t>(group + "/genotype");
    member.genotype.genes.assign(genes.begin(), genes.end());
    member.encode = file.text_attribute(group, "encode");
    member.weights = file.read<float>(group + "/weights/values");
    member.manifest = read_blocks(file, group + "/weights/manifest", member.weights.size());
    member.moments = file.read<float>(group + "/moments");
    expect_finite(file, group + "/weights/values", member.weights);
    expect_finite(file, group + "/moments", member.moments);
    return member;
}

void write_all(File& file, const NetworkFile& network) {
    file.attribute("/", "made_by", network.made_by);
    write_reproducibility(file, network.reproducibility);
    write_provenance(file, network.provenance);
    file.write_strings("/deck/text", std::span(&network.deck_text, 1));
    for (const auto& [key, value] : network.deck) file.attribute("/deck", key, value);
    file.group("/image");
    write_image_shape(file, "/image", network.image);
    file.write_strings("/classes/names", network.classes);
    file.group("/origin");
    for (const auto& [name, value] : network.origin) file.attribute("/origin", name, value);
    file.group("/figures");
    for (const auto& [name, value] : network.figures) file.attribute("/figures", name, value);
    for (std::size_t m = 0; m < network.members.size(); ++m) write_member(file, group_of(m), network.members[m]);
}

NetworkFile read_all(File& file) {
    NetworkFile network;
    network.made_by = file.text_attribute("/", "made_by");
    network.reproducibility = read_reproducibility(file);
    network.provenance = read_provenance(file);
    const std::vector<std::string> text = file.read_strings("/deck/text");
    if (text.size() != 1) refuse(file, "/deck/text", "it is not a single text");
    network.deck_text = text.front();
    for (const std::string& key : file.attribute_names("/deck"))
        network.deck.emplace_back(key, file.text_attribute("/deck", key));
    network.image = read_image_shape(file, "/image");
    network.classes = file.read_strings("/classes/names");
    if (network.classes.empty()) refuse(file, "/classes/names", "it names no class");
    for (const std::string& name : file.attribute_names("/origin"))
        network.origin[name] = file.text_attribute("/origin", name);
    for (const std::string& name : file.attribute_names("/figures"))
        network.figures[name] = file.real_attribute("/figures", name);
    const std::size_t members = file.children("/members").size();
    if (members == 0) refuse(file, "/members", "there is no network");
    for (std::size_t m = 0; m < members; ++m) network.members.push_back(read_member(file, group_of(m)));
    return network;
}

void share_network(NetworkFile& network, const comm::Communicator& communicator) {
    share(network.made_by, communicator);
    share(network.reproducibility, communicator);
    share(network.deck_text, communicator);
    share_pairs(network.deck, communicator);
    share_pairs(network.provenance, communicator);
    share(network.image, communicator);
    share(network.classes, communicator);
    share_pairs(network.origin, communicator);
    share_pairs(network.figures, communicator);
    std::uint64_t members = network.members.size();
    share(members, communicator);
    network.members.resize(members);
    for (NetworkRecord& member : network.members) {
        share(member.genotype.genes, communicator);
        share(member.encode, communicator);
        share(member.manifest, communicator);
        share(member.weights, communicator);
        share(member.moments, communicator);
    }
    network.path = communicator.broadcast(network.path.string(), 0);
    share(network.digest, communicator);
}

}  // namespace

void write_network(const std::filesystem::path& path, const NetworkFile& network) {
    ATNAS_EXPECT(!network.members.empty() && !network.classes.empty());
    const comm::Communicator alone;
    StagedFile staged(path);
    File file = File::create(staged.path(), alone, Access::serial, size_bound(network));
    Contents contents;
    file.note_in(&contents);
    write_type(file, network_type);
    write_all(file, network);
    write_contents(file, contents);
    write_completion(file);
    file.close();
    staged.publish();
}

NetworkFile read_network(const std::filesystem::path& path) {
    const comm::Communicator alone;
    try {
        File file = File::open(path, alone, Access::serial);
        Contents contents;
        file.note_in(&contents);
        expect_type(file, network_type);
        NetworkFile network = read_all(file);
        network.digest = expect_contents(file, contents);
        network.path = path;
        return network;
    } catch (const std::bad_alloc&) {
        throw Unavailable(ExitCode::bad_data,
                          Problem{"cannot read " + path.string(), "it does not fit into memory", ""});
    } catch (const std::length_error&) {
        throw Error(ExitCode::bad_data, Problem{"cannot read " + path.string(), "it names impossible sizes", ""});
    }
}

NetworkFile read_network(const std::filesystem::path& path, const comm::Communicator& communicator) {
    NetworkFile network;
    comm::on_root(communicator, [&] { network = read_network(path); });
    if (communicator.size() > 1) share_network(network, communicator);
    return network;
}

}  // namespace atnas::io
