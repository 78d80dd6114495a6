# SPDX-License-Identifier: Apache-2.0
"""Debian packages: those of this machine, and those of another architecture in a folder."""
import dataclasses
import functools
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile

# the packages for `./configure && make check`, as in tests/setup
BUILD_PACKAGES = """libbsd-dev libc6-dev libcmocka-dev libcurl4-openssl-dev libev-dev libjson-c-dev
    libmicrohttpd-dev libmnl-dev libssl-dev libyaml-dev""".split()
CACHE = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "arplet")


def run(*argv):
    """The output of a command; exits with its error messages if it fails."""
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{done.stderr}{' '.join(argv)}: exit status {done.returncode}")
    return done.stdout


@dataclasses.dataclass(frozen=True)
class Package:
    """A Debian binary package."""
    name: str
    version: str
    arch: str
    source: str

    @property
    def purl(self):
        """The package URL; https://github.com/package-url/purl-spec, type deb."""
        version = self.version.replace(":", "%3A").replace("+", "%2B")
        return f"pkg:deb/debian/{self.name}@{version}?arch={self.arch}"


class Root:
    """A folder with the files of Debian packages; "/" is this machine."""

    def __init__(self, path="/"):
        self.path = os.path.realpath(path)

    def file(self, path):
        """The real path of the file that has this path in the root."""
        return os.path.realpath(os.path.join(self.path, path.lstrip("/")))

    @functools.cached_property
    def library_folders(self):
        """The folders in which the dynamic loader of Debian searches shared libraries."""
        found = []
        for top in ("/lib", "/usr/lib"):
            with os.scandir(os.path.join(self.path, top.lstrip("/"))) as entries:
                found += [f"{top}/{e.name}" for e in sorted(entries, key=lambda e: e.name)
                          if "-linux-gnu" in e.name]
        return found

    def owner(self, path):
        """The package that contains the file; exits if no package does."""
        for name in self._names_of(path):
            if name in self._owners:
                return self._owners[name]
        sys.exit(f"{path} belongs to no Debian package, so its licence is unknown")

    def _names_of(self, path):
        """The names under which dpkg may know a file, because /lib may be a link to /usr/lib."""
        real = "/" + os.path.relpath(self.file(path), self.path)
        return path, real, real.removeprefix("/usr"), "/usr" + real

    @functools.cached_property
    def _owners(self):
        """A dict from each path that dpkg knows to its package."""
        info = os.path.join(self.path, "var/lib/dpkg")
        packages = packages_of(os.path.join(info, "status"))
        found = {}
        for package in packages:
            for name in (f"{package.name}:{package.arch}", package.name):
                listing = os.path.join(info, "info", name + ".list")
                if os.path.exists(listing):
                    with open(listing, encoding="utf-8") as f:
                        found.update((line.rstrip("\n"), package) for line in f)
                    break
        return found


def packages_of(status):
    """The installed packages of dpkg's file `status`."""
    with open(status, encoding="utf-8") as f:
        stanzas = f.read().split("\n\n")
    for stanza in stanzas:
        fields = dict(re.findall(r"^([A-Za-z-]+): (.*)$", stanza, re.MULTILINE))
        if fields.get("Status", "").endswith(" installed"):
            yield Package(fields["Package"], fields["Version"], fields["Architecture"],
                          fields.get("Source", fields["Package"]).split()[0])


def sysroot(arch, sources=None):
    """
    A Root with BUILD_PACKAGES of another architecture.  `sources`: a sources.list of apt; None: the
    one of this machine.  Needs no root.  The cache keeps it until the sources have other versions.
    """
    apt = _apt_folder(arch)
    options = _apt_options(apt, arch, sources)
    print(f"{arch}: reading the package lists", file=sys.stderr)
    run("apt-get", *options, "update", "-qq")
    uris = run("apt-get", *options, "install", "-y", "-qq", "--print-uris", *BUILD_PACKAGES)
    digest = hashlib.sha256("\n".join(sorted(uris.split())).encode()).hexdigest()[:16]
    folder = f"{CACHE}/sysroot-{arch}-{digest}"
    if not os.path.isdir(folder):
        print(f"{arch}: fetching {len(uris.splitlines())} packages", file=sys.stderr)
        run("apt-get", *options, "install", "-y", "-qq", "--download-only", *BUILD_PACKAGES)
        _unpack(f"{apt}/cache/archives", folder)
    shutil.rmtree(apt)
    return Root(folder)


def _apt_folder(arch):
    folder = tempfile.mkdtemp(prefix=f"arplet-apt-{arch}-")
    for path in ("state/lists/partial", "cache/archives/partial"):
        os.makedirs(f"{folder}/{path}")
    open(f"{folder}/status", "w", encoding="ascii").close()  # no package is installed
    return folder


def _apt_options(folder, arch, sources):
    settings = [f"APT::Architecture={arch}", "APT::Architectures=", f"APT::Architectures::={arch}",
                f"Dir::State={folder}/state", f"Dir::State::status={folder}/status",
                f"Dir::Cache={folder}/cache", "APT::Install-Recommends=0",
                "Debug::NoLocking=1", "APT::Sandbox::User="]
    if sources:
        settings += [f"Dir::Etc::sourcelist={os.path.abspath(sources)}", "Dir::Etc::sourceparts=-"]
    return [word for setting in settings for word in ("-o", setting)]


def _unpack(archives, folder):
    """Unpacks the packages, and writes what dpkg would know of them, in its format."""
    part = tempfile.mkdtemp(prefix="sysroot-", dir=_made(CACHE))
    os.chmod(part, 0o755)
    info = _made(f"{part}/var/lib/dpkg/info")
    with open(f"{part}/var/lib/dpkg/status", "w", encoding="utf-8") as status:
        for name in sorted(os.listdir(archives)):
            if name.endswith(".deb"):
                deb = f"{archives}/{name}"
                subprocess.run(["dpkg-deb", "--extract", deb, part], check=True)
                control = run("dpkg-deb", "--field", deb)
                package = re.search(r"^Package: (\S+)", control, re.MULTILINE)[1]
                status.write(f"{control.rstrip()}\nStatus: install ok installed\n\n")
                _write_list(deb, f"{info}/{package}.list")
    _make_links_relative(part)
    try:
        os.rename(part, folder)
    except OSError:  # another build was faster
        shutil.rmtree(part)


def _write_list(deb, path):
    listing = subprocess.run(["dpkg-deb", "--fsys-tarfile", deb], check=True,
                             stdout=subprocess.PIPE).stdout
    names = subprocess.run(["tar", "-t"], input=listing, check=True,
                           stdout=subprocess.PIPE).stdout.decode()
    with open(path, "w", encoding="utf-8") as f:
        f.writelines(name.removeprefix(".").rstrip("/") + "\n" for name in names.splitlines())


def _make_links_relative(folder):
    """Otherwise links such as /usr/lib/.../libm.so -> /lib/... point outside of the folder."""
    for top, _, names in os.walk(folder):
        for name in names:
            path = f"{top}/{name}"
            if os.path.islink(path) and os.readlink(path).startswith("/"):
                target = folder + os.readlink(path)
                os.unlink(path)
                os.symlink(os.path.relpath(target, top), path)


def _made(folder):
    os.makedirs(folder, exist_ok=True)
    return folder
