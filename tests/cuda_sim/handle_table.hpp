// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Handles that point nowhere: a program that looks into one crashes, and none is ever used twice, so that a handle
/// of something destroyed is told from one that never was.

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "device.hpp"

namespace cuda_sim {

/// \tparam Handle an opaque pointer type of the API; \tparam Object what is behind it. Hold the device's lock.
template <class Handle, class Object>
class HandleTable {
  public:
    /// \p kind: "stream", for messages. \p first: the first handle's number, different for every kind.
    HandleTable(const char* kind, std::uintptr_t first) : kind_(kind), next_(first << 32) {}

    Handle add(std::shared_ptr<Object> object) {
        next_ += 16;
        objects_[next_] = std::move(object);
        // Opaque to the caller; nobody dereferences it.
        return reinterpret_cast<Handle>(next_);
    }

    /// Violation for a handle that is null, destroyed or made up.
    std::shared_ptr<Object> get(Handle handle, const char* call) {
        const auto key = reinterpret_cast<std::uintptr_t>(handle);
        const auto found = objects_.find(key);
        if (found != objects_.end()) return found->second;
        const char* state = key == 0 ? "null" : destroyed_.contains(key) ? "already destroyed" : "not one of ours";
        violation(std::string(call) + ": the " + kind_ + " is " + state);
    }

    void remove(Handle handle, const char* call) {
        get(handle, call);
        const auto key = reinterpret_cast<std::uintptr_t>(handle);
        objects_.erase(key);
        destroyed_.insert(key);
    }

    std::size_t size() const noexcept { return objects_.size(); }
    const std::map<std::uintptr_t, std::shared_ptr<Object>>& all() const noexcept { return objects_; }

  private:
    const char* kind_;
    std::uintptr_t next_;
    std::map<std::uintptr_t, std::shared_ptr<Object>> objects_{};
    std::set<std::uintptr_t> destroyed_{};
};

}  // namespace cuda_sim
