noinst_LIBRARIES += src/liboptions.a
src_liboptions_a_SOURCES = \
	src/options/option_values.c \
	src/options/option_values.h \
	src/options/options.c \
	src/options/options.h \
	src/options/options_main.c

OPTIONS_LIBS = src/liboptions.a $(UTIL_LIBS)
