# What make check looks at without a cluster; the rest of this folder is pytest's.
TESTS += tests/deploy/check-manifest
EXTRA_DIST += tests/deploy
