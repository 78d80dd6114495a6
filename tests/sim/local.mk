# The simulator runs whole clusters in one process, from a seed.
check_PROGRAMS += tests/sim/sim
tests_sim_sim_SOURCES = \
	tests/sim/check.c \
	tests/sim/check.h \
	tests/sim/edits.c \
	tests/sim/exec.c \
	tests/sim/exec.h \
	tests/sim/holders.c \
	tests/sim/holders.h \
	tests/sim/kube.c \
	tests/sim/kube.h \
	tests/sim/lan.c \
	tests/sim/lan.h \
	tests/sim/leader.c \
	tests/sim/main.c \
	tests/sim/node.c \
	tests/sim/node.h \
	tests/sim/rest.c \
	tests/sim/script.c \
	tests/sim/script.h \
	tests/sim/sim.c \
	tests/sim/sim.h \
	tests/sim/steps.c \
	tests/sim/steps.h \
	tests/sim/voice.c \
	tests/sim/voice.h \
	tests/unit/core/world/flat.c \
	tests/unit/core/world/judge.c \
	tests/unit/core/world/judge.h
tests_sim_sim_LDADD = $(STORY_LIBS)

# crowd runs many nodes on one LAN.  Two hundred nodes for a day: crowd 200 86400 10 listen
check_PROGRAMS += tests/sim/crowd
tests_sim_crowd_SOURCES = tests/sim/crowd.c
tests_sim_crowd_LDADD = $(STORY_LIBS)
EXTRA_DIST += tests/sim/README.md
