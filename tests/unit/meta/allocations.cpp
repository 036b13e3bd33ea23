// SPDX-License-Identifier: Apache-2.0
// Once a plan exists, learning from a task allocates nothing: not ATNAS at all, and oneDNN nothing that it keeps.

#include <array>
#include <atomic>
#include <cstdlib>
#include <new>
#include <string>

#include <dlfcn.h>
#include <execinfo.h>
#include <malloc.h>

#include <gtest/gtest.h>

#include "atnas/core/random.hpp"
#include "atnas/meta/learner_registry.hpp"
#include "atnas/space/search_space.hpp"
#include "atnas/supernet/supernet.hpp"
#include "support/network_task.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ATNAS_TEST_COUNTS_ALLOCATIONS 0
#else
#define ATNAS_TEST_COUNTS_ALLOCATIONS 1
#endif

namespace {

std::atomic<bool> counting{false};
std::atomic<long> own_allocations{0};
std::atomic<long> library_allocations{0};

#if ATNAS_TEST_COUNTS_ALLOCATIONS

/// The C++ library allocates on behalf of who calls it.
bool is_file(const char* path, const char* part) {
    return path != nullptr && std::string_view(path).find(part) != std::string_view::npos;
}

/// Books an allocation for oneDNN or for everybody else, by the first caller outside this file and the C++ library.
[[gnu::noinline]] void note_allocation() {
    if (!counting.exchange(false)) return;  // off while counting: backtrace may allocate
    std::array<void*, 16> frames{};
    const int depth = backtrace(frames.data(), static_cast<int>(frames.size()));
    bool library = false;
    for (int i = 2; i < depth; ++i) {  // after note_allocation and operator new
        Dl_info info{};
        if (dladdr(frames[static_cast<std::size_t>(i)], &info) == 0 || is_file(info.dli_fname, "libstdc++")) continue;
        library = is_file(info.dli_fname, "libdnnl");
        break;
    }
    ++(library ? library_allocations : own_allocations);
    counting = true;
}

#endif

}  // namespace

#if ATNAS_TEST_COUNTS_ALLOCATIONS

// The other forms of new and delete call these.
[[gnu::noinline]] void* operator new(std::size_t size) {
    note_allocation();
    if (void* memory = std::malloc(size > 0 ? size : 1)) return memory;
    throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
    note_allocation();
    const auto step = static_cast<std::size_t>(alignment);
    if (void* memory = std::aligned_alloc(step, (size + step) / step * step)) return memory;
    throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
    std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept {
    std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    std::free(memory);
}

#endif

namespace {

using namespace atnas;

struct Count {
    long own;
    long library;
};

/// Allocations during work().
template <class Work>
Count count_allocations(Work work) {
    own_allocations = 0;
    library_allocations = 0;
    counting = true;
    work();
    counting = false;
    return {own_allocations, library_allocations};
}

/// Bytes that the heap has handed out.
std::size_t heap_in_use() {
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
    const auto info = mallinfo2();
    return info.uordblks + info.hblkhd;
#else
    return 0;
#endif
}

class Allocations : public testing::TestWithParam<backend::BackendKind> {
  protected:
    void SetUp() override {
        if (!ATNAS_TEST_COUNTS_ALLOCATIONS) GTEST_SKIP() << "sanitizers have an operator new of their own";
        std::array<void*, 4> frames{};
        backtrace(frames.data(), 4);  // the first call loads a library
    }
};

TEST_P(Allocations, the_count_counts) {
    const auto count = count_allocations([] {
        // Not a new-expression: the compiler may leave such a pair out.
        ::operator delete(::operator new(sizeof(int)));
    });
    EXPECT_EQ(count.own, 1);
    EXPECT_EQ(count.library, 0);
}

TEST_P(Allocations, none_while_learning) {
    const auto device = backend::make_backend(GetParam());
    for (const auto head : space::all_heads)
        for (const auto statistics : {meta::Statistics::support, meta::Statistics::query, meta::Statistics::joint})
            for (const auto& entry : meta::learner_registry()) {
                space::NetworkOptions options;
                options.channels = 4;
                options.head = head;
                options.image = {1, 9, 9};
                options.way = 2;
                const auto space = space::make_search_space(options);
                const int rates = entry.kept == meta::Kept::directions ? 2 : 0;
                supernet::Supernet supernet(*device, options, 1, 1, {.steps = rates});
                RandomStream random({.seed = 1, .purpose = Purpose::path});
                const bool early = entry.kept != meta::Kept::way;  // its query losses count as well
                meta::TaskPlans plans(
                    supernet, {.kept_steps = early && rates == 0 ? 0 : 2,
                               .query_losses = early ? meta::QueryLosses::every_step : meta::QueryLosses::last});
                meta::TaskPlan& plan = plans.plan(space->sample(random), {2, 2, 2, statistics});
                const auto gradient = supernet.weights().make_sum(100);
                const meta::AdaptationOptions adaptation{.steps = 2, .rate = 0.1f, .early_loss = early ? 0.25 : 0.0};
                const auto learn = meta::make_meta_learner(entry.learner, meta::Adaptation(adaptation));
                const data::Task task = test::task_of(plan.shape(), 81, 1, 2);
                learn->learn(plan, task, *gradient);
                const auto count = count_allocations([&] { learn->learn(plan, task, *gradient); });
                EXPECT_EQ(count.own, 0) << space::name_of(head);
                if (GetParam() == backend::BackendKind::reference) {
                    EXPECT_EQ(count.library, 0);
                }
            }
}

TEST_P(Allocations, none_by_the_optimizers_of_the_inner_loop) {
    const auto device = backend::make_backend(GetParam());
    space::NetworkOptions options;
    options.kind = "conv4";
    options.channels = 4;
    options.image = {1, 16, 16};
    options.way = 2;
    supernet::Supernet supernet(*device, options, 1);
    for (const auto optimizer : {nn::InnerOptimizerKind::momentum, nn::InnerOptimizerKind::adam}) {
        meta::TaskPlans plans(supernet, {optimizer});
        meta::TaskPlan& plan = plans.plan({}, {2, 2, 2});
        const data::Task task = test::task_of(plan.shape(), 256, 1, 2);
        const meta::Adaptation adaptation({2, 0.1f});
        adaptation.run(plan, task);
        EXPECT_EQ(count_allocations([&] { adaptation.run(plan, task); }).own, 0);
    }
}

TEST_P(Allocations, memory_does_not_grow) {
    const auto device = backend::make_backend(GetParam());
    space::NetworkOptions options;
    options.kind = "conv4";
    options.channels = 4;
    options.image = {1, 16, 16};
    options.way = 2;
    supernet::Supernet supernet(*device, options, 1);
    meta::TaskPlans plans(supernet);
    meta::TaskPlan& plan = plans.plan({}, {2, 2, 2, meta::Statistics::support});
    const auto gradient = supernet.weights().make_sum(100);
    const auto work = [&] {
        plan.start();
        for (int step = 0; step < 10; ++step) plan.step(0.01f);
        plan.query_forward();
        plan.query_backward();
        plan.add_query_gradient(*gradient);
    };
    plan.write_task(test::task_of(plan.shape(), 256, 1, 2));
    work();
    const std::size_t before = heap_in_use();
    for (int round = 0; round < 10; ++round) work();
    EXPECT_EQ(heap_in_use(), before);
}

INSTANTIATE_TEST_SUITE_P(Backends, Allocations,
                         testing::Values(backend::BackendKind::reference, backend::BackendKind::onednn),
                         [](const auto& test) { return std::string(backend::name_of(test.param)); });

}  // namespace
