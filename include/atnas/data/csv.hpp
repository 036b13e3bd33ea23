// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Tables as text: comma-separated values (RFC 4180).

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace atnas::data {

/// One row of a table.
struct CsvRecord {
    std::size_t line;  ///< in which it begins, from 1
    std::vector<std::string> fields;
};

/// Reads records of fields between commas. A field in quotes may hold commas, line ends and, doubled, quotes. Lines end
/// with LF or CRLF; empty ones and a byte order mark at the start are passed over. Throws Error(bad_data) that names
/// \p name and the line: a quote without end, something between a closing quote and the next comma.
std::vector<CsvRecord> parse_csv(std::string_view text, const std::string& name);

/// \p text as one field: in quotes where it has to be.
std::string csv_field(std::string_view text);

}  // namespace atnas::data
