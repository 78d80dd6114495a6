/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_STATE_SVC_MESSAGES_H
#define CORE_STATE_SVC_MESSAGES_H

#include <stdbool.h>

struct svc;

/* What is remembered of a Service in words: of one with which all is well, nothing. */
enum svc_message_kind {
	MSG_UNSERVED,    /* why it has no address, or not the one it asks for */
	MSG_ALLOC_EVENT,        /* the last Event about allocation: its reason and sentence */
	MSG_KEPT_ADDRESS,       /* what an Event has told of the address that it keeps */
	MSG_DEPRECATED,  /* the annotation that an Event has called deprecated */
	MSG_UNKNOWN_ANNOTATION,     /* and the one that has no meaning */
	MSG_BAD_OBJECT,         /* why the object as last sent cannot be read; e.obj may be an older one */
	MSG_UNANNOUNCED, /* why nobody announces it */
	MSG_ANNOUNCE_EVENT,    /* the last Event about that */
	MSG_CONFLICT,     /* who else has its address; told in an Event */
};

struct svc_message {
	struct svc_message *next;
	enum svc_message_kind of;
	char text[];
};

/* svc_message - NULL: there is none. */
const char *svc_message(const struct svc *svc, enum svc_message_kind of);
/* svc_set_message - replace it, NULL is fine for either; says whether it changed. */
bool svc_set_message(struct svc *svc, enum svc_message_kind of, const char *text);
void svc_free_messages(struct svc *svc);

#endif
