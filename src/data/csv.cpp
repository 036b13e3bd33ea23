// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/csv.hpp"

#include <algorithm>
#include <utility>

#include "atnas/core/error.hpp"

namespace atnas::data {
namespace {

class CsvReader {
  public:
    CsvReader(std::string_view text, const std::string& name) : text_(text), name_(name) {}

    std::vector<CsvRecord> records() {
        std::vector<CsvRecord> records;
        if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
        while (at_ < text_.size()) {
            if (end_line()) continue;
            records.push_back(record());
        }
        return records;
    }

  private:
    CsvRecord record() {
        CsvRecord record{line_, {field()}};
        while (at_ < text_.size() && text_[at_] == ',') {
            ++at_;
            record.fields.push_back(field());
        }
        if (at_ < text_.size() && !end_line())
            fail("something follows a closing quote", "a quote inside of a field is written twice");
        return record;
    }

    std::string field() {
        if (at_ < text_.size() && text_[at_] == '"') return quoted();
        const std::size_t end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
        return std::string(text_.substr(std::exchange(at_, end), end - at_));
    }

    std::string quoted() {
        std::string value;
        const std::size_t first_line = line_;
        for (++at_; at_ < text_.size(); ++at_) {
            if (text_[at_] == '\n') ++line_;
            if (text_[at_] == '"' && text_.substr(at_ + 1, 1) != "\"") return ++at_, value;
            if (text_[at_] == '"') ++at_;
            value += text_[at_];
        }
        line_ = first_line;
        fail("a quote has no end", "close it in the same field");
    }

    /// Goes over LF, CRLF or CR.
    bool end_line() {
        const std::size_t length = text_.substr(at_, 2) == "\r\n"             ? 2
                                   : text_[at_] == '\n' || text_[at_] == '\r' ? 1
                                                                              : 0;
        at_ += length;
        line_ += length > 0 ? 1 : 0;
        return length > 0;
    }

    [[noreturn]] void fail(const std::string& reason, const std::string& suggestion) const {
        throw Error(ExitCode::bad_data, {name_ + ", line " + std::to_string(line_), reason, suggestion});
    }

    std::string_view text_;
    const std::string& name_;
    std::size_t at_{0};
    std::size_t line_{1};
};

}  // namespace

std::vector<CsvRecord> parse_csv(std::string_view text, const std::string& name) {
    return CsvReader(text, name).records();
}

std::string csv_field(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
    std::string quoted = "\"";
    for (const char letter : text) quoted += letter == '"' ? "\"\"" : std::string(1, letter);
    return quoted + '"';
}

}  // namespace atnas::data
