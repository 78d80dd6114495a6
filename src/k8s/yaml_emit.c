/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml_emit.h"

#include "yaml_node.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <json.h>
#include <yaml.h>

static void
emit(yaml_emitter_t *emitter, yaml_event_t *event)
{
	/* Ignore write errors here, because the caller checks ferror(). */
	if (!yaml_emitter_emit(emitter, event) && emitter->error != YAML_WRITER_ERROR)
		abort();
}

/*
 * True for strings that some YAML parsers, but not kubectl, read as a number or a time, such as
 * 2001-01-01, 1:30 (90 in YAML 1.1) and 0x_.
 */
static bool
may_mislead(const char *text)
{
	size_t digits, number = strspn(text, "0123456789abcdefABCDEFxXoO_.:+-");

	if (strcmp(text, "<<") == 0 || strcmp(text, "=") == 0)
		return true;
	if (strchr(text, '_') && !text[number])
		return true;
	text += *text == '-' || *text == '+';
	digits = strspn(text, "0123456789_");
	return digits && (text[digits] == ':' || (digits == 4 && text[digits] == '-')) &&
	    isdigit((unsigned char)text[digits + 1]);
}

static yaml_scalar_style_t
style_of(const char *text, size_t len)
{
	struct arena mem = { 0 };
	bool special = yaml_resolve(text, len, &mem) || may_mislead(text);

	arena_done(&mem);
	if (special)
		return YAML_DOUBLE_QUOTED_SCALAR_STYLE;
	if (strchr(text, '\n'))
		return YAML_LITERAL_SCALAR_STYLE; /* the emitter quotes @text if this style fails */
	return YAML_PLAIN_SCALAR_STYLE; /* the emitter quotes @text if this style fails */
}

static void
emit_scalar(yaml_emitter_t *emitter, const char *text, size_t len, yaml_scalar_style_t style)
{
	yaml_event_t event;

	if (!yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)text, (int)len,
		1, 1, style))
		abort();
	emit(emitter, &event);
}

static void
emit_string(yaml_emitter_t *emitter, const char *text, size_t len)
{
	emit_scalar(emitter, text, len, style_of(text, len));
}

static void emit_value(yaml_emitter_t *emitter, struct json_object *value);

static void
emit_members(yaml_emitter_t *emitter, struct json_object *value)
{
	yaml_event_t event;

	if (!yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_MAPPING_STYLE))
		abort();
	emit(emitter, &event);
	json_object_object_foreach(value, key, member) {
		emit_string(emitter, key, strlen(key));
		emit_value(emitter, member);
	}
	yaml_mapping_end_event_initialize(&event);
	emit(emitter, &event);
}

static void
emit_elements(yaml_emitter_t *emitter, struct json_object *value)
{
	yaml_event_t event;

	if (!yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_SEQUENCE_STYLE))
		abort();
	emit(emitter, &event);
	for (size_t i = 0; i < json_object_array_length(value); i++)
		emit_value(emitter, json_object_array_get_idx(value, i));
	yaml_sequence_end_event_initialize(&event);
	emit(emitter, &event);
}

static void
emit_value(yaml_emitter_t *emitter, struct json_object *value)
{
	const char *text;

	switch (json_object_get_type(value)) {
	case json_type_object:
		emit_members(emitter, value);
		break;
	case json_type_array:
		emit_elements(emitter, value);
		break;
	case json_type_string:
		emit_string(emitter, json_object_get_string(value),
		    (size_t)json_object_get_string_len(value));
		break;
	default:
		text = json_object_to_json_string(value);
		emit_scalar(emitter, text, strlen(text), YAML_PLAIN_SCALAR_STYLE);
	}
}

void
yaml_emit(struct json_object *value, FILE *out)
{
	yaml_emitter_t emitter;
	yaml_event_t event;

	if (!yaml_emitter_initialize(&emitter))
		abort();
	yaml_emitter_set_output_file(&emitter, out);
	yaml_emitter_set_unicode(&emitter, 1);
	yaml_emitter_set_width(&emitter, -1);
	yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING);
	emit(&emitter, &event);
	yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1);
	emit(&emitter, &event);
	emit_value(&emitter, value);
	yaml_document_end_event_initialize(&event, 1);
	emit(&emitter, &event);
	yaml_stream_end_event_initialize(&event);
	emit(&emitter, &event);
	yaml_emitter_delete(&emitter);
}
