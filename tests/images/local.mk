# pytest runs the files of this folder; they need Debian's cross compilers and qemu-user.
EXTRA_DIST += tests/images/conftest.py tests/images/test_layout.py tests/images/test_release.py
