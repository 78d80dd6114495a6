# SPDX-License-Identifier: Apache-2.0
"""The shared libraries of a program of any architecture."""
import os
import re
import sys

from debian import run


def libraries(program, root):
    """Paths in the root of the files that the dynamic loader maps for a program, and of the loader."""
    loader = re.search(r"program interpreter: (\S+)\]", run("readelf", "-lW", program))
    if not loader:
        sys.exit(f"{program} is not a program that uses shared libraries")
    found = {loader[1]}
    todo = needed(program)
    while todo:
        path = find(todo.pop(), root)
        if path not in found:
            found.add(path)
            todo += needed(root.file(path))
    return sorted(without_twins(found, root))


def needed(path):
    return re.findall(r"\(NEEDED\)\s+Shared library: \[(.+)\]", run("readelf", "-dW", path))


def find(name, root):
    for folder in root.library_folders:
        path = f"{folder}/{name}"
        if os.path.exists(root.file(path)):
            return path
    sys.exit(f"{name} is in none of the folders {' '.join(root.library_folders)} of {root.path}")


def without_twins(paths, root):
    """Removes a second path to the same file and name: a library may need the loader itself."""
    by_file = {}
    for path in sorted(paths, key=len):
        by_file.setdefault((root.file(path), os.path.basename(path)), path)
    return by_file.values()
