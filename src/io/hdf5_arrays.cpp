// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>
#include <numeric>

#include "atnas/core/contract.hpp"
#include "atnas/core/error.hpp"
#include "atnas/io/hdf5.hpp"

#include "hdf5_detail.hpp"

namespace atnas::io {

namespace {

/// Elements per chunk, the unit that a checksum covers.
constexpr std::uint64_t chunk_elements = 65536;

template <class T>
hid_t type_of() noexcept;
template <>
hid_t type_of<std::int8_t>() noexcept {
    return H5T_NATIVE_INT8;
}
template <>
hid_t type_of<std::uint8_t>() noexcept {
    return H5T_NATIVE_UINT8;
}
template <>
hid_t type_of<std::int32_t>() noexcept {
    return H5T_NATIVE_INT32;
}
template <>
hid_t type_of<std::int64_t>() noexcept {
    return H5T_NATIVE_INT64;
}
template <>
hid_t type_of<float>() noexcept {
    return H5T_NATIVE_FLOAT;
}
template <>
hid_t type_of<double>() noexcept {
    return H5T_NATIVE_DOUBLE;
}

std::uint64_t product(std::span<const std::uint64_t> shape) noexcept {
    return std::accumulate(shape.begin(), shape.end(), std::uint64_t{1}, std::multiplies<>());
}

std::vector<hsize_t> extent(std::span<const std::uint64_t> shape) {
    return {shape.begin(), shape.end()};
}

/// Chunks are whole rows.
std::vector<hsize_t> chunk_of(std::span<const std::uint64_t> shape) {
    std::vector<hsize_t> chunk = extent(shape);
    const std::uint64_t row = product(shape.subspan(1));
    const std::uint64_t rows = std::max<std::uint64_t>(chunk_elements / row, 1);
    chunk[0] = std::min<hsize_t>(chunk[0], rows);
    return chunk;
}

std::vector<std::uint64_t> shape_of(hid_t array, const std::string& problem) {
    const Handle space(H5Dget_space(array), H5Sclose, problem);
    std::vector<hsize_t> shape(static_cast<std::size_t>(std::max(H5Sget_simple_extent_ndims(space.get()), 0)));
    H5Sget_simple_extent_dims(space.get(), shape.data(), nullptr);
    return {shape.begin(), shape.end()};
}

/// Restricts \p space to rows of axis 0; nothing when there are none.
void select_rows(hid_t space, std::span<const std::uint64_t> shape, std::uint64_t first, std::uint64_t rows,
                 const std::string& problem) {
    herr_t status = 0;
    if (rows == 0) {
        status = H5Sselect_none(space);
    } else {
        std::vector<hsize_t> start(shape.size(), 0);
        std::vector<hsize_t> count = extent(shape);
        start[0] = first;
        count[0] = rows;
        status = H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr);
    }
    if (status < 0) throw Error(ExitCode::bad_data, Problem{problem, hdf5_reason(), ""});
}

}  // namespace

ArrayInfo File::info(const std::string& name) const {
    if (!exists(name)) return {};
    const Handle object = open_object(name);
    if (H5Iget_type(object.get()) != H5I_DATASET) return {};
    return {shape_of(object.get(), describe("read", name)), true};
}

Handle File::transfer() const {
    Handle how(H5Pcreate(H5P_DATASET_XFER), H5Pclose, "cannot prepare a transfer to HDF5");
    if (access_ == Access::collective && communicator_->size() > 1 &&
        H5Pset_dxpl_mpio(how.get(), H5FD_MPIO_COLLECTIVE) < 0) {
        fail("prepare collective transfers", "");
    }
    return how;
}

Handle File::make_array(const std::string& name, hid_t type, std::span<const std::uint64_t> shape, Storage storage) {
    make_groups(name);
    const std::string problem = describe("create", name);
    const std::vector<hsize_t> dims = extent(shape);
    const Handle space(H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr), H5Sclose, problem);
    const Handle how(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, problem);
    herr_t status = H5Pset_obj_track_times(how.get(), false);
    // As parallel HDF5 wants it, so that one rank writes the same bytes as many. Compressed chunks would have to move.
    const H5D_alloc_time_t when = storage == Storage::plain ? H5D_ALLOC_TIME_EARLY : H5D_ALLOC_TIME_INCR;
    status = std::min(status, H5Pset_alloc_time(how.get(), when));
    if (contents_ != nullptr && storage == Storage::plain) {
        status = std::min(status, H5Pset_layout(how.get(), H5D_CONTIGUOUS));
        // All of it is about to be written.
        status = std::min(status, H5Pset_fill_time(how.get(), H5D_FILL_TIME_NEVER));
    } else if (product(shape) > 0) {
        const std::vector<hsize_t> chunk = chunk_of(shape);
        status = std::min(status, H5Pset_chunk(how.get(), static_cast<int>(chunk.size()), chunk.data()));
        if (storage == Storage::deflated && H5Zfilter_avail(H5Z_FILTER_DEFLATE) > 0) {
            status = std::min(status, H5Pset_deflate(how.get(), 4));
        }
        status = std::min(status, H5Pset_fletcher32(how.get()));
        // Chunks reach beyond the array where it does not divide: filled, so that equal content gives equal bytes.
        status = std::min(status, H5Pset_fill_time(how.get(), H5D_FILL_TIME_ALLOC));
    }
    if (status < 0) fail("create", name);
    return {H5Dcreate2(file_.get(), name.c_str(), type, space.get(), H5P_DEFAULT, how.get(), H5P_DEFAULT), H5Dclose,
            problem};
}

