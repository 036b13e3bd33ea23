# SPDX-License-Identifier: Apache-2.0
"""The headers of stb, which Spack's own repository lacks. Not tried with Spack: see jobs/install/README.md."""

from spack_repo.builtin.build_systems.generic import Package

from spack.package import *


class Stb(Package):
    """Single-file libraries for C; ATNAS reads images by stb_image.h."""

    homepage = "https://github.com/nothings/stb"
    git = "https://github.com/nothings/stb.git"

    license("MIT")

    version("master", branch="master")

    def install(self, spec, prefix):
        """<stb/stb_image.h>, as Debian has it."""
        mkdirp(prefix.include.stb)
        install("stb_image.h", prefix.include.stb)
