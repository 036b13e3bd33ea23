// SPDX-License-Identifier: Apache-2.0
/// \file
/// Main program of the tests that run on several ranks: one verdict over all of them, rank 0's report and the failures
/// of the others, and a watchdog, because a rank that leaves a test early lets the others wait forever.

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <mpi.h>

// There in sanitized builds only. The check happens once: not again at the end of the process.
extern "C" {
[[gnu::weak]] void __lsan_do_leak_check();
[[gnu::weak]] void __lsan_disable();
[[gnu::weak]] void __lsan_enable();
}

namespace {

/// Ends the job when one test takes longer than the limit, and says which one.
class Watchdog : public testing::EmptyTestEventListener {
  public:
    Watchdog(int rank, std::chrono::seconds limit) : rank_(rank), limit_(limit), thread_([this] { watch(); }) {}
    ~Watchdog() override {
        change([this] { done_ = true; });
        thread_.join();
    }
    Watchdog(const Watchdog&) = delete;
    Watchdog& operator=(const Watchdog&) = delete;

    void OnTestStart(const testing::TestInfo& info) override {
        change([&] {
            running_ = std::string(info.test_suite_name()) + "." + info.name();
            deadline_ = std::chrono::steady_clock::now() + limit_;
        });
    }
    void OnTestEnd(const testing::TestInfo& /*info*/) override {
        change([this] { running_.clear(); });
    }

  private:
    template <class Change>
    void change(Change work) {
        {
            const std::lock_guard lock(mutex_);
            work();
        }
        changed_.notify_one();
    }

    void watch() {
        std::unique_lock lock(mutex_);
        while (!done_) {
            if (running_.empty()) {
                changed_.wait(lock);
            } else if (changed_.wait_until(lock, deadline_) == std::cv_status::timeout && !running_.empty() &&
                       std::chrono::steady_clock::now() >= deadline_) {
                std::ostringstream text;  // one write: several ranks may speak at once
                text << "rank " << rank_ << ": " << running_ << " has not ended in " << limit_.count()
                     << " s, the job is given up\n";
                std::cerr << text.str() << std::flush;
                // Not MPI_Abort: another thread is inside MPI. The launcher ends the job when a rank leaves like this.
                std::_Exit(EXIT_FAILURE);
            }
        }
    }

    int rank_;
    std::chrono::seconds limit_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::string running_;
    std::chrono::steady_clock::time_point deadline_;
    bool done_{false};
    std::thread thread_;  // last: it uses all the others
};

/// The failures of a rank whose ordinary report nobody sees.
class FailureReport : public testing::EmptyTestEventListener {
  public:
    explicit FailureReport(int rank) : rank_(rank) {}

    void OnTestStart(const testing::TestInfo& info) override {
        // Not asked for when a failure comes: GoogleTest holds the lock of current_test_info() then.
        test_ = std::string(info.test_suite_name()) + "." + info.name();
    }
    void OnTestPartResult(const testing::TestPartResult& result) override {
        if (!result.failed()) return;
        std::ostringstream text;
        text << "rank " << rank_ << ": " << test_ << ": "
             << (result.file_name() == nullptr ? "(unknown)" : result.file_name()) << ":" << result.line_number()
             << "\n"
             << result.message() << "\n";
        std::cerr << text.str() << std::flush;
    }

  private:
    int rank_;
    std::string test_{"outside of a test"};
};

std::chrono::seconds limit_per_test() {
    const char* text = std::getenv("ATNAS_TEST_SECONDS");
    const int seconds = text == nullptr ? 0 : std::atoi(text);
    return std::chrono::seconds(seconds > 0 ? seconds : 120);
}

/// The verdict, the same on every rank. Collective.
int verdict(int rank, int ranks, bool failed) {
    const int tests = testing::UnitTest::GetInstance()->test_to_run_count();
    const int mine[2] = {failed ? 1 : 0, -tests};
    int worst[2] = {0, 0};
    MPI_Allreduce(mine, worst, 2, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
    std::vector<int> failures(static_cast<std::size_t>(ranks));
    MPI_Allgather(mine, 1, MPI_INT, failures.data(), 1, MPI_INT, MPI_COMM_WORLD);
    const bool none_run = worst[1] == 0;
    if (rank == 0) {
        std::ostringstream text;
        text << "verdict over " << ranks << " rank" << (ranks == 1 ? "" : "s") << ": ";
        if (none_run) {
            text << "FAILED, no test was run";
        } else if (worst[0] != 0) {
            text << "FAILED on rank";
            for (int r = 0; r < ranks; ++r)
                if (failures[static_cast<std::size_t>(r)] != 0) text << " " << r;
        } else {
            text << "passed";
        }
        std::cout << text.str() << std::endl;
    }
    return worst[0] != 0 || none_run ? EXIT_FAILURE : EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
    int provided = MPI_THREAD_SINGLE;
    // MPI tries plug-ins and unloads them again: what those leave behind has no name that could be suppressed.
    if (__lsan_disable != nullptr) __lsan_disable();
    MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided);
    if (__lsan_enable != nullptr) __lsan_enable();
    testing::InitGoogleTest(&argc, argv);
    int rank = 0;
    int ranks = 1;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);

    auto& listeners = testing::UnitTest::GetInstance()->listeners();
    if (rank != 0) {
        delete listeners.Release(listeners.default_result_printer());
        listeners.Append(new FailureReport(rank));
    }
    int result = EXIT_FAILURE;
    {
        Watchdog watchdog(rank, limit_per_test());
        listeners.Append(&watchdog);
        const bool failed = RUN_ALL_TESTS() != 0;
        listeners.Release(&watchdog);
        result = verdict(rank, ranks, failed);
    }
    // Afterwards MPI's plug-ins are unloaded, and what they keep could no longer be told from our leaks.
    if (__lsan_do_leak_check != nullptr) __lsan_do_leak_check();
    MPI_Finalize();
    return result;
}
