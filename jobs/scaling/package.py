# SPDX-License-Identifier: Apache-2.0
"""Lets the other modules import `atnas_analysis` of this tree, whether it is installed or not."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "analysis"))
