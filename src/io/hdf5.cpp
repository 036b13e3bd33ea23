// SPDX-License-Identifier: Apache-2.0
#include "atnas/io/hdf5.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "atnas/core/contract.hpp"
#include "atnas/core/error.hpp"

#include "hdf5_detail.hpp"
#include "room.hpp"

namespace atnas::io {

namespace {

[[noreturn]] void refuse(const std::string& problem, const std::string& reason, const std::string& suggestion = "") {
    throw Error(ExitCode::bad_data, Problem{problem, reason, suggestion});
}

/// How files are opened and laid out. No lock: the lock of HDF5 fails on many parallel file systems, and no two
/// processes write one file here but through MPI-IO.
Handle access_list(const comm::Communicator& communicator, Access access) {
    Handle list(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "cannot prepare access to HDF5 files");
    H5Pset_libver_bounds(list.get(), H5F_LIBVER_V110, H5F_LIBVER_V110);
    H5Pset_alignment(list.get(), File::alignment, File::alignment);
    // Not small arrays side by side either, which HDF5 does without MPI only: the bytes would depend on the ranks.
    H5Pset_small_data_block_size(list.get(), 0);
    H5Pset_fclose_degree(list.get(), H5F_CLOSE_STRONG);
#if H5_VERSION_GE(1, 10, 7)
    H5Pset_file_locking(list.get(), false, true);
#endif
    if (access == Access::collective && communicator.size() > 1 &&
        H5Pset_fapl_mpio(list.get(), communicator.handle(), MPI_INFO_NULL) < 0) {
        refuse("cannot prepare parallel access to HDF5 files", hdf5_reason());
    }
    return list;
}

/// Attributes keep the order they were written in; nothing carries a time. Links and attributes stay in the header of
/// their object: the trees and heaps into which HDF5 moves many of them lie elsewhere with MPI than without.
Handle creation_list(hid_t kind) {
    Handle list(H5Pcreate(kind), H5Pclose, "cannot prepare an HDF5 object");
    H5Pset_attr_creation_order(list.get(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
    H5Pset_attr_phase_change(list.get(), 10000, 9000);
    H5Pset_link_phase_change(list.get(), 10000, 9000);
    H5Pset_obj_track_times(list.get(), false);
    return list;
}

void expect_readable(const std::filesystem::path& path) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) {
        refuse("cannot read " + path.string(), "no such file", "check the name");
    }
    if (!std::filesystem::is_regular_file(path, ignored)) refuse("cannot read " + path.string(), "not a file");
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        throw Unavailable(ExitCode::bad_data,
                          Problem{"cannot read " + path.string(), std::strerror(errno), "check its permissions"});
    ::close(file);
}

/// Bytes of small files that MPI makes while it has a file open: without room for them its ranks would wait for ever.
std::uint64_t beside(Access access) {
    return access == Access::collective ? 1 << 16 : 0;
}

template <class Work>
void agree_on(const comm::Communicator& communicator, Access access, const Work& work) {
    if (access == Access::collective) {
        comm::together(communicator, work);
    } else {
        work();
    }
}

}  // namespace

Handle::Handle(hid_t id, Close closer, const std::string& what) : id_(id), close_(closer) {
    if (id < 0) refuse(what, hdf5_reason());
}

Handle::~Handle() {
    if (id_ >= 0) close_(id_);
}

Handle::Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}

Handle& Handle::operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
}

herr_t Handle::close() noexcept {
    return id_ >= 0 ? close_(std::exchange(id_, -1)) : 0;
}

File::File(std::filesystem::path path, Handle file, Access access, const comm::Communicator& communicator)
    : path_(std::move(path)), file_(std::move(file)), access_(access), communicator_(&communicator) {}

