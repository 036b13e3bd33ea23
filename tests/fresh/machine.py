# SPDX-License-Identifier: Apache-2.0
"""A fresh machine in a folder: the base of a Debian release, and a user who may use sudo, or root alone.

usage: python3 machine.py RELEASE USER SOURCE_DIR COMMAND...    runs a command there, in a copy of the source tree
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

USER = "user"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
OLDEST_S = 30 * 24 * 3600  # a base that is older is made anew

# In namespaces of its own, so that no mount and no process stays, however the command ends.
ENTER = """
set -e
root=$1 cache=$2 user=$3 home=$4
shift 4
mount --bind "$root" "$root"  # what mounts there asks for a root that is a mount point
mount -t proc none "$root/proc"
for place in dev sys; do mount --rbind "/$place" "$root/$place"; done
mount --bind "$cache/packages" "$root/var/cache/apt/archives"
mount --bind "$cache/ccache" "$root/$home/.cache/ccache"
exec chroot --userspec="$user" "$root" env -i HOME="$home" USER="$user" PATH="$path" TERM=dumb "$@"
"""


class CannotMake(Exception):
    """Why there is no such machine here."""


def cache_folder(release):
    """What is kept between runs: the base, packages, compiled objects."""
    top = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return top / "atnas-tests" / release


def make_base(release, folder):
    """The base in folder/base, made where it is missing or old."""
    base = folder / "base"
    if base.exists() and time.time() - base.stat().st_mtime < OLDEST_S:
        return base
    folder.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix="base-", dir=folder))
    command = ["debootstrap", "--variant=minbase", "--include=ca-certificates,git,sudo", release, str(fresh)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        shutil.rmtree(fresh)
        raise CannotMake("debootstrap failed, is there a package mirror?\n" + done.stdout[-2000:])
    fresh.chmod(0o755)
    os.utime(fresh)
    shutil.rmtree(base, ignore_errors=True)
    fresh.rename(base)
    return base


class Machine:
    """Made on entry, gone on exit. source: the tree that the user finds in ~/atnas, uncommitted changes included."""

    def __init__(self, release, source, user=USER):
        self.release, self.source, self.user = release, Path(source), user
        self.home = "/root" if user == "root" else "/home/" + user
        self.cache = cache_folder(release)

    def __enter__(self):
        if os.geteuid() != 0:
            raise CannotMake("only root can make it")
        if shutil.which("debootstrap", path=os.environ["PATH"] + ":" + PATH) is None:
            raise CannotMake("debootstrap is not installed")
        base = make_base(self.release, self.cache)
        self.root = Path(tempfile.mkdtemp(prefix="machine-", dir=self.cache))
        try:
            self.fill(base)
        except BaseException:
            self.remove()
            raise
        return self

    def fill(self, base):
        subprocess.run(["cp", "-a", "--reflink=auto", "%s/." % base, str(self.root)], check=True)
        shutil.copy("/etc/resolv.conf", self.root / "etc")
        (self.root / "etc/hosts").write_text("127.0.0.1 localhost\n127.0.0.1 %s\n" % os.uname().nodename)
        home = self.root / self.home[1:]
        if self.user != "root":
            subprocess.run(["chroot", self.root, "useradd", "--create-home", "--shell=/bin/bash", self.user], check=True)
            (self.root / "etc/sudoers.d" / self.user).write_text("%s ALL=(ALL) NOPASSWD: ALL\n" % self.user)
        self.copy_source(home / "atnas")
        (home / ".cache/ccache").mkdir(parents=True)
        for kept in ("packages", "ccache"):
            (self.cache / kept).mkdir(exist_ok=True)
        owner = "%d:%d" % (home.stat().st_uid, home.stat().st_gid)
        subprocess.run(["chown", "-R", owner, home, self.cache / "ccache"], check=True)

    def copy_source(self, place):
        """What git knows or would add."""
        place.mkdir()
        names = subprocess.run(["git", "-C", self.source, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                               check=True, capture_output=True).stdout
        present = [name for name in names.split(b"\0") if name and os.path.lexists(os.path.join(os.fsencode(self.source), name))]
        pack = subprocess.Popen(["tar", "-C", self.source, "--null", "--files-from=-", "-c"], stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE)
        unpack = subprocess.Popen(["tar", "-C", place, "-x"], stdin=pack.stdout)
        pack.stdin.write(b"\0".join(present))
        pack.stdin.close()
        if pack.wait() != 0 or unpack.wait() != 0:
            raise RuntimeError("cannot copy the source tree")

    def run(self, *words, timeout=None):
        """Runs the words there, in the source tree; their exit code."""
        command = ["unshare", "--mount", "--propagation=private", "--pid", "--fork", "--kill-child", "bash", "-c",
                   ENTER, "enter", str(self.root), str(self.cache), self.user, self.home, "sh", "-c",
                   'cd "$HOME/atnas" && exec "$@"', "sh", *words]
        return subprocess.run(command, env={"path": PATH, "PATH": PATH}, stdin=subprocess.DEVNULL, timeout=timeout).returncode

    def remove(self):
        subprocess.run(["rm", "-rf", "--one-file-system", str(self.root)], check=True)

    def __exit__(self, *_):
        self.remove()


if __name__ == "__main__":
    with Machine(sys.argv[1], sys.argv[3], sys.argv[2]) as machine:
        sys.exit(machine.run(*sys.argv[4:]))
