# "make check" runs check-manifest, which needs no cluster.  pytest runs the other
# files of this folder.
TESTS += tests/deploy/check-manifest
EXTRA_DIST += tests/deploy/check-manifest tests/deploy/conftest.py \
	tests/deploy/test_chart.py tests/deploy/test_image.py tests/deploy/test_install.py tests/deploy/test_rbac.py \
	tests/deploy/test_schemas.py
