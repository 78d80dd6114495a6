/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_STATE_SVC_MESSAGES_H
#define CORE_STATE_SVC_MESSAGES_H

#include <stdbool.h>

struct svc;

/*
 * The texts stored for a Service, so that arplet posts each Event only once and users can read the
 * reason of a problem.  A Service without a problem has no texts.
 */
enum svc_message_kind {
	MSG_UNSERVED,           /* why the Service has no address, or not the requested address */
	MSG_ALLOC_EVENT,        /* the last Event about allocation, as "REASON: SENTENCE" */
	/* the last Event about an address that the Service keeps against a rule */
	MSG_KEPT_ADDRESS,
	MSG_DEPRECATED,         /* the annotation that the last Event deprecatedAnnotation names */
	MSG_UNKNOWN_ANNOTATION, /* the annotation that the last Event UnknownAnnotation names */
	MSG_TOO_LARGE, /* the last Event ServiceTooLarge */
	MSG_BAD_OBJECT, /* why the newest object cannot be read; e.obj may be an older object */
	MSG_UNANNOUNCED,        /* why no node announces the Service */
	MSG_ANNOUNCE_EVENT,     /* the last Event announceFailed */
	MSG_CONFLICT,           /* the last Event about a conflicting host */
	MSG_OVERWRITTEN,        /* the last Event about a program that overwrites the status */
	/* the last Event about a program that writes ServiceL2Statuses which this node deletes */
	MSG_L2_CONTENTION,
};

struct svc_message {
	struct svc_message *next;
	enum svc_message_kind of;
	char text[];
};

/* svc_message - the text of the kind @of, or NULL. */
const char *svc_message(const struct svc *svc, enum svc_message_kind of);
/*
 * svc_set_message - replace the text of the kind @of; NULL removes the text.  Returns true if the
 * text has changed.
 */
bool svc_set_message(struct svc *svc, enum svc_message_kind of, const char *text);
/* svc_free_messages - free all texts of @svc. */
void svc_free_messages(struct svc *svc);

#endif
