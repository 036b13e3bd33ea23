// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Device and pinned memory. Every allocation lies between guard pages; device memory cannot be touched except while
/// an Access lives; freed memory can never be touched again.

#include <cstddef>
#include <string>

#include "device.hpp"

namespace cuda_sim {

enum class Place { device, pinned };
enum class AllocationState { live, freed };

struct Allocation {
    std::byte* data;
    std::size_t bytes;
    Place place;
    int device;
    AllocationState state;
    int queued;  ///< operands of work that has not run yet

    std::byte* pages;  ///< what is mapped for it, guard pages left out
    std::size_t mapped;
};

/// All addresses that simulated memory ever has.
struct Arena {
    std::byte* begin;
    std::size_t bytes;
};
const Arena& simulated_memory();

/// Fresh memory, filled with NaN. nullptr when the device has no room.
Allocation* allocate(Place place, std::size_t bytes, int device);
/// Violation if something was written around the allocation.
void release(Allocation& allocation);
/// The allocation, live or freed, in whose pages the address lies; nullptr for any other address.
Allocation* find_allocation(const void* address);
/// The same, but nullptr unless the whole range lies in it and it lives.
Allocation* find_live(const void* address, std::size_t bytes);
/// "host memory", "byte 16 of 64 bytes of device memory (freed)", ...
std::string describe(const void* address);
std::size_t bytes_in_use(int device);
/// Live allocations of a place, for the report at exit.
std::size_t live_allocations(Place place);

/// Device memory can be read and written while one of these lives; hold the device's lock.
class Access {
  public:
    Access();
    ~Access();
    Access(const Access&) = delete;
    Access& operator=(const Access&) = delete;
};

}  // namespace cuda_sim
