# tests/k8s/test_*.py run "reflect", a small API client, against API servers that misbehave.
noinst_PROGRAMS += tests/k8s/reflect
tests_k8s_reflect_LDADD = $(K8S_LIBS) $(CORE_LIBS)
EXTRA_DIST += tests/k8s/conftest.py tests/k8s/fake.py tests/k8s/test_config.py \
	tests/k8s/test_creds.py tests/k8s/test_dead.py tests/k8s/test_reflector.py
