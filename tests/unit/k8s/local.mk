# tests/unit/k8s
check_PROGRAMS += \
	tests/unit/k8s/test_decode \
	tests/unit/k8s/test_decode_api \
	tests/unit/k8s/test_encode \
	tests/unit/k8s/test_frames \
	tests/unit/k8s/test_kubeconfig \
	tests/unit/k8s/test_manifest \
	tests/unit/k8s/test_nest \
	tests/unit/k8s/test_next \
	tests/unit/k8s/test_service \
	tests/unit/k8s/test_strays \
	tests/unit/k8s/test_yaml
tests_unit_k8s_test_decode_LDADD = $(K8S_LIBS) $(CORE_LIBS) $(CMOCKA_LIBS)
tests_unit_k8s_test_decode_api_LDADD = $(K8S_LIBS) $(CORE_LIBS) $(CMOCKA_LIBS)
tests_unit_k8s_test_encode_LDADD = $(K8S_LIBS) $(CORE_LIBS) $(CMOCKA_LIBS)
tests_unit_k8s_test_frames_LDADD = $(K8S_LIBS) $(CORE_LIBS) $(CMOCKA_LIBS)
tests_unit_k8s_test_kubeconfig_LDADD = $(K8S_LIBS) $(CORE_LIBS) $(CMOCKA_LIBS)
tests_unit_k8s_test_manifest_LDADD = $(K8S_LIBS) $(CORE_LIBS) $(CMOCKA_LIBS)
tests_unit_k8s_test_nest_LDADD = $(K8S_LIBS) $(CORE_LIBS) $(CMOCKA_LIBS)
tests_unit_k8s_test_next_LDADD = $(K8S_LIBS) $(CORE_LIBS) $(CMOCKA_LIBS)
tests_unit_k8s_test_service_LDADD = $(K8S_LIBS) $(CORE_LIBS) $(CMOCKA_LIBS)
tests_unit_k8s_test_strays_LDADD = $(K8S_LIBS) $(CORE_LIBS) $(CMOCKA_LIBS)
tests_unit_k8s_test_yaml_LDADD = $(K8S_LIBS) $(CORE_LIBS) $(CMOCKA_LIBS)
