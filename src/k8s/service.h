/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_SERVICE_H
#define ARPLET_SERVICE_H

#include "fields.h"

int read_service(const struct reading *rd, const struct at *root, struct object *obj);

#endif
