check_PROGRAMS += tests/unit/core/test_ip
