# What make check looks at without a cluster; the rest of this folder is pytest's.
TESTS += tests/deploy/check-manifest
EXTRA_DIST += tests/deploy/check-manifest tests/deploy/conftest.py \
	tests/deploy/test_image.py tests/deploy/test_install.py tests/deploy/test_rbac.py \
	tests/deploy/test_schemas.py
