/* SPDX-License-Identifier: Apache-2.0 */
#include "arplet/decode.h"

#include "decode_kinds.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

/* Decodes a Status, the metadata of a list, a watch event, or the ExecCredential of a plugin. */

static void
read_status(const struct json_field *root, struct api_status *ret_status)
{
	struct json_field details = json_member(root, "details");
	const struct json_reader no_error = { 0 };
	int64_t code = 0, retry = 0;

	memset(ret_status, 0, sizeof(*ret_status));
	json_copy_string(root, "reason", ret_status->reason, sizeof(ret_status->reason));
	json_copy_string(root, "message", ret_status->message, sizeof(ret_status->message));
	(void)READ(int, &no_error, root, "code", 0, 999, &code);
	(void)READ(int, &no_error, &details, "retryAfterSeconds", 0, 86400, &retry);
	ret_status->code = (int)code;
	ret_status->retry_after_s = (int)retry;
}

int
decode_status(const char *text, size_t len, struct api_status *ret_status)
{
	struct json_object *json;
	struct json_field root;
	char kind[16];
	int rc = parse_json(text, len, &json, NULL);

	if (rc < 0)
		return rc;
	root = (struct json_field){ .value = json };
	json_copy_string(&root, "kind", kind, sizeof(kind));
	if (strcmp(kind, "Status") == 0)
		read_status(&root, ret_status);
	else
		rc = -EBADMSG;
	free_json(json);
	return rc;
}

static bool
pod_is_ready(const struct json_field *pod)
{
	const struct json_reader no_error = { 0 };
	struct json_field meta = json_member(pod, "metadata"), status = json_member(pod, "status");
	struct json_field conditions = json_member(&status, "conditions");
	size_t n = 0;

	if (json_member(&meta, "deletionTimestamp").value ||
	    read_array(&no_error, &conditions, &n) < 0)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct json_field one = json_element(&conditions, i);
		char type[32], is[8];

		json_copy_string(&one, "type", type, sizeof(type));
		json_copy_string(&one, "status", is, sizeof(is));
		if (strcmp(type, "Ready") == 0)
			return strcmp(is, "True") == 0;
	}
	return false;
}

bool
decode_pods_ready(const char *text, size_t len)
{
	const struct json_reader no_error = { 0 };
	struct json_field root, items;
	struct json_object *json;
	bool ready = false;
	size_t n = 0;

	if (parse_json(text, len, &json, NULL) < 0)
		return false;
	root = (struct json_field){ .value = json };
	items = json_member(&root, "items");
	if (read_array(&no_error, &items, &n) < 0)
		n = 0;
	for (size_t i = 0; i < n && !ready; i++) {
		struct json_field pod = json_element(&items, i);

		ready = pod_is_ready(&pod);
	}
	free_json(json);
	return ready;
}

static int
copy_version(const struct json_field *object, char *buf)
{
	struct json_field meta = json_member(object, "metadata");

	json_copy_string(&meta, "resourceVersion", buf, VERSION_MAX);
	return buf[0] ? 0 : -EBADMSG;
}

static int
read_event(enum kind kind, const struct json_field *root, unsigned int flags,
    struct watch_event *event, struct err *err)
{
	static const struct {
		const char *name;
		enum watch_type type;
	} types[] = {
		{ "ADDED", WATCH_PUT },
		{ "MODIFIED", WATCH_PUT },
		{ "DELETED", WATCH_DELETE },
		{ "BOOKMARK", WATCH_BOOKMARK },
		{ "ERROR", WATCH_ERROR },
	};
	struct json_field object = json_member(root, "object");
	char name[16];
	size_t i;

	json_copy_string(root, "type", name, sizeof(name));
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcmp(name, types[i].name) == 0)
			break;
	}
	if (i == sizeof(types) / sizeof(types[0]))
		return err_set(err, -EBADMSG, "type: unknown watch event type \"%s\"", name);
	if (!object.value)
		return err_set(err, -EBADMSG, "object: is required");
	event->type = types[i].type;
	if (event->type == WATCH_ERROR) {
		read_status(&object, &event->status);
		return 0;
	}
	if (copy_version(&object, event->version) < 0)
		return err_set(err, -EBADMSG, "object.metadata.resourceVersion: is required");
	if (event->type == WATCH_BOOKMARK)
		return 0;
	return object_from_json(kind, object.value, flags, &event->obj, err);
}

