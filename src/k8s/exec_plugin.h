/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_EXEC_PLUGIN_H
#define K8S_EXEC_PLUGIN_H

#include "kubeconfig.h"

struct ev_loop;
struct exec_plugin;

/*
 * exec_plugin_start - run a credential plugin, with @info in its environment variable
 * KUBERNETES_EXEC_INFO.
 *
 * @loop must be libev's default loop, because no other loop watches child processes.  The loop
 * calls @on_end once, with the output of the plugin; @error is NULL, or the reason why the plugin
 * failed.  If the plugin cannot be started, exec_plugin_start() returns NULL, and @err has the
 * reason.
 */
struct exec_plugin *exec_plugin_start(struct ev_loop *loop, const struct kube_exec *exec,
    const char *info, void (*on_end)(void *arg, const char *out, size_t len, const char *error),
    void *arg, struct err *err);
void exec_plugin_cancel(struct exec_plugin *plugin); /* kills the plugin; @plugin may be NULL */

#endif
