check_PROGRAMS += tests/unit/core/base/test_ip
check_PROGRAMS += tests/unit/core/base/test_iface
check_PROGRAMS += tests/unit/core/base/test_wire
check_PROGRAMS += tests/unit/core/lan/test_arp
check_PROGRAMS += tests/unit/core/lan/test_ndp
check_PROGRAMS += tests/unit/core/lan/test_hello
tests_unit_core_lan_test_hello_SOURCES = \
	tests/unit/core/lan/golden_hello.c \
	tests/unit/core/lan/golden_hello.h \
	tests/unit/core/lan/test_hello.c
check_PROGRAMS += tests/unit/core/lan/test_hello_bad
tests_unit_core_lan_test_hello_bad_SOURCES = \
	tests/unit/core/lan/golden_hello.c \
	tests/unit/core/lan/golden_hello.h \
	tests/unit/core/lan/test_hello_bad.c
check_PROGRAMS += tests/unit/core/lan/test_announce
tests_unit_core_lan_test_announce_SOURCES = \
	tests/unit/core/lan/lan_log.h \
	tests/unit/core/lan/lan_script.c \
	tests/unit/core/lan/lan_script.h \
	tests/unit/core/lan/test_announce.c
check_PROGRAMS += tests/unit/core/lan/test_defend
tests_unit_core_lan_test_defend_SOURCES = \
	tests/unit/core/lan/lan_log.h \
	tests/unit/core/lan/lan_script.c \
	tests/unit/core/lan/lan_script.h \
	tests/unit/core/lan/test_defend.c
check_PROGRAMS += tests/unit/core/lan/test_crowd
check_PROGRAMS += tests/unit/core/lan/test_prober
tests_unit_core_lan_test_prober_SOURCES = \
	tests/unit/core/lan/lan_log.h \
	tests/unit/core/lan/test_prober.c

# The world, in stories: tests/unit/core/world/story.h.
check_LIBRARIES += tests/unit/core/world/libstory.a
tests_unit_core_world_libstory_a_SOURCES = \
	tests/unit/core/world/act_text.c \
	tests/unit/core/world/act_text.h \
	tests/unit/core/world/api.c \
	tests/unit/core/world/api.h \
	tests/unit/core/world/fact_labels.c \
	tests/unit/core/world/fact_link.c \
	tests/unit/core/world/facts.c \
	tests/unit/core/world/facts.h \
	tests/unit/core/world/story.c \
	tests/unit/core/world/story.h \
	tests/unit/core/world/story_begin.c \
	tests/unit/core/world/story_lan.c \
	tests/unit/core/world/story_lan.h
STORY_LIBS = tests/unit/core/world/libstory.a $(CORE_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/core/world/test_alloc
tests_unit_core_world_test_alloc_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/base/test_arena
check_PROGRAMS += tests/unit/core/world/test_rest
tests_unit_core_world_test_rest_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/world/test_rules
tests_unit_core_world_test_rules_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/base/test_elect
tests_unit_core_base_test_elect_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/world/test_lease
check_PROGRAMS += tests/unit/core/world/test_object
tests_unit_core_world_test_object_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/world/test_families
tests_unit_core_world_test_families_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/world/test_conditions
tests_unit_core_world_test_conditions_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/world/test_hold
tests_unit_core_world_test_hold_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/world/test_holder
tests_unit_core_world_test_holder_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/world/test_live
tests_unit_core_world_test_live_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/world/test_notes
tests_unit_core_world_test_notes_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/world/test_events
tests_unit_core_world_test_events_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/world/test_causes
tests_unit_core_world_test_causes_LDADD = $(CORE_LIBS) $(CMOCKA_LIBS)
check_PROGRAMS += tests/unit/core/world/test_ours
tests_unit_core_world_test_ours_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/world/test_pools
tests_unit_core_world_test_pools_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/world/test_request
tests_unit_core_world_test_request_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/world/test_check
tests_unit_core_world_test_check_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/world/test_trial
tests_unit_core_world_test_trial_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/world/test_trouble
tests_unit_core_world_test_trouble_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/world/test_sharing
tests_unit_core_world_test_sharing_LDADD = $(STORY_LIBS)

# Random histories of the world.  A seed that fails is printed, and replays as the argument.
check_PROGRAMS += tests/unit/core/world/test_world_random
tests_unit_core_world_test_world_random_SOURCES = \
	tests/unit/core/world/asking.c \
	tests/unit/core/world/calm.c \
	tests/unit/core/world/history.c \
	tests/unit/core/world/history.h \
	tests/unit/core/world/flat.c \
	tests/unit/core/world/flat.h \
	tests/unit/core/world/judge.c \
	tests/unit/core/world/judge.h \
	tests/unit/core/world/order.c \
	tests/unit/core/world/test_world_random.c
tests_unit_core_world_test_world_random_LDADD = $(STORY_LIBS)

# The election, in stories of a few nodes on a LAN.
LAN_THREE = \
	tests/unit/core/lan/lan_party.c \
	tests/unit/core/lan/lan_party.h \
	tests/unit/core/lan/lan_three.c \
	tests/unit/core/lan/lan_three.h
check_PROGRAMS += tests/unit/core/lan/test_election
tests_unit_core_lan_test_election_SOURCES = $(LAN_THREE) \
	tests/unit/core/lan/test_election.c
check_PROGRAMS += tests/unit/core/lan/test_election_crowd
tests_unit_core_lan_test_election_crowd_SOURCES = \
	tests/unit/core/lan/lan_party.c \
	tests/unit/core/lan/lan_party.h \
	tests/unit/core/lan/test_election_crowd.c
check_PROGRAMS += tests/unit/core/lan/test_election_liars
tests_unit_core_lan_test_election_liars_SOURCES = $(LAN_THREE) \
	tests/unit/core/lan/test_election_liars.c
check_PROGRAMS += tests/unit/core/lan/test_election_calm
tests_unit_core_lan_test_election_calm_SOURCES = $(LAN_THREE) \
	tests/unit/core/lan/test_election_calm.c

check_PROGRAMS += tests/unit/core/lan/test_election_told
tests_unit_core_lan_test_election_told_SOURCES = $(LAN_THREE) \
	tests/unit/core/lan/test_election_told.c
check_PROGRAMS += tests/unit/core/lan/test_election_leave
tests_unit_core_lan_test_election_leave_SOURCES = $(LAN_THREE) \
	tests/unit/core/lan/test_election_leave.c
