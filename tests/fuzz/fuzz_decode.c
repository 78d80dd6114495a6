/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/decode.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
on_unknown_field(void *arg, const char *path)
{
	(void)arg;
	if (!path[0])
		abort();
}

/*
 * An object that is marked as bad must have a reason.  The raw JSON of a good object must decode to
 * an object of the same name.
 */
static void
check(struct object *obj)
{
	struct object *again = NULL;

	if (obj->bad && !obj->bad[0])
		abort();
	decode_unknown_fields(obj, on_unknown_field, NULL);
	if (!obj->bad) {
		if (decode_kind(obj->kind, obj->raw, strlen(obj->raw), 0, &again, NULL) < 0 ||
		    again->bad || strcmp(again->meta.name, obj->meta.name) != 0)
			abort();
		object_free(again);
	}
	object_free(obj);
}

static void
decode_envelopes(const char *text, size_t size)
{
	struct exec_credential cred = { 0 };
	struct api_status status;
	struct list_meta list;

	if (decode_list_meta(text, size, &list, NULL) == 0)
		free(list.continue_token);
	if (decode_status(text, size, &status) == 0 && !memchr(status.message, 0, sizeof(status.message)))
		abort();
	if (decode_exec_credential(text, size, "client.authentication.k8s.io/v1", &cred, NULL) == 0)
		exec_credential_done(&cred);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct watch_event event;
	struct object *obj;
	const char *text;
	enum kind kind;

	if (size < 1)
		return 0;
	kind = data[0] % KINDS;
	text = (const char *)data + 1;
	size--;
	if (decode_kind(kind, text, size, DECODE_KEEP_RAW, &obj, NULL) == 0)
		check(obj);
	if (decode_object(text, size, DECODE_KEEP_RAW, &obj, NULL) == 0)
		check(obj);
	if (decode_watch(kind, text, size, DECODE_KEEP_RAW, &event, NULL) == 0)
		object_free(event.obj);
	decode_envelopes(text, size);
	return 0;
}
