// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// HDF5 with RAII and every return code checked. Throws Error(bad_data) naming file and object.

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "atnas/comm/communicator.hpp"
#include "atnas/core/error.hpp"
#include "atnas/io/contents.hpp"

#include <hdf5.h>

namespace atnas::io {

/// A file that may be whole, but that this process cannot use now: permissions, memory.
struct Unavailable : Error {
    using Error::Error;
};

/// Owns one HDF5 identifier; closes it with the function it was made with. Move-only.
class Handle {
  public:
    using Close = herr_t (*)(hid_t);
    Handle() noexcept = default;
    /// Throws Error(bad_data, what) when \p id is negative.
    Handle(hid_t id, Close closer, const std::string& what);
    ~Handle();
    Handle(Handle&& other) noexcept;
    Handle& operator=(Handle&& other) noexcept;
    hid_t get() const noexcept { return id_; }
    /// Closes now; negative when HDF5 could not, e.g. because data did not reach the disk.
    herr_t close() noexcept;

  private:
    hid_t id_{-1};
    Close close_{nullptr};
};

enum class Access { serial, collective };  ///< collective: MPI-IO over the communicator, all calls collective

/// deflated: compressed (gzip level 4, where HDF5 has it). For images.
enum class Storage { plain, deflated };

/// Extent of a stored array.
struct ArrayInfo {
    std::vector<std::uint64_t> shape;
    bool exists{false};
};

/// One open file. Paths are absolute inside the file; groups on the way are made when writing. Element types T:
/// int8_t, uint8_t, int32_t, int64_t, float, double. Arrays that are not empty are chunked and carry Fletcher-32
/// checksums, so that a flipped bit is an error on reading; not so in a file whose contents are noted (note_in), whose
/// arrays are contiguous. Equal content gives equal bytes, on any number of ranks.
///
/// Memory for what is read is bounded by the size of the file: an array that declares more than is stored for it is an
/// error.
///
/// With collective access every call is collective, and what fails on one rank when creating, opening or reading is
/// thrown on all. The communicator must outlive the file.
///
/// A write that fails halfway removes the file and ends the job with a message and exit code 4, on one rank as on many:
/// HDF5 cannot close a file it cannot write, and MPI-IO leaves the other ranks waiting. So create() first makes sure of
/// the space when it is told how much there will be.
class File {
  public:
    /// Arrays of so many bytes or more begin at a multiple of it: of the stripes of parallel file systems.
    static constexpr std::uint64_t alignment = 1 << 20;

    /// Throws if the folder is missing or not writable, or has no room for \p expected_bytes (0: not known), which are
    /// then reserved where the file system can.
    static File create(const std::filesystem::path& path, const comm::Communicator& communicator, Access access,
                       std::uint64_t expected_bytes = 0);
    static File open(const std::filesystem::path& path, const comm::Communicator& communicator, Access access);

    const std::filesystem::path& path() const noexcept { return path_; }

    /// From now on every array and attribute that is written or read is noted there; nullptr ends it. Gives back where
    /// they were noted before. Arrays can only be read whole then, and one with a single axis is written in slabs that
    /// start at multiples of Digest::piece_bytes. The list must outlive the file or the noting.
    Contents* note_in(Contents* contents) noexcept { return std::exchange(contents_, contents); }

    /// Bytes of the file by its own account; smaller on disk means truncated.
    std::uint64_t size() const;
    ArrayInfo info(const std::string& name) const;
    /// Names in a group, sorted.
    std::vector<std::string> children(const std::string& group) const;
    /// Makes an empty group, and those above it, where they are missing.
    void group(const std::string& name);

    void attribute(const std::string& object, const std::string& name, const std::string& value);
    void attribute(const std::string& object, const std::string& name, std::int64_t value);
    void attribute(const std::string& object, const std::string& name, double value);
    bool has_attribute(const std::string& object, const std::string& name) const;
    /// In the order they were written.
    std::vector<std::string> attribute_names(const std::string& object) const;
    std::string text_attribute(const std::string& object, const std::string& name) const;
    std::int64_t integer_attribute(const std::string& object, const std::string& name) const;
    double real_attribute(const std::string& object, const std::string& name) const;

    /// A whole array. With collective access every rank passes the same values and rank 0 writes them.
    template <class T>
    void write(const std::string& name, std::span<const T> values, std::span<const std::uint64_t> shape,
               Storage storage = Storage::plain);
    template <class T>
    std::vector<T> read(const std::string& name) const;
    /// Fixed-length UTF-8, padded with zeros to the longest.
    void write_strings(const std::string& name, std::span<const std::string> values);
    std::vector<std::string> read_strings(const std::string& name) const;

    /// Rows [first, first + rows) of an array of \p shape; together the ranks write all of it. Collective.
    template <class T>
    void write_slab(const std::string& name, std::span<const T> values, std::span<const std::uint64_t> shape,
                    std::uint64_t first, std::uint64_t rows);

    /// Flushes to the disk on every rank, closes and gives back space that was reserved and not used.
    void close();

  private:
    File(std::filesystem::path path, Handle file, Access access, const comm::Communicator& communicator);

    /// Runs \p work; with collective access the ranks agree on the outcome.
    template <class Work>
    void agree(const Work& work) const;
    /// Throws with HDF5's reason.
    [[noreturn]] void fail(const std::string& action, const std::string& object) const;
    /// Runs \p work, which writes; if it throws, removes the file and ends the job.
    template <class Work>
    void commit(const Work& work) const;
    std::string describe(const std::string& action, const std::string& object) const;
    bool exists(const std::string& object) const;
    /// Adds to the contents an array of which this rank read all, or writes the rows [first, first + rows).
    void note_read(const std::string& name, hid_t type, const void* values, std::span<const std::uint64_t> shape) const;
    void note_write(const std::string& name, hid_t type, const void* values, std::span<const std::uint64_t> shape,
                    std::uint64_t first, std::uint64_t rows) const;
    void note_attribute(const std::string& object, const std::string& name, hid_t type, const void* value) const;
    void make_groups(const std::string& object);
    Handle open_object(const std::string& object) const;
    Handle open_attribute(const std::string& object, const std::string& name) const;
    Handle make_array(const std::string& name, hid_t type, std::span<const std::uint64_t> shape, Storage storage);
    Handle open_array(const std::string& name, hid_t type) const;
    /// Bytes of an array, or of some of its rows, of \p shape and elements of \p element bytes. Throws Error(bad_data)
    /// when the array claims more than the file can hold: nobody takes memory for what is not there.
    std::size_t expect_stored(hid_t array, const std::string& name, std::span<const std::uint64_t> shape,
                              std::size_t element) const;
    Handle transfer() const;
    void write_attribute(const std::string& object, const std::string& name, hid_t type, const void* value);
    void write_rows(const std::string& name, hid_t type, const void* values, std::span<const std::uint64_t> shape,
                    std::uint64_t first, std::uint64_t rows, Storage storage);

    std::filesystem::path path_;
    Handle file_;
    Access access_;
    const comm::Communicator* communicator_;
    Contents* contents_{nullptr};
};

}  // namespace atnas::io
