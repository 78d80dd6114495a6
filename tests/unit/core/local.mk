check_PROGRAMS += tests/unit/core/test_ip
check_PROGRAMS += tests/unit/core/test_iface
check_PROGRAMS += tests/unit/core/test_wire
check_PROGRAMS += tests/unit/core/test_arp
check_PROGRAMS += tests/unit/core/test_ndp
check_PROGRAMS += tests/unit/core/test_hello
tests_unit_core_test_hello_SOURCES = \
	tests/unit/core/golden_hello.c \
	tests/unit/core/golden_hello.h \
	tests/unit/core/test_hello.c
check_PROGRAMS += tests/unit/core/test_hello_bad
tests_unit_core_test_hello_bad_SOURCES = \
	tests/unit/core/golden_hello.c \
	tests/unit/core/golden_hello.h \
	tests/unit/core/test_hello_bad.c
check_PROGRAMS += tests/unit/core/test_announce
tests_unit_core_test_announce_SOURCES = \
	tests/unit/core/lan_script.c \
	tests/unit/core/lan_script.h \
	tests/unit/core/test_announce.c
check_PROGRAMS += tests/unit/core/test_defend
tests_unit_core_test_defend_SOURCES = \
	tests/unit/core/lan_script.c \
	tests/unit/core/lan_script.h \
	tests/unit/core/test_defend.c
check_PROGRAMS += tests/unit/core/test_crowd
check_PROGRAMS += tests/unit/core/test_prober

# The world, in stories: tests/unit/core/story.h.
check_LIBRARIES += tests/unit/core/libstory.a
tests_unit_core_libstory_a_SOURCES = \
	tests/unit/core/api.c \
	tests/unit/core/api.h \
	tests/unit/core/fact_link.c \
	tests/unit/core/facts.c \
	tests/unit/core/facts.h \
	tests/unit/core/story.c \
	tests/unit/core/story.h \
	tests/unit/core/story_lan.c \
	tests/unit/core/story_lan.h
STORY_LIBS = tests/unit/core/libstory.a $(CORE_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/unit/core/test_alloc
tests_unit_core_test_alloc_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/test_arena
check_PROGRAMS += tests/unit/core/test_rules
tests_unit_core_test_rules_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/test_elect
tests_unit_core_test_elect_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/test_lease
check_PROGRAMS += tests/unit/core/test_object
tests_unit_core_test_object_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/test_families
tests_unit_core_test_families_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/test_conditions
tests_unit_core_test_conditions_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/test_hold
tests_unit_core_test_hold_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/test_holder
tests_unit_core_test_holder_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/test_live
tests_unit_core_test_live_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/test_notes
tests_unit_core_test_notes_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/test_ours
tests_unit_core_test_ours_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/test_pools
tests_unit_core_test_pools_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/test_request
tests_unit_core_test_request_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/test_check
tests_unit_core_test_check_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/test_trial
tests_unit_core_test_trial_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/test_trouble
tests_unit_core_test_trouble_LDADD = $(STORY_LIBS)
check_PROGRAMS += tests/unit/core/test_sharing
tests_unit_core_test_sharing_LDADD = $(STORY_LIBS)

# Random histories of the world.  A seed that fails is printed, and replays as the argument.
check_PROGRAMS += tests/unit/core/test_world_random
tests_unit_core_test_world_random_SOURCES = \
	tests/unit/core/asking.c \
	tests/unit/core/calm.c \
	tests/unit/core/history.c \
	tests/unit/core/history.h \
	tests/unit/core/flat.c \
	tests/unit/core/flat.h \
	tests/unit/core/judge.c \
	tests/unit/core/judge.h \
	tests/unit/core/order.c \
	tests/unit/core/test_world_random.c
tests_unit_core_test_world_random_LDADD = $(STORY_LIBS)

# The election, in stories of a few nodes on a LAN.
LAN_THREE = \
	tests/unit/core/lan_party.c \
	tests/unit/core/lan_party.h \
	tests/unit/core/lan_three.c \
	tests/unit/core/lan_three.h
check_PROGRAMS += tests/unit/core/test_election
tests_unit_core_test_election_SOURCES = $(LAN_THREE) \
	tests/unit/core/test_election.c
check_PROGRAMS += tests/unit/core/test_election_crowd
tests_unit_core_test_election_crowd_SOURCES = \
	tests/unit/core/lan_party.c \
	tests/unit/core/lan_party.h \
	tests/unit/core/test_election_crowd.c
check_PROGRAMS += tests/unit/core/test_election_liars
tests_unit_core_test_election_liars_SOURCES = $(LAN_THREE) \
	tests/unit/core/test_election_liars.c
check_PROGRAMS += tests/unit/core/test_election_told
tests_unit_core_test_election_told_SOURCES = $(LAN_THREE) \
	tests/unit/core/test_election_told.c
check_PROGRAMS += tests/unit/core/test_election_leave
tests_unit_core_test_election_leave_SOURCES = $(LAN_THREE) \
	tests/unit/core/test_election_leave.c
