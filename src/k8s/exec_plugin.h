/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_PLUGIN_H
#define ARPLET_PLUGIN_H

#include "kubeconfig.h"

struct ev_loop;
struct plugin;

/*
 * exec_plugin_start - run a credential plugin; @loop must be libev's default one, which is told of
 * children.  @on_end is called once, from the loop, with what it wrote; @why is NULL, or how it
 * failed.  Returns NULL with a sentence in @err when it cannot even be started.
 */
struct plugin *exec_plugin_start(struct ev_loop *loop, const struct kube_exec *exec, const char *info,
    void (*on_end)(void *arg, const char *out, size_t len, const char *why), void *arg,
    struct err *err);
void exec_plugin_cancel(struct plugin *plugin); /* kills it; NULL is fine */

#endif
