# SPDX-License-Identifier: Apache-2.0
"""What `atnas devices` says, where no GPU is shown to it; tests/cuda/test_gpu_devices.py has some."""

import json
import unittest

from cli import BAD_DECK, ProgramTest


class Devices(ProgramTest):
    def test_none_is_an_answer_with_a_reason(self):
        for ranks in (1, 2):
            outcome = self.run_program("devices", "--json=devices.json", ranks=ranks)
            self.assert_done(outcome)
            self.assertRegex(outcome.out, r"^no GPU: .+\n$")
            found = json.loads((self.folder / "devices.json").read_text())
            self.assertEqual(found["gpus"], [])
            self.assertIn(found["obstacle"], outcome.out)

    def test_wrong_arguments(self):
        self.assert_refused(self.run_program("devices", "0"), BAD_DECK, '"0"')


if __name__ == "__main__":
    unittest.main(verbosity=2)
