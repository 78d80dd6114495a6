# SPDX-License-Identifier: Apache-2.0
"""Compiles arplet for an architecture, with Debian's cross compilers and a sysroot."""
import dataclasses
import os
import shutil
import subprocess
import sys

FLAGS = "-O2 -g"


@dataclasses.dataclass(frozen=True)
class Target:
    """An architecture for which this folder builds images."""
    debian: str    # Debian's name of the architecture
    triplet: str   # GNU's name, the prefix of the cross tools
    platform: dict  # the platform in an OCI index

    def tool(self, name):
        """The name of a program such as gcc; exits if it is missing."""
        program = f"{self.triplet}-{name}"
        if not shutil.which(program):
            sys.exit(f"{program} is missing; on Debian, run as root:  apt-get install "
                     f"gcc-{self.triplet.replace('_', '-')}")
        return program


TARGETS = {
    "amd64": Target("amd64", "x86_64-linux-gnu", {"os": "linux", "architecture": "amd64"}),
    "arm64": Target("arm64", "aarch64-linux-gnu", {"os": "linux", "architecture": "arm64"}),
    "arm": Target("armhf", "arm-linux-gnueabihf",
                  {"os": "linux", "architecture": "arm", "variant": "v7"}),
}


def compile_program(top, arch, root, work):
    """Compiles a copy of the sources in `top`, in the folder `work`; returns the program's path."""
    configure(top, arch, root, work)
    print(f"{arch}: compiling", file=sys.stderr)
    _run(["make", f"-j{os.cpu_count()}", "src/arplet"], work)
    return f"{work}/build/src/arplet"


def configure(top, arch, root, work):
    """Configures a build of arplet for the architecture in the folder work/build."""
    target = TARGETS[arch]
    _copy_sources(top, f"{work}/source")
    if not os.path.exists(f"{work}/source/configure"):
        _run(["autoreconf", "-fi"], work, "source")
    os.mkdir(f"{work}/build")
    libraries = f"{root.path}/usr/lib/{target.triplet}"
    # the mapped paths keep the program independent of the folders
    flags = f"{FLAGS} -ffile-prefix-map={work}=. -ffile-prefix-map={root.path}=/"
    env = {"PKG_CONFIG_LIBDIR": f"{libraries}/pkgconfig:{root.path}/usr/share/pkgconfig",
           "PKG_CONFIG_SYSROOT_DIR": root.path}
    _run(["../source/configure", f"--host={target.triplet}", f"CFLAGS={flags}",
          f"CC={target.tool('gcc')} --sysroot={root.path}",
          # the linker finds libraries of libraries, such as libldap of libcurl
          f"LDFLAGS=-Wl,-rpath-link,{libraries}:{root.path}/lib/{target.triplet}"], work, env=env)


def _copy_sources(top, folder):
    """Copies the sources without what a build in `top` has written."""
    listed = subprocess.run(["git", "-C", top, "ls-files", "-z", "--cached", "--others",
                             "--exclude-standard"], capture_output=True, check=False)
    if listed.returncode != 0:  # an unpacked release
        shutil.copytree(top, folder, symlinks=True, ignore=_built)
        return
    for name in listed.stdout.decode().split("\0"):
        path = f"{top}/{name}"
        if name and os.path.lexists(path):
            os.makedirs(os.path.dirname(f"{folder}/{name}"), exist_ok=True)
            shutil.copy2(path, f"{folder}/{name}", follow_symlinks=False)


def _built(folder, names):
    """The names in a folder that configure and make have written, and not a release."""
    return [name for name in names
            if name.endswith((".o", ".a", ".log", ".trs")) or _is_program(f"{folder}/{name}")
            or name in (".deps", ".dirstamp", "config.status", "config.h", "Makefile", "stamp-h1")]


def _is_program(path):
    if not os.path.isfile(path):
        return False
    with open(path, "rb") as f:
        return f.read(4) == b"\x7fELF"


def _run(argv, work, where="build", env=None):
    """Runs a command in a folder of `work`; prints its output and exits if it fails."""
    done = subprocess.run(argv, cwd=f"{work}/{where}", stdout=subprocess.PIPE, check=False,
                          stderr=subprocess.STDOUT, text=True, env={**os.environ, **(env or {})})
    if done.returncode:
        sys.exit(f"{done.stdout}\n{' '.join(argv)}: exit status {done.returncode}")
