// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// How an exception becomes lines for people, the same way on every rank.

#include <exception>
#include <string>
#include <vector>

#include "atnas/comm/communicator.hpp"
#include "atnas/core/error.hpp"

namespace atnas::app {

/// What is left of an exception.
struct ErrorReport {
    ExitCode code;
    std::vector<std::string> lines;  ///< "error: problem (reason), suggestion"; one per problem, no line breaks inside
};

ErrorReport report_of(const std::exception_ptr& error);

/// Waits until every rank has come here or \p seconds have passed; says whether all came. Collective, and safe to call
/// while other ranks are stuck in a collective of another communicator.
bool all_arrive(const comm::Communicator& farewell, double seconds);

}  // namespace atnas::app
