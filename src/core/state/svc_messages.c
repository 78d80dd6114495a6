/* SPDX-License-Identifier: Apache-2.0 */
#include "svc_messages.h"
#include "svc.h"

#include <stdlib.h>
#include <string.h>

/*
 * A linked list is enough, because few Services have messages, and each of these Services has only
 * one or two messages.
 */

const char *
svc_message(const struct svc *svc, enum svc_message_kind of)
{
	const struct svc_message *message = svc->messages;

	while (message && message->of != of)
		message = message->next;
	return message ? message->text : NULL;
}

bool
svc_set_message(struct svc *svc, enum svc_message_kind of, const char *text)
{
	struct svc_message **at = &svc->messages, *old, *message;

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
		message = xcalloc(1, sizeof(*message) + strlen(text) + 1);
		message->of = of;
		strcpy(message->text, text);
		message->next = svc->messages;
		svc->messages = message;
	}
	return true;
}

void
svc_free_messages(struct svc *svc)
{
	struct svc_message *message;

	while ((message = svc->messages)) {
		svc->messages = message->next;
		free(message);
	}
}
