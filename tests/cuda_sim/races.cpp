// SPDX-License-Identifier: Apache-2.0
#include "races.hpp"

#include <sys/mman.h>

#include <deque>
#include <map>
#include <set>
#include <vector>

#include "memory.hpp"

namespace cuda_sim {
namespace {

/// Otherwise nobody knows what they write.
constexpr bool kernels_are_watched = CUDA_SIM_WATCHED_KERNELS != 0;

/// One item, one set of them (by its number), or 0 for nobody.
using Readers = std::uint32_t;
constexpr Readers is_set = Readers{1} << 31;

struct Record {
    const std::string* what;
    std::uint32_t stream;
    std::uint64_t serial;
};

class Accesses {
  public:
    Accesses() {
        const auto arena = simulated_memory();
        const std::size_t bytes = arena.bytes / word_bytes * sizeof(Word);
        void* words = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (words == MAP_FAILED) violation("no address space to remember accesses in");
        madvise(words, bytes, MADV_DONTDUMP);
        remembered = {arena.begin, arena.bytes, static_cast<Word*>(words), 0};
    }

    ItemNumber add(const std::string& what, std::uint32_t stream, std::uint64_t serial) {
        records_.push_back({&*names_.insert(what).first, stream, serial});
        return static_cast<ItemNumber>(records_.size() - 1);
    }

    void run(ItemNumber item, std::shared_ptr<const Clock> before) {
        item_ = remembered.item = item;
        stream_ = records_[item].stream;
        before_ = std::move(before);
        known_writer_ = known_readers_ = joined_readers_ = 0;
    }
    void read(const void* pointer, std::size_t bytes, Content content) {
        for (Word *word = remembered.word_at(pointer), *end = last(pointer, bytes); word != end; ++word) {
            if (word->readers == item_ || word->writer == item_) continue;
            expect_written(*word, content);
            if (word->readers == 0) {
                word->readers = item_;
                continue;
            }
            if (word->readers != joined_readers_) {
                joined_readers_ = word->readers;
                joined_ = with_this_one(word->readers);
            }
            word->readers = joined_;
        }
    }

    void write(const void* pointer, std::size_t bytes) {
        for (Word *word = remembered.word_at(pointer), *end = last(pointer, bytes); word != end; ++word) {
            if (word->writer != known_writer_ && !is_before(word->writer)) race(*word, word->writer, "write", "wrote");
            if (word->readers != 0 && word->readers != known_readers_) expect_read(*word);
            *word = {item_, 0};
        }
        known_writer_ = item_;
    }

    void forget(const void* pointer, std::size_t bytes) {
        // Both ends are those of pages, there as here.
        madvise(remembered.word_at(pointer), bytes / word_bytes * sizeof(Word), MADV_DONTNEED);
    }

  private:
    static Word* last(const void* pointer, std::size_t bytes) noexcept {
        return remembered.word_at(static_cast<const std::byte*>(pointer) + bytes + word_bytes - 1);
    }
    static const std::byte* address_of(const Word& word) noexcept {
        return remembered.begin + static_cast<std::size_t>(&word - remembered.words) * word_bytes;
    }

    bool is_before(ItemNumber other) const {
        if (other == 0 || other == item_) return true;
        const Record& record = records_[other];
        return record.stream == stream_ || before_->of(record.stream) >= record.serial;
    }

    void expect_written(const Word& word, Content content) {
        if (word.writer == known_writer_ && word.writer != 0) return;
        if (word.writer == 0) {
            if (!kernels_are_watched || content == Content::anything) return;
            const std::byte* address = address_of(word);
            const auto* allocation = find_allocation(address);
            if (allocation != nullptr && allocation->place == Place::device)
                violation(name(item_) + " reads " + describe(address) + ", which nothing has written");
            return;
        }
        if (!is_before(word.writer)) race(word, word.writer, "read", "wrote");
        known_writer_ = word.writer;
    }

    void expect_read(const Word& word) {
        if ((word.readers & is_set) == 0) {
            if (!is_before(word.readers)) race(word, word.readers, "write", "read");
        } else {
            for (const ItemNumber reader : sets_[word.readers & ~is_set])
                if (!is_before(reader)) race(word, reader, "write", "read");
        }
        known_readers_ = word.readers;
    }

    /// This item's reading says all about that of items before it.
    Readers with_this_one(Readers readers) {
        std::vector<ItemNumber> left;
        if ((readers & is_set) == 0) {
            if (!is_before(readers)) left.push_back(readers);
        } else {
            for (const ItemNumber reader : sets_[readers & ~is_set])
                if (!is_before(reader)) left.push_back(reader);
        }
        if (left.empty()) return item_;
        left.push_back(item_);
        sets_.push_back(std::move(left));
        return static_cast<Readers>(sets_.size() - 1) | is_set;
    }

    std::string name(ItemNumber item) const {
        const Record& record = records_[item];
        return *record.what + " (item " + std::to_string(record.serial) + " of stream " +
               std::to_string(record.stream) + ")";
    }

    [[noreturn]] void race(const Word& word, ItemNumber other, const char* does, const char* did) const {
        violation("a race: " + name(item_) + " is to " + does + " " + describe(address_of(word)) + ", which " +
                  name(other) + " " + did + ", and nothing orders the two");
    }

    std::set<std::string> names_{};
    std::deque<Record> records_{Record{}};
    std::deque<std::vector<ItemNumber>> sets_{};

    ItemNumber item_{0};
    std::uint32_t stream_{0};
    std::shared_ptr<const Clock> before_{};
    // Neighbouring words have the same past: what was found out about the one before.
    ItemNumber known_writer_{0};
    Readers known_readers_{0};
    Readers joined_readers_{0};
    Readers joined_{0};
};

Accesses& accesses() {
    static auto* instance = new Accesses;
    return *instance;
}

}  // namespace

constinit Remembered remembered{};

ItemNumber register_item(const std::string& what, std::uint32_t stream, std::uint64_t serial) {
    return accesses().add(what, stream, serial);
}

Running::Running(ItemNumber item, std::shared_ptr<const Clock> before) {
    accesses().run(item, std::move(before));
}

Running::~Running() {
    accesses().run(0, nullptr);
}

void note_read(const void* pointer, std::size_t bytes, Content content) {
    if (bytes > 0 && remembered.item != 0 && remembered.covers(pointer)) {
        accesses().read(pointer, bytes, content);
    }
}

void note_write(const void* pointer, std::size_t bytes) {
    if (bytes > 0 && remembered.item != 0 && remembered.covers(pointer)) accesses().write(pointer, bytes);
}

void forget_accesses(const void* pointer, std::size_t bytes) {
    if (!remembered.covers(pointer)) return;
    accesses().forget(pointer, bytes);
}

}  // namespace cuda_sim
