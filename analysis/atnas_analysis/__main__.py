# SPDX-License-Identifier: Apache-2.0
"""``python -m atnas_analysis``."""

import sys

from .command_line import main

sys.exit(main())
