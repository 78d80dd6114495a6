/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_DECODE_H
#define ARPLET_DECODE_H

#include "arplet/err.h"
#include "arplet/object.h"

#include <stddef.h>

/*
 * JSON of the Kubernetes API to structs.  Pure, and safe on any bytes.
 *
 * A field that matters and has the wrong type, or a list with duplicates where the field is a
 * set, makes an object with @bad set; text that is no JSON object with a metadata.name makes
 * none.  Unknown fields are ignored.
 */
#define DECODE_LEN_MAX (16u << 20)
#define DECODE_DEPTH_MAX 64

enum { DECODE_KEEP_RAW = 1 }; /* keep the JSON in obj->raw, with kind and apiVersion in it */

/* decode_kind - an object that is known to be of @kind.  -EBADMSG with a sentence. */
int decode_kind(enum kind kind, const char *text, size_t len, unsigned int flags,
    struct object **ret_obj, struct err *err) __attribute__((warn_unused_result));

/*
 * decode_object - an object of the kind that it names itself (a file's).  -ENOTSUP: of a kind
 * that arplet does not read, which the sentence names; -ENOENT: no Kubernetes object at all,
 * as a file of values is none; -EBADMSG: one that is wrong, or whose kind is misspelt.
 */
int decode_object(const char *text, size_t len, unsigned int flags, struct object **ret_obj,
    struct err *err) __attribute__((warn_unused_result));

/*
 * decode_unknown_fields - names the fields of a pool or an advertisement that it does not have, by their
 * paths, such as "spec.autoassign".  Of an object that was decoded with DECODE_KEEP_RAW.
 */
void decode_unknown_fields(const struct object *obj, void (*on_unknown_field)(void *arg, const char *path),
    void *arg);

/* An error as the API tells it (v1 Status).  Texts are cut, never NULL. */
struct api_status {
	int code;          /* 0: not given */
	char reason[64];   /* "Expired", "Conflict", ... */
	char message[512]; /* a sentence */
	int retry_after_s; /* details.retryAfterSeconds; 0: not given */
};
/* decode_status - -EBADMSG when the text is no Status; its fields may each be missing. */
int decode_status(const char *text, size_t len, struct api_status *ret_status)
	__attribute__((warn_unused_result));

enum watch_type { WATCH_PUT, WATCH_DELETE, WATCH_BOOKMARK, WATCH_ERROR };

#define VERSION_MAX 64 /* bytes of a resourceVersion, with the NUL */

struct watch_event {
	enum watch_type type;
	struct object *obj;        /* WATCH_PUT and WATCH_DELETE; the caller's */
	char version[VERSION_MAX]; /* metadata.resourceVersion, but for WATCH_ERROR */
	struct api_status status;  /* WATCH_ERROR */
};
/* decode_watch - one line of a watch.  -EBADMSG with a sentence. */
int decode_watch(enum kind kind, const char *line, size_t len, unsigned int flags,
    struct watch_event *ret_event, struct err *err) __attribute__((warn_unused_result));

/* What a list says about itself. */
struct list_meta {
	char version[VERSION_MAX]; /* metadata.resourceVersion */
	char *more;                /* metadata.continue; NULL: this was the last page; free() it */
};
/* decode_list_meta - of a list (its items are not looked at).  -EBADMSG with a sentence. */
int decode_list_meta(const char *text, size_t len, struct list_meta *ret_meta, struct err *err)
	__attribute__((warn_unused_result));

/* What a credential plugin answers (ExecCredential).  Each malloc'd, or NULL. */
struct exec_credential {
	char *token, *cert_pem, *key_pem;
	int64_t expires_s; /* seconds since 1970; 0: never */
};
int decode_exec_credential(const char *text, size_t len, const char *api_version,
    struct exec_credential *ret_cred, struct err *err) __attribute__((warn_unused_result));
void exec_credential_done(struct exec_credential *cred); /* wipes and frees */

/* time_parse - RFC 3339 to seconds since 1970; -EINVAL. */
int time_parse(const char *text, int64_t *ret_s) __attribute__((warn_unused_result));

#endif
