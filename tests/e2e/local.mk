# pytest runs the end-to-end tests as root, with the program src/arplet.
EXTRA_DIST += \
	tests/e2e/allocation_checker.py \
	tests/e2e/conftest.py \
	tests/e2e/lan.py \
	tests/e2e/test_admission_policy.py \
	tests/e2e/test_allocator.py \
	tests/e2e/test_annotations.py \
	tests/e2e/test_api_failures.py \
	tests/e2e/test_busy.py \
	tests/e2e/test_carriers.py \
	tests/e2e/test_chart.py \
	tests/e2e/test_chart_metallb.py \
	tests/e2e/test_chaos.py \
	tests/e2e/test_conditions.py \
	tests/e2e/test_conflicts.py \
	tests/e2e/test_crds.py \
	tests/e2e/test_daemonset.py \
	tests/e2e/test_dry_run.py \
	tests/e2e/test_dual_stack.py \
	tests/e2e/test_failover.py \
	tests/e2e/test_foreign_services.py \
	tests/e2e/test_hello_key.py \
	tests/e2e/test_holders.py \
	tests/e2e/test_large_objects.py \
	tests/e2e/test_local.py \
	tests/e2e/test_metallb.py \
	tests/e2e/test_pools.py \
	tests/e2e/test_rates.py \
	tests/e2e/test_restarts.py \
	tests/e2e/test_serving.py \
	tests/e2e/test_sharing.py
