check_PROGRAMS += tests/unit/core/test_ip
check_PROGRAMS += tests/unit/core/test_iface
check_PROGRAMS += tests/unit/core/test_wire
check_PROGRAMS += tests/unit/core/test_arp
check_PROGRAMS += tests/unit/core/test_announce
check_PROGRAMS += tests/unit/core/test_crowd
