// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "atnas/core/error.hpp"
#include "atnas/io/hdf5.hpp"

#include "hdf5_detail.hpp"

namespace atnas::io {

void File::write_attribute(const std::string& object, const std::string& name, hid_t type, const void* value) {
    note_attribute(object, name, type, value);
    commit([&] {
        const std::string what = describe("write attribute", name + " at " + object);
        const Handle owner = open_object(object);
        const Handle scalar(H5Screate(H5S_SCALAR), H5Sclose, what);
        const Handle attribute(H5Acreate2(owner.get(), name.c_str(), type, scalar.get(), H5P_DEFAULT, H5P_DEFAULT),
                               H5Aclose, what);
        if (H5Awrite(attribute.get(), type, value) < 0) fail("write attribute", name + " at " + object);
    });
}

void File::attribute(const std::string& object, const std::string& name, const std::string& value) {
    const Handle type = text_type(value.size());
    write_attribute(object, name, type.get(), value.c_str());
}

void File::attribute(const std::string& object, const std::string& name, std::int64_t value) {
    write_attribute(object, name, H5T_NATIVE_INT64, &value);
}

void File::attribute(const std::string& object, const std::string& name, double value) {
    write_attribute(object, name, H5T_NATIVE_DOUBLE, &value);
}

bool File::has_attribute(const std::string& object, const std::string& name) const {
    if (!exists(object)) return false;
    return H5Aexists(open_object(object).get(), name.c_str()) > 0;
}

std::vector<std::string> File::attribute_names(const std::string& object) const {
    std::vector<std::string> names;
    const auto add = [](hid_t, const char* name, const H5A_info_t*, void* list) -> herr_t {
        static_cast<std::vector<std::string>*>(list)->emplace_back(name);
        return 0;
    };
    const Handle owner = open_object(object);
    hsize_t next = 0;
    if (H5Aiterate2(owner.get(), H5_INDEX_CRT_ORDER, H5_ITER_INC, &next, add, &names) < 0) {
        fail("list attributes of", object);
    }
    return names;
}

Handle File::open_attribute(const std::string& object, const std::string& name) const {
    if (!has_attribute(object, name)) {
        throw Error(ExitCode::bad_data,
                    Problem{describe("read attribute", name + " at " + object),
                            "there is no such attribute in the file", "check that it is the right kind of file"});
    }
    return {H5Aopen_by_name(file_.get(), object.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
            describe("open attribute", name + " at " + object)};
}

namespace {

void expect_class(hid_t attribute, H5T_class_t wanted, const std::string& problem, const char* word) {
    const Handle type(H5Aget_type(attribute), H5Tclose, problem);
    const Handle space(H5Aget_space(attribute), H5Sclose, problem);
    if (H5Tget_class(type.get()) != wanted || H5Sget_simple_extent_npoints(space.get()) != 1 ||
        (wanted == H5T_STRING && H5Tis_variable_str(type.get()) != 0)) {
        throw Error(ExitCode::bad_data, Problem{problem, std::string("it is not a single ") + word, ""});
    }
}

}  // namespace

std::string File::text_attribute(const std::string& object, const std::string& name) const {
    const Handle attribute = open_attribute(object, name);
    expect_class(attribute.get(), H5T_STRING, describe("read attribute", name + " at " + object), "text");
    const Handle stored(H5Aget_type(attribute.get()), H5Tclose, describe("read attribute", name + " at " + object));
    const std::size_t length = H5Tget_size(stored.get());
    std::error_code ignored;
    if (length > std::filesystem::file_size(path_, ignored)) {
        throw Error(ExitCode::bad_data, Problem{describe("read attribute", name + " at " + object),
                                                "it declares " + std::to_string(length) + " bytes", ""});
    }
    std::string value(length, '\0');
    const Handle type = text_type(value.size());
    H5Tset_cset(type.get(), H5Tget_cset(stored.get()));
    if (H5Aread(attribute.get(), type.get(), value.data()) < 0) fail("read attribute", name + " at " + object);
    note_attribute(object, name, type.get(), value.data());
    value.resize(std::min(value.size(), value.find('\0')));
    return value;
}

std::int64_t File::integer_attribute(const std::string& object, const std::string& name) const {
    const Handle attribute = open_attribute(object, name);
    expect_class(attribute.get(), H5T_INTEGER, describe("read attribute", name + " at " + object), "integer");
    std::int64_t value = 0;
    if (H5Aread(attribute.get(), H5T_NATIVE_INT64, &value) < 0) fail("read attribute", name + " at " + object);
    note_attribute(object, name, H5T_NATIVE_INT64, &value);
    return value;
}

double File::real_attribute(const std::string& object, const std::string& name) const {
    const Handle attribute = open_attribute(object, name);
    expect_class(attribute.get(), H5T_FLOAT, describe("read attribute", name + " at " + object), "real number");
    double value = 0.0;
    if (H5Aread(attribute.get(), H5T_NATIVE_DOUBLE, &value) < 0) fail("read attribute", name + " at " + object);
    note_attribute(object, name, H5T_NATIVE_DOUBLE, &value);
    return value;
}

}  // namespace atnas::io
