/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CORE_REPORT_KEY_SECRET_H
#define CORE_REPORT_KEY_SECRET_H

struct plan;
struct world;

/*
 * The Secret with the key for hellos (world_opts.hello_secret).  The manifest of arplet contains
 * this Secret without data, because RBAC can limit a patch, but not a create, to one name.
 */

/*
 * key_secret_decide - the allocator writes a key into the Secret if the Secret has no data.key, and
 * posts an Event if the Secret does not exist.
 */
void key_secret_decide(struct world *world, struct plan *plan);

/* key_secret_seen - the Secret was created, changed or deleted: decide about this version. */
void key_secret_seen(struct world *world);

#endif
