/* SPDX-License-Identifier: Apache-2.0 */
#include "svc_messages.h"
#include "arplet/arena.h"
#include "svc.h"

#include <stdlib.h>
#include <string.h>

/* What is remembered of a Service in words.  Few have any, and those one or two: a list will do. */

const char *
svc_message(const struct svc *svc, enum svc_message_kind of)
{
	const struct svc_message *svc_message = svc->messages;

	while (svc_message && svc_message->of != of)
		svc_message = svc_message->next;
	return svc_message ? svc_message->text : NULL;
}

bool
svc_set_message(struct svc *svc, enum svc_message_kind of, const char *text)
{
	struct svc_message **at = &svc->messages, *old, *svc_message;

	while (*at && (*at)->of != of)
		at = &(*at)->next;
	old = *at;
	if (text ? old && strcmp(old->text, text) == 0 : !old)
		return false;
	if (old) {
		*at = old->next;
		free(old);
	}
	if (text) {
		svc_message = xcalloc(1, sizeof(*svc_message) + strlen(text) + 1);
		svc_message->of = of;
		strcpy(svc_message->text, text);
		svc_message->next = svc->messages;
		svc->messages = svc_message;
	}
	return true;
}

void
svc_free_messages(struct svc *svc)
{
	struct svc_message *svc_message;

	while ((svc_message = svc->messages)) {
		svc->messages = svc_message->next;
		free(svc_message);
	}
}
