#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A cable between two network interfaces that takes its time.

usage: relay.py MILLISECONDS INTERFACE INTERFACE

Creates both interfaces in its network namespace, prints a line once they are there (they may be moved elsewhere then) and
carries every frame from one to the other so much later. Stopped (SIGSTOP) it is a cable that carries nothing more, while
both ends still look connected. For kernels without netem.
"""

import collections
import fcntl
import os
import select
import struct
import sys
import time

TUNSETIFF = 0x400454CA
IFF_TAP, IFF_NO_PI = 0x0002, 0x1000
LARGEST_FRAME = 65536


def interface(name):
    """The end of a TAP interface at which its frames come out."""
    end = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(end, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TAP | IFF_NO_PI))
    return end


def main():
    delay = float(sys.argv[1]) * 1e-3
    a, b = interface(sys.argv[2]), interface(sys.argv[3])
    print("ready", flush=True)
    other = {a: b, b: a}
    travelling = collections.deque()  # (when it arrives, where, frame), in this order
    while True:
        wait = max(0.0, travelling[0][0] - time.monotonic()) if travelling else None
        readable, _, _ = select.select([a, b], [], [], wait)
        now = time.monotonic()
        for end in readable:
            travelling.append((now + delay, other[end], os.read(end, LARGEST_FRAME)))
        while travelling and travelling[0][0] <= now:
            _, end, frame = travelling.popleft()
            try:
                os.write(end, frame)
            except OSError:  # the other end is down: the frame is lost, as it would be
                pass


if __name__ == "__main__":
    main()
