// SPDX-License-Identifier: Apache-2.0
#include "atnas/io/file_type.hpp"

#include <fmt/format.h>

#include "atnas/core/error.hpp"

namespace atnas::io {

namespace {

constexpr const char* type_key = "atnas.filetype";
constexpr const char* version_key = "atnas.version";
constexpr const char* completion_key = "complete";
constexpr const char* contents_name = "/contents";
constexpr const char* provenance_name = "/provenance";
constexpr const char* digest_key = "digest";

[[noreturn]] void refuse_damaged(const File& file, const std::string& reason) {
    throw Error(ExitCode::bad_data,
                Problem{file.path().string() + " is damaged", reason, "use another copy of it, or an older one"});
}

/// What a file of this type is for, where somebody took it for one of another.
std::string use_of(const std::string& type) {
    if (type == checkpoint_type.name) return "`atnas adapt`, `train` and `evaluate` take such a checkpoint of a search";
    if (type == network_type.name) return "`atnas predict` and `evaluate` take such a network, with --data=IMAGES";
    if (type == data_set_type.name) return "it is a set of images, for --data";
    return "check the name";
}

/// Which program to use for a file of another version.
std::string advice(const File& file, const char* age) {
    const std::string revision = file.has_attribute(provenance_name, "git_revision")
                                     ? " of revision " + file.text_attribute(provenance_name, "git_revision")
                                     : "";
    return fmt::format("{} program{} wrote it: use that one", age, revision);
}

}  // namespace

void write_type(File& file, FileType type) {
    file.attribute("/", type_key, std::string(type.name));
    file.attribute("/", version_key, type.version);
}

void write_completion(File& file) {
    file.attribute("/", completion_key, std::int64_t{1});
}

void write_contents(File& file, const Contents& contents) {
    const std::vector<std::string> lines = contents.lines();
    Contents itself;  // noted in its turn, it is contiguous like the other arrays; its digest is the one below
    file.note_in(&itself);
    file.write_strings(contents_name, lines);
    file.note_in(nullptr);
    file.attribute("/", digest_key, digest_of(lines).text());
}

std::string expect_contents(File& file, const Contents& found) {
    file.note_in(nullptr);
    const std::vector<std::string> stored = file.read_strings(contents_name);
    std::string digest = digest_of(stored).text();
    if (digest != file.text_attribute("/", digest_key)) {
        refuse_damaged(file, "its list of contents does not have the digest that it was written with");
    }
    if (const std::string objects = differences(stored, found.lines()); !objects.empty()) {
        refuse_damaged(file, "what it holds is not what was written: " + objects);
    }
    return digest;
}

void write_provenance(File& file, const Provenance& provenance) {
    Contents contents;
    Contents* const outer = file.note_in(&contents);
    file.group(provenance_name);
    for (const auto& [name, value] : provenance) file.attribute(provenance_name, name, value);
    file.note_in(nullptr);
    file.attribute(provenance_name, digest_key, digest_of(contents.lines()).text());
    file.note_in(outer);
}

Provenance read_provenance(File& file) {
    Provenance provenance;
    Contents contents;
    Contents* const outer = file.note_in(&contents);
    for (const std::string& name : file.attribute_names(provenance_name)) {
        if (name != digest_key) provenance.emplace_back(name, file.text_attribute(provenance_name, name));
    }
    file.note_in(nullptr);
    if (file.text_attribute(provenance_name, digest_key) != digest_of(contents.lines()).text()) {
        refuse_damaged(file, "its /provenance is not what was written");
    }
    file.note_in(outer);
    return provenance;
}

std::string type_name(const File& file) {
    return file.has_attribute("/", type_key) ? file.text_attribute("/", type_key) : "";
}

bool has_type(const std::filesystem::path& path, FileType type) {
    try {
        return type_name(File::open(path, comm::Communicator(), Access::serial)) == type.name;
    } catch (const Error&) {
        return false;  // whoever reads it says what is wrong
    }
}

void expect_type(const File& file, FileType type) {
    const std::string path = file.path().string();
    const std::string found = type_name(file);
    if (found != type.name) {
        throw Error(ExitCode::bad_data, Problem{path + " is not an " + type.name + " file",
                                                found.empty() ? "its attribute atnas.filetype is missing"
                                                              : "its attribute atnas.filetype is " + found,
                                                use_of(found)});
    }
    const std::int64_t version = file.integer_attribute("/", version_key);
    if (version != type.version) {
        throw UnknownVersion(ExitCode::bad_data,
                             Problem{path + " has version " + std::to_string(version) + " of " + type.name,
                                     "this program knows version " + std::to_string(type.version),
                                     advice(file, version > type.version ? "a newer" : "an older")});
    }
    if (!file.has_attribute("/", completion_key)) {
        throw Error(ExitCode::bad_data,
                    Problem{path + " is not whole", "its attribute complete, which is written last, is missing", ""});
    }
}

}  // namespace atnas::io
