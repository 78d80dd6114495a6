noinst_LIBRARIES += src/libhttp.a
src_libhttp_a_SOURCES = \
	include/arplet/http.h \
	include/arplet/metrics.h \
	src/http/http.c \
	src/http/metrics.c

HTTP_LIBS = src/libhttp.a $(MHD_LIBS) $(EV_LIBS) $(CORE_LIBS)
