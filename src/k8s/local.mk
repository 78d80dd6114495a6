# src/k8s is the API client, and converts between objects and their JSON or YAML.
# Only http_*.[ch] include curl.h, and only yaml_*.[ch] include libyaml's yaml.h.  Only files that
# encode or decode objects include json-c's json.h.
noinst_LIBRARIES += src/libk8s.a
src_libk8s_a_SOURCES = \
	include/arplet/client.h \
	include/arplet/creds.h \
	include/arplet/decode.h \
	include/arplet/encode.h \
	include/arplet/informers.h \
	include/arplet/manifest.h \
	include/arplet/reflector.h \
	include/arplet/yaml.h \
	src/k8s/api_path.c \
	src/k8s/api_path.h \
	src/k8s/client.c \
	src/k8s/creds.c \
	src/k8s/creds_auth.h \
	src/k8s/decode.c \
	src/k8s/decode_config.c \
	src/k8s/decode_config.h \
	src/k8s/decode_kinds.c \
	src/k8s/decode_kinds.h \
	src/k8s/decode_limits.h \
	src/k8s/decode_responses.c \
	src/k8s/decode_selectors.c \
	src/k8s/decode_service.c \
	src/k8s/decode_sharing.c \
	src/k8s/decode_service.h \
	src/k8s/encode.c \
	src/k8s/encode_event.c \
	src/k8s/encode_json.h \
	src/k8s/exec_plugin.c \
	src/k8s/exec_plugin.h \
	src/k8s/http_client.c \
	src/k8s/http_client.h \
	src/k8s/http_options.c \
	src/k8s/http_options.h \
	src/k8s/http_sockets.c \
	src/k8s/http_sockets.h \
	src/k8s/informers.c \
	src/k8s/json_buf.c \
	src/k8s/json_buf.h \
	src/k8s/json_fields.c \
	src/k8s/json_fields.h \
	src/k8s/json_filter.c \
	src/k8s/json_filter.h \
	src/k8s/json_skip.c \
	src/k8s/json_skip.h \
	src/k8s/kubeconfig.c \
	src/k8s/kubeconfig.h \
	src/k8s/list_watch.c \
	src/k8s/list_watch.h \
	src/k8s/manifest.c \
	src/k8s/pending_delete.c \
	src/k8s/pending_delete.h \
	src/k8s/reflector.c \
	src/k8s/reflector_fsm.c \
	src/k8s/reflector_fsm.h \
	src/k8s/response_body.c \
	src/k8s/response_body.h \
	src/k8s/rfc3339.c \
	src/k8s/unknown_fields.c \
	src/k8s/wanted_fields.c \
	src/k8s/wanted_fields.h \
	src/k8s/yaml.c \
	src/k8s/yaml_compose.c \
	src/k8s/yaml_compose.h \
	src/k8s/yaml_emit.c \
	src/k8s/yaml_emit.h \
	src/k8s/yaml_node.c \
	src/k8s/yaml_node.h \
	src/k8s/yaml_scalar.c

K8S_LIBS = src/libk8s.a $(CURL_LIBS) $(JSONC_LIBS) $(YAML_LIBS) $(UTIL_LIBS)
