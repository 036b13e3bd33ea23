# SPDX-License-Identifier: Apache-2.0
"""The subcommands of the console script, one a file: ``add(parsers)`` and ``run(arguments)``."""
