// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Contracts between programmers. They state what the code relies on and vanish in release builds; whatever a user
/// or a file can get wrong is checked with core/error.hpp instead, always.

#include <source_location>

namespace atnas {

/// Prints the broken contract with its place and aborts. Never returns.
[[noreturn]] void contract_broken(const char* kind, const char* condition, std::source_location where) noexcept;

}  // namespace atnas

// Macros because the condition must not be evaluated in release builds and its text belongs in the message.
#ifdef NDEBUG
#define ATNAS_CONTRACT(kind, condition) static_cast<void>(sizeof(!(condition)))
#else
#define ATNAS_CONTRACT(kind, condition) \
    ((condition) ? static_cast<void>(0) : ::atnas::contract_broken(kind, #condition, std::source_location::current()))
#endif

/// What a function asks of its caller.
#define ATNAS_EXPECT(condition) ATNAS_CONTRACT("precondition", condition)
/// What the code in between relies on.
#define ATNAS_ASSERT(condition) ATNAS_CONTRACT("assertion", condition)
/// What a function promises on return.
#define ATNAS_ENSURE(condition) ATNAS_CONTRACT("postcondition", condition)
