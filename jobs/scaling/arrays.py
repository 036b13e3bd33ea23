# SPDX-License-Identifier: Apache-2.0
"""numpy and h5py for the other modules, or an error for people; study.py runs without them."""

import sys

import package  # noqa: F401

try:
    import h5py  # noqa: F401
    import numpy as np  # noqa: F401
except ImportError as error:
    sys.exit("error: %s (tables and fits are made with numpy and h5py), install python3-numpy and python3-h5py or use "
             "another Python: python3 %s ..." % (error, sys.argv[0]))
