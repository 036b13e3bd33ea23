// SPDX-License-Identifier: Apache-2.0
#include "memory.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "devices.hpp"
#include "diagnostics.hpp"
#include "races.hpp"

namespace cuda_sim {
namespace {

constexpr std::size_t page = 4096;
constexpr std::size_t alignment = 256;
// All bits set: a NaN as float and as double, and -1 as integer.
constexpr int fresh = 0xff;

/// Bytes of a file in memory that hold nothing but the pattern: fresh memory is a private copy of it, so that a large
/// allocation costs nothing until it is written to.
class Pattern {
  public:
    static constexpr std::size_t most = std::size_t{16} << 20;

    /// Maps \p bytes of fresh memory at an address that is reserved.
    void map(std::byte* to, std::size_t bytes) {
        grow(std::min(bytes, most));
        for (std::size_t done = 0; done < bytes; done += most) {
            const std::size_t part = std::min(bytes - done, most);
            if (mmap(to + done, part, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE, file_, 0) ==
                MAP_FAILED) {
                violation("no memory for the simulated device");
            }
        }
    }

  private:
    void grow(std::size_t bytes) {
        std::array<char, page> filled{};
        filled.fill(static_cast<char>(fresh));
        for (; size_ < bytes; size_ += page) {
            if (pwrite(file_, filled.data(), page, static_cast<off_t>(size_)) != static_cast<ssize_t>(page)) {
                violation("no memory for the simulated device");
            }
        }
    }

