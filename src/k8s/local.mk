# src/k8s: the API client, and what the API and manifests say, as structs, and back.
# curl.h is included in http*.[ch] alone, json.h in what encodes and decodes, yaml.h in yaml_*.c.
noinst_LIBRARIES += src/libk8s.a
src_libk8s_a_SOURCES = \
	include/arplet/client.h \
	include/arplet/creds.h \
	include/arplet/decode.h \
	include/arplet/encode.h \
	include/arplet/manifest.h \
	include/arplet/reflector.h \
	include/arplet/yaml.h \
	src/k8s/auth.h \
	src/k8s/client.c \
	src/k8s/config_kinds.c \
	src/k8s/config_kinds.h \
	src/k8s/creds.c \
	src/k8s/decode.c \
	src/k8s/decode_api.c \
	src/k8s/encode.c \
	src/k8s/fields.c \
	src/k8s/fields.h \
	src/k8s/frames.c \
	src/k8s/frames.h \
	src/k8s/http.c \
	src/k8s/http.h \
	src/k8s/http_easy.c \
	src/k8s/http_easy.h \
	src/k8s/kinds.c \
	src/k8s/kinds.h \
	src/k8s/kubeconfig.c \
	src/k8s/kubeconfig.h \
	src/k8s/list.c \
	src/k8s/manifest.c \
	src/k8s/mono.h \
	src/k8s/nest.c \
	src/k8s/nest.h \
	src/k8s/next.c \
	src/k8s/next.h \
	src/k8s/path.c \
	src/k8s/path.h \
	src/k8s/plugin.c \
	src/k8s/plugin.h \
	src/k8s/reflector.c \
	src/k8s/reflector_impl.h \
	src/k8s/rfc3339.c \
	src/k8s/selectors.c \
	src/k8s/service.c \
	src/k8s/service.h \
	src/k8s/strays.c \
	src/k8s/turn.c \
	src/k8s/watch.c \
	src/k8s/yaml.c \
	src/k8s/yaml_compose.c \
	src/k8s/yaml_compose.h \
	src/k8s/yaml_emit.c \
	src/k8s/yaml_emit.h \
	src/k8s/yaml_node.c \
	src/k8s/yaml_node.h \
	src/k8s/yaml_scalar.c

K8S_LIBS = src/libk8s.a $(CURL_LIBS) $(JSONC_LIBS) $(YAML_LIBS) $(EV_LIBS)
