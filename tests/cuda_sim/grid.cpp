// SPDX-License-Identifier: Apache-2.0
// The checked longjmp of hardened builds takes a jump to another stack for an error.
#undef _FORTIFY_SOURCE

#include "grid.hpp"

#include <setjmp.h>
#include <sys/mman.h>
#include <ucontext.h>

#include <memory>
#include <vector>

#include "block_memory.hpp"
#include "device_shim.hpp"
#include "diagnostics.hpp"

namespace cuda_sim {

uint3 thread_index{};
uint3 block_index{};
dim3 block_size{};
dim3 grid_size{};

namespace {

constexpr std::size_t stack_bytes = 128 << 10;
constexpr std::size_t page = 4096;

/// A stack of its own that runs one function after another. swapcontext only enters it the first time: it asks the
/// kernel for the signal mask, which makes it a hundred times slower than _longjmp.
class Fiber {
  public:
    Fiber() {
        void* pages = mmap(nullptr, stack_bytes + page, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
        if (pages == MAP_FAILED || mprotect(pages, page, PROT_NONE) != 0) violation("no memory for a thread's stack");
        getcontext(&context_);
        context_.uc_stack.ss_sp = static_cast<char*>(pages) + page;
        context_.uc_stack.ss_size = stack_bytes;
        context_.uc_link = nullptr;
        makecontext(&context_, &Fiber::loop, 0);
    }
    Fiber(const Fiber&) = delete;
    Fiber& operator=(const Fiber&) = delete;

    /// Runs until the job is done (true) or gives way (false).
    bool resume();
    /// Called inside the fiber: back to whoever resumed it.
    void give_way() {
        if (_setjmp(inside_) == 0) _longjmp(outside_, 1);
    }

    void start(const std::function<void()>& job) {
        job_ = &job;
        done_ = false;
    }
    bool done() const noexcept { return done_; }

    static Fiber* running;

  private:
    static void loop() {
        for (;;) {
            (*running->job_)();
            running->done_ = true;
            running->give_way();
        }
    }

    enum class Stack { untouched, entered };

    ucontext_t context_{};
    jmp_buf inside_{};
    jmp_buf outside_{};
    const std::function<void()>* job_{nullptr};
    bool done_{true};
    Stack stack_{Stack::untouched};
};

Fiber* Fiber::running = nullptr;

bool Fiber::resume() {
    running = this;
    running_thread.stack = static_cast<const std::byte*>(context_.uc_stack.ss_sp);
    running_thread.stack_bytes = stack_bytes;
    if (_setjmp(outside_) == 0) {
        if (stack_ == Stack::entered) _longjmp(inside_, 1);
        stack_ = Stack::entered;
        setcontext(&context_);
    }
    running = nullptr;
    return done_;
}

/// Fibers are kept: making one costs more than running it.
Fiber& fiber(std::size_t number) {
    static auto* fibers = new std::vector<std::unique_ptr<Fiber>>;
    while (fibers->size() <= number) fibers->push_back(std::make_unique<Fiber>());
    return *(*fibers)[number];
}

/// Number \p i of \p count in the order in which they run.
unsigned in_order(unsigned i, unsigned count) {
    return run_order() == RunOrder::reverse ? count - 1 - i : i;
}

/// The block that runs; its threads by the order in which they run.
struct Block {
    std::string kernel{};
    unsigned threads{0};
    unsigned current{0};
    enum class Mode { sequence, fibers } mode{Mode::sequence};
};
Block running_block;

void set_thread(unsigned place) {
    running_block.current = place;
    const unsigned number = in_order(place, running_block.threads);
    running_thread.number = number;
    thread_index.x = number % block_size.x;
    thread_index.y = number / block_size.x % block_size.y;
    thread_index.z = number / block_size.x / block_size.y;
}

[[noreturn]] void uneven_barrier() {
    violation("kernel " + running_block.kernel + ": a barrier that only some threads of the block reach");
}

/// Threads 1, 2, ... as fibers beside the first, which waits at its first barrier.
void run_fibers(const std::function<void()>& thread) {
    const unsigned count = running_block.threads;
    running_block.mode = Block::Mode::fibers;
    for (unsigned i = 1; i < count; ++i) fiber(i).start(thread);
    for (unsigned first = 1;; first = 0) {
        unsigned finished = 0;
        for (unsigned i = first; i < count; ++i) {
            set_thread(i);
            if (fiber(i).resume()) ++finished;
        }
        if (finished == count) return;
        if (finished != 0) uneven_barrier();
        pass_barrier();
    }
}

void run_block(const std::function<void()>& thread) {
    running_block.mode = Block::Mode::sequence;
    begin_block();
    const std::function<void()> sequence = [&] {
        for (unsigned i = 0; i < running_block.threads; ++i) {
            set_thread(i);
            thread();
            if (running_block.mode == Block::Mode::fibers) return;
        }
    };
    fiber(0).start(sequence);
    if (!fiber(0).resume()) run_fibers(thread);
}

}  // namespace

void barrier() {
    // In a sequence the threads before this one have passed without a barrier.
    if (running_block.mode == Block::Mode::sequence && running_block.current != 0) uneven_barrier();
    const unsigned self = running_block.current;
    Fiber::running->give_way();
    set_thread(self);
}

void run_grid(const std::string& kernel, dim3 grid, dim3 block, const std::function<void()>& thread) {
    const KernelScope scope(kernel);
    grid_size = grid;
    block_size = block;
    running_block.kernel = kernel;
    running_block.threads = block.x * block.y * block.z;
    for (unsigned z = 0; z < grid.z; ++z) {
        for (unsigned y = 0; y < grid.y; ++y) {
            for (unsigned x = 0; x < grid.x; ++x) {
                block_index = {in_order(x, grid.x), in_order(y, grid.y), in_order(z, grid.z)};
                run_block(thread);
            }
        }
    }
}

}  // namespace cuda_sim