    int file_{memfd_create("cuda_sim", MFD_CLOEXEC)};
    std::size_t size_{0};
};

struct Memory {
    std::size_t taken{0};                               ///< bytes of the arena; addresses are never given out twice
    std::map<std::uintptr_t, Allocation> by_address{};  ///< by first page; freed ones stay for ever
    std::map<int, std::size_t> in_use{};
    int accesses{0};
    Pattern pattern{};
};

Memory& memory() {
    // Never destroyed: programs free in destructors of static objects.
    static auto* instance = new Memory;
    return *instance;
}

std::uintptr_t number(const void* address) {
    return reinterpret_cast<std::uintptr_t>(address);
}

void protect(const Allocation& allocation, int protection) {
    if (mprotect(allocation.pages, allocation.mapped, protection) != 0) violation("mprotect failed");
}

/// The bytes between the allocation and its guard pages still hold the pattern they were filled with.
void check_surroundings(const Allocation& allocation) {
    const auto intact = [](const std::byte* from, const std::byte* to) {
        for (; from != to; ++from) {
            if (*from != std::byte{fresh}) return false;
        }
        return true;
    };
    const auto* end = allocation.data + allocation.bytes;
    if (!intact(allocation.pages, allocation.data) || !intact(end, allocation.pages + allocation.mapped)) {
        violation("something was written outside an allocation of " + std::to_string(allocation.bytes) + " bytes");
    }
}

struct sigaction previous_handler;

/// Says what was touched, for addresses of ours. Runs in a crash: no locks, no exceptions.
void explain_crash(int signal, siginfo_t* info, void* context) {
    if (find_allocation(info->si_addr) != nullptr) {
        const char* who = memory().accesses > 0 ? "work of a stream" : "the host";
        std::fprintf(stderr, "cuda_sim: %s touches %s\n", who, describe(info->si_addr).c_str());
        std::abort();
    }
    if ((previous_handler.sa_flags & SA_SIGINFO) != 0 && previous_handler.sa_sigaction != nullptr) {
        previous_handler.sa_sigaction(signal, info, context);
        return;
    }
    // Comes back here as a plain crash.
    sigaction(SIGSEGV, &previous_handler, nullptr);
}

void install_handler() {
    static const bool once = [] {
        struct sigaction action {};
        action.sa_sigaction = explain_crash;
        action.sa_flags = SA_SIGINFO;
        sigaction(SIGSEGV, &action, &previous_handler);
        return true;
    }();
    static_cast<void>(once);
}

}  // namespace

const Arena& simulated_memory() {
    static const Arena arena = [] {
        constexpr std::size_t bytes = std::size_t{1} << 40;
        constexpr std::uintptr_t window = std::uintptr_t{1} << 32;
        void* reserved =
            mmap(nullptr, bytes + 2 * window, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (reserved == MAP_FAILED) violation("no address space for the simulated device");
        madvise(reserved, bytes + 2 * window, MADV_DONTDUMP);
        // Far from multiples of 2^32: half a pointer that was left beside a small number of a struct looks like those.
        const std::uintptr_t begin = (number(reserved) + window - 1) / window * window + window / 16;
        return Arena{static_cast<std::byte*>(reserved) + (begin - number(reserved)), bytes};
    }();
    return arena;
}

Allocation* allocate(Place place, std::size_t bytes, int device) {
    install_handler();
    auto& state = memory();
    if (place == Place::device && (bytes > device_capacity() || state.in_use[device] > device_capacity() - bytes)) {
        return nullptr;
    }
    const std::size_t mapped = (bytes + page - 1) / page * page;
    if (mapped + 2 * page > simulated_memory().bytes - state.taken) return nullptr;
    auto* pages = simulated_memory().begin + state.taken + page;
    state.taken += mapped + 2 * page;
    // As near to the guard page behind it as the alignment allows: there most overruns end.
    auto* data = pages + (mapped - bytes) / alignment * alignment;
    Allocation allocation{data, bytes, place, device, AllocationState::live, 0, pages, mapped};
    state.pattern.map(pages, mapped);
    if (place == Place::device) {
        state.in_use[device] += bytes;
        if (state.accesses == 0) protect(allocation, PROT_NONE);
    }
    return &state.by_address.emplace(number(pages), allocation).first->second;
}

void release(Allocation& allocation) {
    if (allocation.place == Place::device) {
        const Access access;
        check_surroundings(allocation);
        memory().in_use[allocation.device] -= allocation.bytes;
    } else {
        check_surroundings(allocation);
    }
    allocation.state = AllocationState::freed;
    // The address range stays taken, its pages go back.
    if (mmap(allocation.pages, allocation.mapped, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE,
             -1, 0) == MAP_FAILED) {
        violation("mmap failed");
    }
    forget_accesses(allocation.pages, allocation.mapped);
}

Allocation* find_allocation(const void* address) {
    auto& known = memory().by_address;
    auto next = known.upper_bound(number(address));
    // The guard page in front belongs to the allocation behind it.
    if (next != known.end() && number(address) + page >= next->first) return &next->second;
    if (next == known.begin()) return nullptr;
    auto& allocation = std::prev(next)->second;
    return number(address) < number(allocation.pages) + allocation.mapped + page ? &allocation : nullptr;
}

Allocation* find_live(const void* address, std::size_t bytes) {
    auto* allocation = find_allocation(address);
    if (allocation == nullptr || allocation->state != AllocationState::live) return nullptr;
    if (number(address) < number(allocation->data)) return nullptr;
    const std::size_t offset = number(address) - number(allocation->data);
    return offset <= allocation->bytes && bytes <= allocation->bytes - offset ? allocation : nullptr;
}

std::string describe(const void* address) {
    if (address == nullptr) return "a null pointer";
    const auto* allocation = find_allocation(address);
    if (allocation == nullptr) return "pageable host memory";
    const auto offset = static_cast<long long>(number(address)) - static_cast<long long>(number(allocation->data));
    std::string text = "byte " + std::to_string(offset) + " of " + std::to_string(allocation->bytes) + " bytes of ";
    text += allocation->place == Place::device ? "device memory" : "pinned host memory";
    if (allocation->state == AllocationState::freed) text += " that was freed";
    return text;
}

std::size_t bytes_in_use(int device) {
    return memory().in_use[device];
}

std::size_t live_allocations(Place place) {
    std::size_t count = 0;
    for (const auto& [address, allocation] : memory().by_address) {
        if (allocation.place == place && allocation.state == AllocationState::live) ++count;
    }
    return count;
}

Access::Access() {
    if (memory().accesses++ > 0) return;
    for (const auto& [address, allocation] : memory().by_address) {
        if (allocation.place == Place::device && allocation.state == AllocationState::live) {
            protect(allocation, PROT_READ | PROT_WRITE);
        }
    }
}

Access::~Access() {
    if (--memory().accesses > 0) return;
    for (const auto& [address, allocation] : memory().by_address) {
        if (allocation.place == Place::device && allocation.state == AllocationState::live) {
            protect(allocation, PROT_NONE);
        }
    }
}

}  // namespace cuda_sim
