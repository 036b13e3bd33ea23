// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Errors for people: a problem, why it is one, and what to do about it.

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace atnas {

/// What the process returns to the shell and the batch system.
enum class ExitCode : int {
    done = 0,
    failed = 1,           ///< an error nobody foresaw
    bad_deck = 2,         ///< deck, command line or machine does not fit
    restart_refused = 3,  ///< the checkpoint and the deck do not belong together
    bad_data = 4,         ///< a data file or other file is missing, damaged or cannot be written
    stopped = 75,         ///< stopped in time by a signal or a budget, or run folder in use; resubmit
};

struct ExitMeaning {
    ExitCode code;
    std::string_view meaning;
};
/// For help and manual.
inline constexpr std::array exit_meanings{
    ExitMeaning{ExitCode::done, "done"},
    ExitMeaning{ExitCode::failed, "failed"},
    ExitMeaning{ExitCode::bad_deck, "bad deck or arguments"},
    ExitMeaning{ExitCode::restart_refused, "restart refused"},
    ExitMeaning{ExitCode::bad_data, "bad data or file"},
    ExitMeaning{ExitCode::stopped, "stopped in time, or the run folder is in use: start it again to go on"},
};

/// One line for a person. what() reads "problem (reason), suggestion".
struct Problem {
    std::string problem;     ///< what is wrong; names the key or the file and the value
    std::string reason;      ///< why that is wrong; may be empty
    std::string suggestion;  ///< what to do; may be empty

    std::string text() const;
};

/// An error that a user or a file caused. May carry several problems that were found together.
class Error : public std::runtime_error {
  public:
    Error(ExitCode code, Problem problem);
    /// \pre problems is not empty
    Error(ExitCode code, std::vector<Problem> problems);

    ExitCode code() const noexcept { return code_; }
    const std::vector<Problem>& problems() const noexcept { return problems_; }

  private:
    ExitCode code_;
    std::vector<Problem> problems_;
};

/// Throws Error(code, {problem, reason, suggestion}) unless \p holds. Never compiled out.
inline void check(bool holds, ExitCode code, const char* problem, const char* reason = "",
                  const char* suggestion = "") {
    if (!holds) throw Error(code, Problem{problem, reason, suggestion});
}

/// The candidate with the smallest edit distance to \p word, or "" when none is near enough to be what was meant.
std::string nearest_word(const std::string& word, const std::vector<std::string>& candidates);

}  // namespace atnas
