check_PROGRAMS += \
	tests/unit/k8s/test_decode \
	tests/unit/k8s/test_decode_responses \
	tests/unit/k8s/test_encode \
	tests/unit/k8s/test_json_filter \
	tests/unit/k8s/test_kubeconfig \
	tests/unit/k8s/test_manifest \
	tests/unit/k8s/test_json_skip \
	tests/unit/k8s/test_reflector_fsm \
	tests/unit/k8s/test_decode_service \
	tests/unit/k8s/test_unknown_fields \
	tests/unit/k8s/test_wanted_fields \
	tests/unit/k8s/test_yaml
tests_unit_k8s_test_decode_LDADD = $(K8S_LIBS) $(CORE_LIBS) $(CMOCKA_LIBS)
tests_unit_k8s_test_decode_responses_LDADD = $(K8S_LIBS) $(CORE_LIBS) $(CMOCKA_LIBS)
tests_unit_k8s_test_encode_LDADD = $(K8S_LIBS) $(CORE_LIBS) $(CMOCKA_LIBS)
tests_unit_k8s_test_json_filter_LDADD = $(K8S_LIBS) $(CORE_LIBS) $(CMOCKA_LIBS)
tests_unit_k8s_test_kubeconfig_LDADD = $(K8S_LIBS) $(CORE_LIBS) $(CMOCKA_LIBS)
tests_unit_k8s_test_manifest_LDADD = $(K8S_LIBS) $(CORE_LIBS) $(CMOCKA_LIBS)
tests_unit_k8s_test_json_skip_LDADD = $(K8S_LIBS) $(CORE_LIBS) $(CMOCKA_LIBS)
tests_unit_k8s_test_reflector_fsm_LDADD = $(K8S_LIBS) $(CORE_LIBS) $(CMOCKA_LIBS)
tests_unit_k8s_test_decode_service_LDADD = $(K8S_LIBS) $(CORE_LIBS) $(CMOCKA_LIBS)
tests_unit_k8s_test_unknown_fields_LDADD = $(K8S_LIBS) $(CORE_LIBS) $(CMOCKA_LIBS)
tests_unit_k8s_test_yaml_LDADD = $(K8S_LIBS) $(CORE_LIBS) $(CMOCKA_LIBS)
tests_unit_k8s_test_wanted_fields_LDADD = $(K8S_LIBS) $(CORE_LIBS) $(CMOCKA_LIBS)
