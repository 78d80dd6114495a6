/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_STATE_SVC_MESSAGES_H
#define CORE_STATE_SVC_MESSAGES_H

#include <stdbool.h>

struct svc;

/*
 * Texts that are kept about a Service, so that each Event is posted once and a person can read the
 * reason.  A Service without a problem has none.
 */
enum svc_message_kind {
	MSG_UNSERVED,           /* why it has no address, or not the requested one */
	MSG_ALLOC_EVENT,        /* the last Event about allocation, as "REASON: SENTENCE" */
	MSG_KEPT_ADDRESS,       /* the last Event about an address that it keeps against a rule */
	MSG_DEPRECATED,         /* the annotation in the last Event deprecatedAnnotation */
	MSG_UNKNOWN_ANNOTATION, /* the annotation in the last Event UnknownAnnotation */
	MSG_BAD_OBJECT,         /* why the newest object cannot be read; e.obj may be an older one */
	MSG_UNANNOUNCED,        /* why no node announces it */
	MSG_ANNOUNCE_EVENT,     /* the last Event announceFailed */
	MSG_CONFLICT,           /* the last Event about a conflicting host */
};

struct svc_message {
	struct svc_message *next;
	enum svc_message_kind of;
	char text[];
};

/* svc_message - the text of a kind, or NULL. */
const char *svc_message(const struct svc *svc, enum svc_message_kind of);
/* svc_set_message - replace the text of a kind; NULL removes it.  True if the text has changed. */
bool svc_set_message(struct svc *svc, enum svc_message_kind of, const char *text);
/* svc_free_messages - free all texts of @svc. */
void svc_free_messages(struct svc *svc);

#endif
