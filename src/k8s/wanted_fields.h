/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_WANTED_FIELDS_H
#define K8S_WANTED_FIELDS_H

#include "arplet/object.h"
#include "json_filter.h"

/*
 * The fields of the API's objects that src/k8s/decode*.c read, for json_filter_init().
 *
 * wanted_list - the fields of a list of @kind.  wanted_event - the fields of a watch event about
 * @kind.  If @all is true, all fields of the objects are wanted, except managedFields.
 * wanted_status - the fields of a v1 Status, which is the body of an answer that reports an error.
 */
const struct json_want *wanted_list(enum kind kind, bool all);
const struct json_want *wanted_event(enum kind kind, bool all);
const struct json_want *wanted_status(void);

#endif
