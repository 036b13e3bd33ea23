// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>
#include <numeric>

#include "atnas/core/contract.hpp"
#include "atnas/io/hdf5.hpp"

namespace atnas::io {

namespace {

/// As numpy writes it: byte order, kind, bytes.
std::string numpy_name(hid_t type) {
    const std::size_t size = H5Tget_size(type);
    std::string kind = "S";
    if (H5Tget_class(type) == H5T_FLOAT) kind = "f";
    if (H5Tget_class(type) == H5T_INTEGER) kind = H5Tget_sign(type) == H5T_SGN_NONE ? "u" : "i";
    return (kind == "S" || size == 1 ? "|" : "<") + kind + std::to_string(size);
}

/// Pieces are rows where there is more than one axis: ranks write whole rows.
Digest digest_rows(hid_t type, const void* values, std::span<const std::uint64_t> shape, std::uint64_t first,
                   std::uint64_t rows) {
    const std::size_t row = std::accumulate(shape.begin() + 1, shape.end(), H5Tget_size(type), std::multiplies<>());
    const std::size_t length = shape.size() == 1 ? Digest::piece_bytes : std::max<std::size_t>(row, 1);
    ATNAS_EXPECT(rows == 0 || first * row % length == 0);
    return Digest::of_pieces({static_cast<const std::byte*>(values), rows * row}, first * row / length, length);
}

}  // namespace

void File::note_read(const std::string& name, hid_t type, const void* values,
                     std::span<const std::uint64_t> shape) const {
    if (contents_ == nullptr) return;
    // Nobody writes an array without axes; it is noted all the same, as something that was not written.
    const Digest whole = shape.empty() ? Digest() : digest_rows(type, values, shape, 0, shape[0]);
    contents_->add(name, numpy_name(type), shape, whole);
}

void File::note_write(const std::string& name, hid_t type, const void* values, std::span<const std::uint64_t> shape,
                      std::uint64_t first, std::uint64_t rows) const {
    if (contents_ == nullptr) return;
    std::uint64_t sum = digest_rows(type, values, shape, first, rows).value();
    if (access_ == Access::collective) sum = communicator_->wrapping_sum(sum);
    contents_->add(name, numpy_name(type), shape, Digest(sum));
}

void File::note_attribute(const std::string& object, const std::string& name, hid_t type, const void* value) const {
    if (contents_ == nullptr) return;
    const Digest digest = Digest::of({static_cast<const std::byte*>(value), H5Tget_size(type)});
    contents_->add(object + '@' + name, numpy_name(type), {}, digest);
}

}  // namespace atnas::io
