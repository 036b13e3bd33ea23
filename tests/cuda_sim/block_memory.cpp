// SPDX-License-Identifier: Apache-2.0
#include "block_memory.hpp"

#include <cstdint>
#include <cstring>
#include <vector>

#include "device.hpp"
#include "memory.hpp"
#include "races.hpp"

// From the linker: this library, and the section that holds what kernels declare __shared__.
extern "C" {
extern const std::byte __ehdr_start __attribute__((visibility("hidden")));
extern const std::byte _end __attribute__((visibility("hidden")));
extern std::byte __start_cuda_shared __attribute__((visibility("hidden")));
extern std::byte __stop_cuda_shared __attribute__((visibility("hidden")));
}

namespace cuda_sim {

constinit RunningThread running_thread{};

namespace {

constexpr unsigned nobody = ~0u;
constexpr unsigned several = nobody - 1;

/// Who used a word of shared memory in which phase; phases end at barriers and with blocks.
struct SharedWord {
    std::uint64_t written_in{0};
    std::uint64_t read_in{0};
    unsigned writer{nobody};
    unsigned reader{nobody};
};

struct Block {
    std::string kernel{};
    std::uint64_t phase{0};
    std::vector<SharedWord> words{};
};
// Never destroyed: kernels may run until the very end of the process.
Block& block = *new Block;

std::size_t shared_bytes() {
    return static_cast<std::size_t>(&__stop_cuda_shared - &__start_cuda_shared);
}

bool lies_in(const void* pointer, const std::byte* begin, std::size_t bytes) {
    return reinterpret_cast<std::uintptr_t>(pointer) - reinterpret_cast<std::uintptr_t>(begin) < bytes;
}

bool is_shared(const void* pointer) {
    return lies_in(pointer, &__start_cuda_shared, shared_bytes());
}

/// Calls visit(word) for the words of shared memory in a range.
template <class Visit>
void for_words(const void* pointer, std::size_t bytes, Visit visit) {
    const auto offset = static_cast<std::size_t>(static_cast<const std::byte*>(pointer) - &__start_cuda_shared);
    for (std::size_t i = offset / word_bytes; i <= (offset + bytes - 1) / word_bytes; ++i) visit(block.words[i]);
}

[[noreturn]] void race(unsigned other, const char* what) {
    const std::string who = other == several ? "other threads" : "thread " + std::to_string(other);
    violation("kernel " + block.kernel + ": thread " + std::to_string(running_thread.number) + " " + what + " " + who +
              " in shared memory, and no barrier lies in between");
}

[[noreturn]] void foreign(const void* pointer, const char* does) {
    violation("kernel " + block.kernel + " " + does + " " + describe(pointer));
}

}  // namespace

KernelScope::KernelScope(const std::string& kernel) {
    block.kernel = kernel;
    running_thread.in_kernel = true;
    block.words.resize(shared_bytes() / word_bytes + 1);
}

KernelScope::~KernelScope() {
    running_thread.in_kernel = false;
}

void begin_block() {
    ++block.phase;
    std::memset(&__start_cuda_shared, 0xff, shared_bytes());
}

void pass_barrier() noexcept {
    ++block.phase;
}

void note_block_read(const void* pointer, std::size_t bytes) {
    if (lies_in(pointer, running_thread.stack, running_thread.stack_bytes)) return;
    if (!is_shared(pointer)) {
        // Constants, and the built-in variables.
        if (!lies_in(pointer, &__ehdr_start, static_cast<std::size_t>(&_end - &__ehdr_start)))
            foreign(pointer, "reads");
        return;
    }
    for_words(pointer, bytes, [&](SharedWord& word) {
        if (word.written_in == block.phase && word.writer != running_thread.number)
            race(word.writer, "reads what was written by");
        word.reader =
            word.read_in == block.phase && word.reader != running_thread.number ? several : running_thread.number;
        word.read_in = block.phase;
    });
}

void note_block_write(const void* pointer, std::size_t bytes) {
    if (lies_in(pointer, running_thread.stack, running_thread.stack_bytes)) return;
    if (!is_shared(pointer)) foreign(pointer, "writes");
    for_words(pointer, bytes, [&](SharedWord& word) {
        if (word.written_in == block.phase && word.writer != running_thread.number)
            race(word.writer, "writes what was written by");
        if (word.read_in == block.phase && word.reader != running_thread.number)
            race(word.reader, "writes what was read by");
        word.writer = running_thread.number;
        word.written_in = block.phase;
    });
}

}  // namespace cuda_sim
