check_PROGRAMS += tests/unit/core/base/test_ip
check_PROGRAMS += tests/unit/core/base/test_backoff
check_PROGRAMS += tests/unit/core/base/test_link
check_PROGRAMS += tests/unit/core/election/test_api_nodes
check_PROGRAMS += tests/unit/core/base/test_contention
check_PROGRAMS += tests/unit/core/base/test_lan_nodes
check_PROGRAMS += tests/unit/core/rate/test_event_correlator
check_PROGRAMS += tests/unit/core/rate/test_fair_queue
check_PROGRAMS += tests/unit/core/rate/test_rate_table
check_PROGRAMS += tests/unit/core/rate/test_token_bucket
check_PROGRAMS += tests/unit/core/rate/test_write_pace
check_PROGRAMS += tests/unit/core/base/test_link_addrs
check_PROGRAMS += tests/unit/core/base/test_wire
check_PROGRAMS += tests/unit/core/codec/test_arp
check_PROGRAMS += tests/unit/core/codec/test_ndp
check_PROGRAMS += tests/unit/core/codec/test_hello
tests_unit_core_codec_test_hello_SOURCES = \
	tests/unit/core/codec/golden_hello.c \
	tests/unit/core/codec/golden_hello.h \
	tests/unit/core/codec/test_hello.c
check_PROGRAMS += tests/unit/core/codec/test_hello_bad
tests_unit_core_codec_test_hello_bad_SOURCES = \
	tests/unit/core/codec/golden_hello.c \
	tests/unit/core/codec/golden_hello.h \
	tests/unit/core/codec/test_hello_bad.c
check_PROGRAMS += tests/unit/core/announcer/test_announcer
tests_unit_core_announcer_test_announcer_SOURCES = \
	tests/unit/core/announcer/frame_log.h \
	tests/unit/core/announcer/ann_script.c \
	tests/unit/core/announcer/ann_script.h \
	tests/unit/core/announcer/test_announcer.c
check_PROGRAMS += tests/unit/core/announcer/test_ann_conflict
tests_unit_core_announcer_test_ann_conflict_SOURCES = \
	tests/unit/core/announcer/frame_log.h \
	tests/unit/core/announcer/ann_script.c \
	tests/unit/core/announcer/ann_script.h \
	tests/unit/core/announcer/test_ann_conflict.c
check_PROGRAMS += tests/unit/core/announcer/test_ann_pacing
check_PROGRAMS += tests/unit/core/prober/test_prober
tests_unit_core_prober_test_prober_SOURCES = \
	tests/unit/core/announcer/frame_log.h \
	tests/unit/core/prober/test_prober.c
check_PROGRAMS += tests/unit/core/prober/test_node_macs
check_PROGRAMS += tests/unit/core/prober/test_proxy_hosts
check_PROGRAMS += tests/unit/core/prober/test_host_checks

# These tests put objects into the world and check the plans of the world, with the functions of
# tests/unit/core/scenario/scenario.h.
check_LIBRARIES += tests/unit/core/scenario/libscenario.a
tests_unit_core_scenario_libscenario_a_SOURCES = \
	tests/unit/core/scenario/action_text.c \
	tests/unit/core/scenario/action_text.h \
	tests/unit/core/scenario/fake_api.c \
	tests/unit/core/scenario/fake_api.h \
	tests/unit/core/scenario/digest.c \
	tests/unit/core/scenario/digest.h \
	tests/unit/core/scenario/labels_text.c \
	tests/unit/core/scenario/link_text.c \
	tests/unit/core/scenario/object_text.c \
	tests/unit/core/scenario/object_text.h \
	tests/unit/core/scenario/scenario.c \
	tests/unit/core/scenario/scenario.h \
	tests/unit/core/scenario/setups.c \
	tests/unit/core/scenario/scenario_lan.c \
	tests/unit/core/scenario/scenario_lan.h