int
decode_watch(enum kind kind, const char *line, size_t len, unsigned int flags,
    struct watch_event *ret_event, struct err *err)
{
	struct watch_event event = { 0 };
	struct json_object *json;
	struct json_field root;
	int rc = parse_json(line, len, &json, err);

	if (rc < 0)
		return rc;
	root = (struct json_field){ .value = json };
	rc = read_event(kind, &root, flags, &event, err);
	free_json(json);
	if (rc == 0)
		*ret_event = event;
	return rc;
}

int
decode_list_meta(const char *text, size_t len, struct list_meta *ret_meta, struct err *err)
{
	struct list_meta list = { 0 };
	struct json_object *json;
	struct json_field root, meta, token;
	int rc = parse_json(text, len, &json, err);

	if (rc < 0)
		return rc;
	root = (struct json_field){ .value = json };
	meta = json_member(&root, "metadata");
	token = json_member(&meta, "continue");
	if (copy_version(&root, list.version) < 0)
		rc = err_set(err, -EBADMSG, "metadata.resourceVersion: is required");
	if (rc == 0 && token.value && json_object_get_string_len(token.value) > 0)
		list.continue_token = xstrdup(json_object_get_string(token.value));
	free_json(json);
	if (rc == 0)
		*ret_meta = list;
	return rc;
}

static int
read_exec_status(const struct json_reader *rd, const struct json_field *root,
    const char *api_version, struct exec_credential *cred)
{
	struct json_field status = json_member(root, "status"),
	    expires = json_member(&status, "expirationTimestamp");
	const char *version = "", *kind = "", *token = NULL, *cert = NULL, *key = NULL;
	int rc = READ(string, rd, root, "apiVersion", &version);

	if (rc >= 0)
		rc = READ(string, rd, root, "kind", &kind);
	if (rc >= 0 && strcmp(kind, "ExecCredential") != 0)
		return err_set(rd->err, -EBADMSG, "kind: must be ExecCredential");
	if (rc >= 0 && strcmp(version, api_version) != 0)
		return err_set(rd->err, -EBADMSG, "apiVersion: must be %s", api_version);
	if (rc >= 0)
		rc = READ(string, rd, &status, "token", &token);
	if (rc >= 0)
		rc = READ(string, rd, &status, "clientCertificateData", &cert);
	if (rc >= 0)
		rc = READ(string, rd, &status, "clientKeyData", &key);
	if (rc >= 0)
		rc = read_time(rd, &expires, &cred->expires_s);
	if (rc < 0)
		return rc;
	if (!cert != !key)
		return json_field_error(rd, &status,
		    "clientCertificateData and clientKeyData must be set together");
	if (!token && !cert)
		return json_field_error(rd, &status, "must have a token or a client certificate");
	cred->token = xstrdup(token);
	cred->cert_pem = xstrdup(cert);
	cred->key_pem = xstrdup(key);
	return 0;
}

int
decode_exec_credential(const char *text, size_t len, const char *api_version,
    struct exec_credential *ret_cred, struct err *err)
{
	struct exec_credential cred = { 0 };
	struct arena mem = { 0 };
	struct json_reader rd = { .mem = &mem, .err = err };
	struct json_object *json;
	struct json_field root;
	int rc = parse_json(text, len, &json, err);

	if (rc < 0)
		return rc;
	root = (struct json_field){ .value = json };
	rc = read_exec_status(&rd, &root, api_version, &cred);
	if (rc == 0)
		*ret_cred = cred;
	free_json(json);
	arena_done(&mem);
	return rc;
}

static void
free_secret(char *text)
{
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
}

void
exec_credential_done(struct exec_credential *cred)
{
	free_secret(cred->token);
	free_secret(cred->cert_pem);
	free_secret(cred->key_pem);
	*cred = (struct exec_credential){ 0 };
}