Handle File::open_array(const std::string& name, hid_t type) const {
    const std::string problem = describe("read", name);
    if (!info(name).exists) {
        throw Error(ExitCode::bad_data,
                    Problem{problem, "there is no such array in the file", "check that it is the right kind of file"});
    }
    Handle array(H5Dopen2(file_.get(), name.c_str(), H5P_DEFAULT), H5Dclose, problem);
    const Handle stored(H5Dget_type(array.get()), H5Tclose, problem);
    const bool text = H5Tget_class(type) == H5T_STRING;
    const bool fits = text ? H5Tget_class(stored.get()) == H5T_STRING && H5Tis_variable_str(stored.get()) == 0
                           : H5Tequal(stored.get(), type) > 0;
    if (!fits) throw Error(ExitCode::bad_data, Problem{problem, "its elements are of another type than expected", ""});
    return array;
}

void File::write_rows(const std::string& name, hid_t type, const void* values, std::span<const std::uint64_t> shape,
                      std::uint64_t first, std::uint64_t rows, Storage storage) {
    ATNAS_EXPECT(!shape.empty() && first + rows <= shape[0]);
    note_write(name, type, values, shape, first, rows);
    commit([&] {
        Handle array = make_array(name, type, shape, storage);
        // HDF5 refuses transfers to an empty array: it has no place in the file.
        if (product(shape) > 0) {
            const std::string problem = describe("write", name);
            const Handle file_space(H5Dget_space(array.get()), H5Sclose, problem);
            select_rows(file_space.get(), shape, first, rows, problem);
            std::vector<hsize_t> part = extent(shape);
            part[0] = rows;
            const Handle memory_space(H5Screate_simple(static_cast<int>(part.size()), part.data(), nullptr), H5Sclose,
                                      problem);
            if (rows == 0) H5Sselect_none(memory_space.get());
            const Handle how = transfer();
            if (H5Dwrite(array.get(), type, memory_space.get(), file_space.get(), how.get(), values) < 0) {
                fail("write", name);
            }
        }
        if (array.close() < 0) fail("write", name);
    });
}

template <class T>
void File::write(const std::string& name, std::span<const T> values, std::span<const std::uint64_t> shape,
                 Storage storage) {
    ATNAS_EXPECT(values.size() == product(shape));
    const bool writes = access_ == Access::serial || communicator_->is_root();
    write_rows(name, type_of<T>(), values.data(), shape, 0, writes ? shape[0] : 0, storage);
}

template <class T>
void File::write_slab(const std::string& name, std::span<const T> values, std::span<const std::uint64_t> shape,
                      std::uint64_t first, std::uint64_t rows) {
    ATNAS_EXPECT(values.size() == rows * product(shape.subspan(1)));
    write_rows(name, type_of<T>(), values.data(), shape, first, rows, Storage::plain);
}

template <class T>
std::vector<T> File::read(const std::string& name) const {
    std::vector<T> values;
    agree([&] {
        const Handle array = open_array(name, type_of<T>());
        const std::vector<std::uint64_t> shape = shape_of(array.get(), describe("read", name));
        if (shape.empty())
            throw Error(ExitCode::bad_data, Problem{describe("read", name), "it is a single value, no array", ""});
        const std::size_t bytes = expect_stored(array.get(), name, shape, sizeof(T));
        if (bytes == 0) return note_read(name, type_of<T>(), nullptr, shape);
        values.resize(product(shape));
        const Handle how = transfer();
        if (H5Dread(array.get(), type_of<T>(), H5S_ALL, H5S_ALL, how.get(), values.data()) < 0) fail("read", name);
        note_read(name, type_of<T>(), values.data(), shape);
    });
    return values;
}

void File::write_strings(const std::string& name, std::span<const std::string> values) {
    const std::string block = padded(values);
    const Handle type = text_type(values.empty() ? 1 : block.size() / values.size());
    const std::uint64_t count = values.size();
    const bool writes = access_ == Access::serial || communicator_->is_root();
    write_rows(name, type.get(), block.data(), std::span(&count, 1), 0, writes ? count : 0, Storage::plain);
}

std::vector<std::string> File::read_strings(const std::string& name) const {
    std::vector<std::string> values;
    agree([&] {
        const Handle array = open_array(name, text_type(1).get());
        const std::string problem = describe("read", name);
        const Handle stored(H5Dget_type(array.get()), H5Tclose, problem);
        const std::size_t length = H5Tget_size(stored.get());
        const Handle type = text_type(length);
        H5Tset_cset(type.get(), H5Tget_cset(stored.get()));
        const std::vector<std::uint64_t> shape = shape_of(array.get(), problem);
        std::string block(expect_stored(array.get(), name, shape, length), '\0');
        if (!block.empty() && H5Dread(array.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, block.data()) < 0) {
            fail("read", name);
        }
        note_read(name, type.get(), block.data(), shape);
        for (std::size_t i = 0; i < block.size(); i += length) {
            const std::string value = block.substr(i, length);
            values.push_back(value.substr(0, value.find('\0')));
        }
    });
    return values;
}

#define ATNAS_INSTANTIATE(T)                                                                                    \
    template void File::write(const std::string&, std::span<const T>, std::span<const std::uint64_t>, Storage); \
    template void File::write_slab(const std::string&, std::span<const T>, std::span<const std::uint64_t>,      \
                                   std::uint64_t, std::uint64_t);                                               \
    template std::vector<T> File::read(const std::string&) const;

ATNAS_INSTANTIATE(std::int8_t)
ATNAS_INSTANTIATE(std::uint8_t)
ATNAS_INSTANTIATE(std::int32_t)
ATNAS_INSTANTIATE(std::int64_t)
ATNAS_INSTANTIATE(float)
ATNAS_INSTANTIATE(double)
#undef ATNAS_INSTANTIATE

}  // namespace atnas::io
