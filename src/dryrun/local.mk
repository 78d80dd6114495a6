noinst_LIBRARIES += src/libdryrun.a
src_libdryrun_a_SOURCES = \
	src/dryrun/dryrun.c \
	src/dryrun/dryrun.h \
	src/dryrun/follow_cluster.c \
	src/dryrun/follow_cluster.h \
	src/dryrun/manifest_files.c \
	src/dryrun/manifest_files.h \
	src/dryrun/outcome.c \
	src/dryrun/outcome.h \
	src/dryrun/assumed_objects.c \
	src/dryrun/assumed_objects.h \
	src/dryrun/find_manifests.c \
	src/dryrun/find_manifests.h \
	src/dryrun/status_patches.c \
	src/dryrun/status_patches.h \
	src/dryrun/status_summary.c \
	src/dryrun/status_summary.h \
	src/dryrun/table.c \
	src/dryrun/table.h

DRYRUN_LIBS = src/libdryrun.a src/libk8s.a src/liboptions.a \
	$(CURL_LIBS) $(JSONC_LIBS) $(YAML_LIBS) $(UTIL_LIBS)