File File::create(const std::filesystem::path& path, const comm::Communicator& communicator, Access access,
                  std::uint64_t expected_bytes) {
    silence_hdf5();
    const bool first = access == Access::serial || communicator.is_root();
    // One rank looks first: what it alone can see must not stop it inside a collective call of HDF5.
    agree_on(communicator, access, [&] {
        if (first) expect_writable(path);
    });
    agree_on(communicator, access, [&] {
        expect_allowed(path, expected_bytes);
        if (first) expect_room(path, expected_bytes + beside(access));
    });
    Handle file;
    agree_on(communicator, access, [&] {
        const Handle how = access_list(communicator, access);
        const Handle root = creation_list(H5P_FILE_CREATE);
        file = Handle(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, root.get(), how.get()), H5Fclose,
                      "cannot create " + path.string());
    });
    if (first) reserve(path, expected_bytes);
    return {path, std::move(file), access, communicator};
}

File File::open(const std::filesystem::path& path, const comm::Communicator& communicator, Access access) {
    silence_hdf5();
    agree_on(communicator, access, [&] { expect_readable(path); });
    Handle file;
    agree_on(communicator, access, [&] {
        const Handle how = access_list(communicator, access);
        const hid_t id = H5Fopen(path.c_str(), H5F_ACC_RDONLY, how.get());
        if (id < 0) {
            refuse("cannot open " + path.string() + " as an HDF5 file", hdf5_reason(),
                   "check that it is the right file and that it was copied or written to its end");
        }
        file = Handle(id, H5Fclose, "");
    });
    return {path, std::move(file), access, communicator};
}

std::string File::describe(const std::string& action, const std::string& object) const {
    return "cannot " + action + " " + object + " of " + path_.string();
}

void File::fail(const std::string& action, const std::string& object) const {
    refuse(describe(action, object), hdf5_reason());
}

std::uint64_t File::size() const {
    hsize_t bytes = 0;
    if (H5Fget_filesize(file_.get(), &bytes) < 0) fail("find the size", "");
    return bytes;
}

bool File::exists(const std::string& object) const {
    ATNAS_EXPECT(!object.empty() && object.front() == '/');
    // HDF5 asks for every step of the way: a missing group on the way is an error to it.
    for (std::size_t end = object.find('/', 1);; end = object.find('/', end + 1)) {
        const std::string part = object.substr(0, end);
        if (part != "/" && H5Lexists(file_.get(), part.c_str(), H5P_DEFAULT) <= 0) return false;
        if (end == std::string::npos) return true;
    }
}

void File::make_groups(const std::string& object) {
    for (std::size_t end = object.find('/', 1); end != std::string::npos; end = object.find('/', end + 1)) {
        const std::string part = object.substr(0, end);
        if (exists(part)) continue;
        const Handle how = creation_list(H5P_GROUP_CREATE);
        Handle made(H5Gcreate2(file_.get(), part.c_str(), H5P_DEFAULT, how.get(), H5P_DEFAULT), H5Gclose,
                    describe("make group", part));
    }
}

void File::group(const std::string& name) {
    commit([&] { make_groups(name + "/"); });
}

std::vector<std::string> File::children(const std::string& group) const {
    std::vector<std::string> names;
    const auto add = [](hid_t, const char* name, const H5L_info_t*, void* list) -> herr_t {
        static_cast<std::vector<std::string>*>(list)->emplace_back(name);
        return 0;
    };
    const Handle object = open_object(group);
    hsize_t next = 0;
    if (H5Literate(object.get(), H5_INDEX_NAME, H5_ITER_INC, &next, add, &names) < 0) fail("list", group);
    return names;
}

Handle File::open_object(const std::string& object) const {
    if (!exists(object)) {
        refuse(describe("read", object), "there is no such object in the file",
               "check that it is the right kind of file");
    }
    return {H5Oopen(file_.get(), object.c_str(), H5P_DEFAULT), H5Oclose, describe("open", object)};
}

void File::close() {
    commit([&] {
        // Flushing first makes every rank hand its data to the disk (MPI_File_sync), which closing alone does not.
        if (H5Fflush(file_.get(), H5F_SCOPE_GLOBAL) < 0) fail("write", "the data");
        if (file_.close() < 0) fail("close", "the data");
    });
    if (access_ == Access::serial || communicator_->is_root()) trim(path_);
}

}  // namespace atnas::io
