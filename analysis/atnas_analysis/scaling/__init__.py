# SPDX-License-Identifier: Apache-2.0
"""Tables of scaling studies and the cost model that is fitted to them; numpy and h5py are enough for it.

``jobs/scaling`` measures, writes the tables and predicts with it: its README explains columns and model.
"""

PHASES = ("forward", "backward", "optimizer", "reduction", "evaluation", "migration", "checkpoint", "waiting")
STATISTICS = ("min", "avg", "max")
