check_PROGRAMS += tests/unit/core/test_ip
check_PROGRAMS += tests/unit/core/test_iface
