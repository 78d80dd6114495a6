noinst_LIBRARIES += src/libhttp.a
src_libhttp_a_SOURCES = \
	include/arplet/http_server.h \
	include/arplet/metrics.h \
	src/http/http_conns.c \
	src/http/http_conns.h \
	src/http/http_server.c \
	src/http/metrics.c \
	src/http/text_buf.c \
	src/http/text_buf.h \
	src/http/page_maker.c \
	src/http/page_maker.h

HTTP_LIBS = src/libhttp.a $(MHD_LIBS) $(UTIL_LIBS)
