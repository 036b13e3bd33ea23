#include "atnas/io/file_type.hpp"

#include "atnas/core/error.hpp"

namespace atnas::io {

namespace {

constexpr const char* type_key = "atnas.filetype";
constexpr const char* version_key = "atnas.version";
constexpr const char* completion_key = "complete";

}  // namespace

void write_type(File& file, FileType type) {
    file.attribute("/", type_key, std::string(type.name));
    file.attribute("/", version_key, type.version);
}

void write_completion(File& file) {
    file.attribute("/", completion_key, std::int64_t{1});
}

void write_provenance(File& file, const Provenance& provenance) {
    file.group("/provenance");
    for (const auto& [name, value] : provenance) file.attribute("/provenance", name, value);
}

Provenance read_provenance(const File& file) {
    Provenance provenance;
    for (const std::string& name : file.attribute_names("/provenance")) {
        provenance.emplace_back(name, file.text_attribute("/provenance", name));
    }
    return provenance;
}

std::string type_name(const File& file) {
    return file.has_attribute("/", type_key) ? file.text_attribute("/", type_key) : "";
}

void expect_type(const File& file, FileType type) {
    const std::string path = file.path().string();
    const std::string found = type_name(file);
    if (found != type.name) {
        throw Error(ExitCode::bad_data, Problem{path + " is not an " + type.name + " file",
                                                found.empty() ? "its attribute atnas.filetype is missing"
                                                              : "its attribute atnas.filetype is " + found,
                                                "check the name"});
    }
    const std::int64_t version = file.integer_attribute("/", version_key);
    if (version != type.version) {
        throw Error(ExitCode::bad_data, Problem{path + " has version " + std::to_string(version) + " of " + type.name,
                                                "this program knows version " + std::to_string(type.version),
                                                "use the program that wrote it, or a newer one"});
    }
    if (!file.has_attribute("/", completion_key)) {
        throw Error(ExitCode::bad_data,
                    Problem{path + " is not whole", "its attribute complete, which is written last, is missing", ""});
    }
}

}  // namespace atnas::io
