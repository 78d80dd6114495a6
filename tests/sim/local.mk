# The simulator runs whole clusters in one process, from a seed.
check_PROGRAMS += tests/sim/sim
tests_sim_sim_SOURCES = \
	tests/sim/api_server.c \
	tests/sim/api_server.h \
	tests/sim/carrier_steps.c \
	tests/sim/check_alloc.c \
	tests/sim/check_alloc.h \
	tests/sim/check_holders.c \
	tests/sim/check_holders.h \
	tests/sim/check_steady.c \
	tests/sim/write_queue.c \
	tests/sim/write_queue.h \
	tests/sim/lan.c \
	tests/sim/lan.h \
	tests/sim/leader.c \
	tests/sim/main.c \
	tests/sim/node.c \
	tests/sim/node.h \
	tests/sim/reach.c \
	tests/sim/reach.h \
	tests/sim/script.c \
	tests/sim/script.h \
	tests/sim/sim.c \
	tests/sim/sim.h \
	tests/sim/speaker.c \
	tests/sim/speaker.h \
	tests/sim/speaker_ops.c \
	tests/sim/steps.c \
	tests/sim/steps.h \
	tests/sim/user_edits.c \
	tests/unit/core/world/model.c \
	tests/unit/core/world/invariants.c \
	tests/unit/core/world/invariants.h
tests_sim_sim_LDADD = $(SCENARIO_LIBS)

# many_nodes simulates many nodes on one LAN.  "many_nodes 200 86400 10 listen" simulates 200 nodes
# for a day.
check_PROGRAMS += tests/sim/many_nodes
tests_sim_many_nodes_SOURCES = tests/sim/many_nodes.c
tests_sim_many_nodes_LDADD = $(SCENARIO_LIBS)
EXTRA_DIST += tests/sim/README.md
