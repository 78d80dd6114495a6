# src/k8s: what the API and manifests say, as structs, and back
noinst_LIBRARIES += src/libk8s.a
src_libk8s_a_SOURCES = \
	include/arplet/client.h \
	include/arplet/creds.h \
	include/arplet/decode.h \
	include/arplet/encode.h \
	include/arplet/reflector.h \
	include/arplet/yaml.h \
	src/k8s/yaml.c \
	src/k8s/yaml_compose.c \
	src/k8s/yaml_compose.h \
	src/k8s/yaml_node.c \
	src/k8s/yaml_node.h \
	src/k8s/yaml_scalar.c

K8S_LIBS = src/libk8s.a $(CURL_LIBS) $(JSONC_LIBS) $(YAML_LIBS)
