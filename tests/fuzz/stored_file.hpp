// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What an HDF5 file of ours holds, in memory, to be edited and written again with digests that fit. Mutating the bytes
/// of such a file would put HDF5 to the test, and digests would stop the rest; this way the edits reach our readers.

#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include <fuzzer/FuzzedDataProvider.h>

#include "atnas/io/file_type.hpp"

namespace atnas::fuzz {

class StoredFile {
  public:
    /// Reads all of it. The file has to be whole.
    explicit StoredFile(const std::filesystem::path& path);

    /// Changes objects one after the other as \p bytes say, until there are none left: values, shapes, types, names
    /// and what is there at all.
    void edit(FuzzedDataProvider& bytes);

    /// Writes it, with the list of contents if it was read from a file with one.
    void write(const std::filesystem::path& path) const;

  private:
    using Values =
        std::variant<std::vector<std::int8_t>, std::vector<std::uint8_t>, std::vector<std::int32_t>,
                     std::vector<std::int64_t>, std::vector<float>, std::vector<double>, std::vector<std::string>>;
    struct Array {
        std::string name;
        std::vector<std::uint64_t> shape;
        Values values;
    };
    struct Attribute {
        std::string object;
        std::string name;
        std::variant<std::string, std::int64_t, double> value;
    };

    void read_group(const io::File& file, const std::string& group);
    void read_attributes(const io::File& file, const std::string& object);
    void edit_array(FuzzedDataProvider& bytes);
    void edit_attribute(FuzzedDataProvider& bytes);

    bool has_contents_{false};
    std::vector<std::string> groups_;
    std::vector<Array> arrays_;
    std::vector<Attribute> attributes_;
};

/// A copy of \p whole, edited as \p bytes say; where it lies until the next call.
const std::filesystem::path& write_edited(const StoredFile& whole, FuzzedDataProvider& bytes);

}  // namespace atnas::fuzz
