/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_DECODE_H
#define ARPLET_DECODE_H

#include "arplet/err.h"
#include "arplet/object.h"

#include <stddef.h>

/*
 * Decodes JSON of the Kubernetes API into structs.  The functions are pure, and safe on any input.
 *
 * If a field has the wrong type, or a list contains duplicates although it is a set, the function
 * sets the member bad of the object that it returns.  If a text is no JSON object with a
 * metadata.name, no object is returned.  Unknown fields are ignored.  A function that returns
 * -EBADMSG writes the reason to @err.
 */
#define DECODE_LEN_MAX (16u << 20)
#define DECODE_DEPTH_MAX 64

/* store the object's JSON, with kind and apiVersion, in the member raw of the object */
enum {
	DECODE_KEEP_RAW = 1,
	/* the text lacks fields, because it was too long: set the member bad of the object */
	DECODE_CUT = 2,
};

/* decode_kind - decode an object of the kind @kind.  Returns 0 or -EBADMSG. */
int decode_kind(enum kind kind, const char *text, size_t len, unsigned int flags,
    struct object **ret_obj, struct err *err) __attribute__((warn_unused_result));

/*
 * decode_object - decode an object of a manifest; the text of the object names its kind.
 *
 * -ENOTSUP: arplet does not read objects of this kind; @err names the kind as "Pod of v1".
 * -ENOENT: the text is no Kubernetes object, but for example the values file of a Helm chart.
 * -EBADMSG: the object cannot be decoded, or its kind is misspelled.
 */
int decode_object(const char *text, size_t len, unsigned int flags, struct object **ret_obj,
    struct err *err) __attribute__((warn_unused_result));

/*
 * decode_unknown_fields - report each unknown field of a pool or an advertisement by its path, such
 * as "spec.autoassign".  @obj must have been decoded with DECODE_KEEP_RAW.
 */
void decode_unknown_fields(const struct object *obj,
    void (*on_unknown_field)(void *arg, const char *path), void *arg);

/*
 * An error from the API server (v1 Status).  A text that is too long for its member is cut; an
 * absent text is "".
 */
struct api_status {
	int code;          /* HTTP status; 0: absent */
	char reason[64];   /* "Expired", "Conflict", ... */
	char message[512]; /* a sentence */
	int retry_after_s; /* details.retryAfterSeconds; 0: absent */
};
/* decode_status - decode a v1 Status; all its fields are optional.  -EBADMSG: it is no Status. */
int decode_status(const char *text, size_t len, struct api_status *ret_status)
	__attribute__((warn_unused_result));

/*
 * decode_pods_ready - true if a list of Pods contains one that is Ready and is not being deleted.  A
 * text that is no such list contains none.
 */
bool decode_pods_ready(const char *text, size_t len);

enum watch_type { WATCH_PUT, WATCH_DELETE, WATCH_BOOKMARK, WATCH_ERROR };

#define VERSION_MAX 64 /* bytes of the longest resourceVersion, with its NUL */

struct watch_event {
	enum watch_type type;
	/* the new, changed or deleted object; the caller frees the object */
	struct object *obj;
	char version[VERSION_MAX]; /* metadata.resourceVersion; "" for WATCH_ERROR */
	struct api_status status;  /* the error of WATCH_ERROR */
};
/* decode_watch - decode one line of a watch's response.  Returns 0 or -EBADMSG. */
int decode_watch(enum kind kind, const char *line, size_t len, unsigned int flags,
    struct watch_event *ret_event, struct err *err) __attribute__((warn_unused_result));

/* metadata of a list (metav1.ListMeta). */
struct list_meta {
	char version[VERSION_MAX]; /* resourceVersion */
	/* continue token of the next page; NULL: no page follows.  The caller frees the token */
	char *continue_token;
};
/* decode_list_meta - decode the metadata of a list, but not its items.  Returns 0 or -EBADMSG. */
int decode_list_meta(const char *text, size_t len, struct list_meta *ret_meta, struct err *err)
	__attribute__((warn_unused_result));

/* The output of a credential plugin (ExecCredential).  Each string is malloc'd, or NULL. */
struct exec_credential {
	char *token, *cert_pem, *key_pem;
	int64_t expires_s; /* seconds since 1970; 0: never */
};
int decode_exec_credential(const char *text, size_t len, const char *api_version,
    struct exec_credential *ret_cred, struct err *err) __attribute__((warn_unused_result));
/* overwrite and free the secrets of @cred */
void exec_credential_done(struct exec_credential *cred);

/* time_parse - parse an RFC 3339 time to seconds since 1970; -EINVAL: @text is no such time. */
int time_parse(const char *text, int64_t *ret_s) __attribute__((warn_unused_result));

#endif
