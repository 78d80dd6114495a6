# Attacks on a cluster of real daemons.  As root, run `pytest tests/attack`.
EXTRA_DIST += \
	tests/attack/announced.py \
	tests/attack/conftest.py \
	tests/attack/daemon.py \
	tests/attack/hellos.py \
	tests/attack/rogue.py \
	tests/attack/tenant.py \
	tests/attack/test_api.py \
	tests/attack/test_host.py \
	tests/attack/test_hellos.py \
	tests/attack/test_links.py \
	tests/attack/test_tenant_noise.py \
	tests/attack/test_loop_turns.py \
	tests/attack/test_tenant_objects.py \
	tests/attack/test_rogue_host.py \
	tests/attack/vlan.py
