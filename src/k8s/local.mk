# src/k8s
EXTRA_DIST += include/arplet/creds.h include/arplet/client.h include/arplet/reflector.h \
	include/arplet/decode.h include/arplet/encode.h