SCENARIO_LIBS = tests/unit/core/scenario/libscenario.a $(CORE_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/core/alloc/test_alloc
tests_unit_core_alloc_test_alloc_LDADD = $(SCENARIO_LIBS)
check_PROGRAMS += tests/unit/core/report/test_overwrites
tests_unit_core_report_test_overwrites_LDADD = $(SCENARIO_LIBS)
check_PROGRAMS += tests/unit/core/world/test_world_queries
tests_unit_core_world_test_world_queries_LDADD = $(SCENARIO_LIBS)
check_PROGRAMS += tests/unit/core/base/test_arena
check_PROGRAMS += tests/unit/core/pools/test_cooldown
tests_unit_core_pools_test_cooldown_LDADD = $(SCENARIO_LIBS)
check_PROGRAMS += tests/unit/core/pools/test_cooldown_burst
tests_unit_core_pools_test_cooldown_burst_LDADD = $(SCENARIO_LIBS)
check_PROGRAMS += tests/unit/core/pools/test_pool_rules
tests_unit_core_pools_test_pool_rules_LDADD = $(SCENARIO_LIBS)
check_PROGRAMS += tests/unit/core/base/test_node_rank
tests_unit_core_base_test_node_rank_LDADD = $(SCENARIO_LIBS)
check_PROGRAMS += tests/unit/core/lease/test_lease
check_PROGRAMS += tests/unit/core/state/test_svc_life
check_PROGRAMS += tests/unit/core/object/test_object
tests_unit_core_object_test_object_LDADD = $(SCENARIO_LIBS)
check_PROGRAMS += tests/unit/core/alloc/test_families
tests_unit_core_alloc_test_families_LDADD = $(SCENARIO_LIBS)
check_PROGRAMS += tests/unit/core/report/test_conditions
tests_unit_core_report_test_conditions_LDADD = $(SCENARIO_LIBS)
check_PROGRAMS += tests/unit/core/eligibility/test_link_vips
tests_unit_core_eligibility_test_link_vips_LDADD = $(SCENARIO_LIBS)
check_PROGRAMS += tests/unit/core/eligibility/test_eligibility
tests_unit_core_eligibility_test_eligibility_LDADD = $(SCENARIO_LIBS)
check_PROGRAMS += tests/unit/core/world/test_service_changes
tests_unit_core_world_test_service_changes_LDADD = $(SCENARIO_LIBS)
check_PROGRAMS += tests/unit/core/world/test_pool_annotations
tests_unit_core_world_test_pool_annotations_LDADD = $(SCENARIO_LIBS)
check_PROGRAMS += tests/unit/core/object/test_action_plan
tests_unit_core_object_test_action_plan_LDADD = $(SCENARIO_LIBS)
check_PROGRAMS += tests/unit/core/eligibility/test_reasons
tests_unit_core_eligibility_test_reasons_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/unit/core/eligibility/test_shared_nodes
tests_unit_core_eligibility_test_shared_nodes_LDADD = $(SCENARIO_LIBS)
check_PROGRAMS += tests/unit/core/eligibility/test_serving_nodes
tests_unit_core_eligibility_test_serving_nodes_LDADD = $(SCENARIO_LIBS)
check_PROGRAMS += tests/unit/core/world/test_managed_services
tests_unit_core_world_test_managed_services_LDADD = $(SCENARIO_LIBS)
check_PROGRAMS += tests/unit/core/pools/test_pools
tests_unit_core_pools_test_pools_LDADD = $(SCENARIO_LIBS)
check_PROGRAMS += tests/unit/core/alloc/test_requested_ips
tests_unit_core_alloc_test_requested_ips_LDADD = $(SCENARIO_LIBS)
check_PROGRAMS += tests/unit/core/alloc/test_proxy_arp
tests_unit_core_alloc_test_proxy_arp_LDADD = $(SCENARIO_LIBS)
check_PROGRAMS += tests/unit/core/alloc/test_probe_results
tests_unit_core_alloc_test_probe_results_LDADD = $(SCENARIO_LIBS)
check_PROGRAMS += tests/unit/core/alloc/test_addr_probation
tests_unit_core_alloc_test_addr_probation_LDADD = $(SCENARIO_LIBS)
check_PROGRAMS += tests/unit/core/report/test_conflicts
tests_unit_core_report_test_conflicts_LDADD = $(SCENARIO_LIBS)
check_PROGRAMS += tests/unit/core/report/test_node_events
tests_unit_core_report_test_node_events_LDADD = $(SCENARIO_LIBS)
check_PROGRAMS += tests/unit/core/report/test_key_secret
tests_unit_core_report_test_key_secret_LDADD = $(SCENARIO_LIBS)
check_PROGRAMS += tests/unit/core/report/test_l2status
tests_unit_core_report_test_l2status_LDADD = $(SCENARIO_LIBS)
check_PROGRAMS += tests/unit/core/alloc/test_sharing
tests_unit_core_alloc_test_sharing_LDADD = $(SCENARIO_LIBS)

# test_world_random runs random histories of the world.  If a history fails, the test prints the
# seed of the history.  With a seed as its argument, the test runs only the history of that seed.
check_PROGRAMS += tests/unit/core/world/test_world_random
tests_unit_core_world_test_world_random_SOURCES = \
	tests/unit/core/world/history.c \
	tests/unit/core/world/history.h \
	tests/unit/core/world/history_edits.c \
	tests/unit/core/world/history_probes.c \
	tests/unit/core/world/history_stable.c \
	tests/unit/core/world/model.c \
	tests/unit/core/world/model.h \
	tests/unit/core/world/invariants.c \
	tests/unit/core/world/invariants.h \
	tests/unit/core/world/event_order.c \
	tests/unit/core/world/test_world_random.c
tests_unit_core_world_test_world_random_LDADD = $(SCENARIO_LIBS)

# Tests of the election with a few simulated nodes on a LAN.
LAN_THREE = \
	tests/unit/core/election/lan_nodes.c \
	tests/unit/core/election/lan_nodes.h \
	tests/unit/core/election/scripted_peer.c \
	tests/unit/core/election/scripted_peer.h \
	tests/unit/core/election/three_nodes.c \
	tests/unit/core/election/three_nodes.h
check_PROGRAMS += tests/unit/core/election/test_election
tests_unit_core_election_test_election_SOURCES = $(LAN_THREE) \
	tests/unit/core/election/test_election.c
check_PROGRAMS += tests/unit/core/election/test_many_nodes
tests_unit_core_election_test_many_nodes_SOURCES = \
	tests/unit/core/election/lan_nodes.c \
	tests/unit/core/election/lan_nodes.h \
	tests/unit/core/election/test_many_nodes.c
check_PROGRAMS += tests/unit/core/election/test_attacks
tests_unit_core_election_test_attacks_SOURCES = $(LAN_THREE) \
	tests/unit/core/election/test_attacks.c
check_PROGRAMS += tests/unit/core/election/test_odd_hellos
tests_unit_core_election_test_odd_hellos_SOURCES = $(LAN_THREE) \
	tests/unit/core/election/test_odd_hellos.c
check_PROGRAMS += tests/unit/core/election/test_hello_udp
tests_unit_core_election_test_hello_udp_SOURCES = \
	tests/unit/core/election/link_nodes.c \
	tests/unit/core/election/link_nodes.h \
	tests/unit/core/election/test_hello_udp.c
check_PROGRAMS += tests/unit/core/election/test_last_resort
tests_unit_core_election_test_last_resort_SOURCES = \
	tests/unit/core/election/link_nodes.c \
	tests/unit/core/election/link_nodes.h \
	tests/unit/core/election/test_last_resort.c
check_PROGRAMS += tests/unit/core/election/test_hello_proof
tests_unit_core_election_test_hello_proof_SOURCES = \
	tests/unit/core/election/link_nodes.c \
	tests/unit/core/election/link_nodes.h \
	tests/unit/core/election/test_hello_proof.c
check_PROGRAMS += tests/unit/core/election/test_hello_unchanged
tests_unit_core_election_test_hello_unchanged_SOURCES = $(LAN_THREE) \
	tests/unit/core/election/test_hello_unchanged.c

check_PROGRAMS += tests/unit/core/election/test_reannounce
tests_unit_core_election_test_reannounce_SOURCES = $(LAN_THREE) \
	tests/unit/core/election/test_reannounce.c
check_PROGRAMS += tests/unit/core/election/test_leave
tests_unit_core_election_test_leave_SOURCES = $(LAN_THREE) \
	tests/unit/core/election/test_leave.c
