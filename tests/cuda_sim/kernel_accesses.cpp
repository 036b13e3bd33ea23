// SPDX-License-Identifier: Apache-2.0
/// \file
/// What the compiler calls at every access of a kernel to memory: kernels are compiled for ThreadSanitizer (its
/// interface is that of LLVM's compiler-rt/lib/tsan/rtl/tsan_interface.h), and these functions stand in for its
/// library.

#include <cstdint>

#include "block_memory.hpp"
#include "races.hpp"

namespace {

using namespace cuda_sim;

void on_read(const void* pointer, std::size_t bytes) {
    if (!running_thread.in_kernel) return;
    if (!remembered.covers(pointer)) return note_block_read(pointer, bytes);
    // Most words are read again and again.
    const Word& word = *remembered.word_at(pointer);
    if (bytes == word_bytes && (word.readers == remembered.item || word.writer == remembered.item)) return;
    note_read(pointer, bytes);
}

void on_write(const void* pointer, std::size_t bytes) {
    if (!running_thread.in_kernel) return;
    if (!remembered.covers(pointer)) return note_block_write(pointer, bytes);
    note_write(pointer, bytes);
}

}  // namespace

extern "C" {

// NOLINTBEGIN: names of the compiler.
void __tsan_init() {}
void __tsan_func_entry(void*) {}
void __tsan_func_exit() {}
void __tsan_read1(void* p) {
    on_read(p, 1);
}
void __tsan_read2(void* p) {
    on_read(p, 2);
}
void __tsan_read4(void* p) {
    on_read(p, 4);
}
void __tsan_read8(void* p) {
    on_read(p, 8);
}
void __tsan_read16(void* p) {
    on_read(p, 16);
}
void __tsan_unaligned_read2(void* p) {
    on_read(p, 2);
}
void __tsan_unaligned_read4(void* p) {
    on_read(p, 4);
}
void __tsan_unaligned_read8(void* p) {
    on_read(p, 8);
}
void __tsan_unaligned_read16(void* p) {
    on_read(p, 16);
}
void __tsan_write1(void* p) {
    on_write(p, 1);
}
void __tsan_write2(void* p) {
    on_write(p, 2);
}
void __tsan_write4(void* p) {
    on_write(p, 4);
}
void __tsan_write8(void* p) {
    on_write(p, 8);
}
void __tsan_write16(void* p) {
    on_write(p, 16);
}
void __tsan_unaligned_write2(void* p) {
    on_write(p, 2);
}
void __tsan_unaligned_write4(void* p) {
    on_write(p, 4);
}
void __tsan_unaligned_write8(void* p) {
    on_write(p, 8);
}
void __tsan_unaligned_write16(void* p) {
    on_write(p, 16);
}
void __tsan_read_range(void* p, unsigned long bytes) {
    on_read(p, bytes);
}
void __tsan_write_range(void* p, unsigned long bytes) {
    on_write(p, bytes);
}
// NOLINTEND

}  // extern "C"
