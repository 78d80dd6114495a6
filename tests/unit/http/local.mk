check_PROGRAMS += tests/unit/http/test_http_server tests/unit/http/test_metrics
tests_unit_http_test_http_server_LDADD = $(HTTP_LIBS) $(CMOCKA_LIBS)
tests_unit_http_test_metrics_LDADD = $(HTTP_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/unit/http/test_text_buf
tests_unit_http_test_text_buf_LDADD = $(HTTP_LIBS) $(CMOCKA_LIBS)
