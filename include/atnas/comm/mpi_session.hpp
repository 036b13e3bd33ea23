// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The time during which MPI is there.

namespace atnas::comm {

/// Initialises and finalises MPI. One object in main(). Before, it sets what Open MPI needs to start and to end well,
/// as environment variables, unless they are set: HOME, no shared file pointers, no locks on the launcher's data.
class MpiSession {
  public:
    MpiSession(int& argc, char**& argv);
    ~MpiSession();
    MpiSession(const MpiSession&) = delete;
    MpiSession& operator=(const MpiSession&) = delete;
};

}  // namespace atnas::comm
