/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "exec_plugin.h"

#include <errno.h>
#include <ev.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PLUGIN_TIMEOUT_S 60.
#define PLUGIN_OUT_MAX (1u << 20)

extern char **environ;

struct exec_plugin {
	struct ev_loop *loop;
	const struct kube_exec *exec;
	pid_t pid;
	int fd; /* read end of the plugin's standard output */
	ev_child child;
	ev_io readable;
	ev_timer timeout;
	char *out;
	size_t len;
	void (*on_end)(void *arg, const char *out, size_t len, const char *error);
	void *arg;
};

/* Free @plugin, and overwrite the credential in its output. */
static void
plugin_free(struct exec_plugin *plugin)
{
	ev_child_stop(plugin->loop, &plugin->child);
	ev_io_stop(plugin->loop, &plugin->readable);
	ev_timer_stop(plugin->loop, &plugin->timeout);
	close(plugin->fd);
	if (plugin->out)
		explicit_bzero(plugin->out, plugin->len);
	free(plugin->out);
	free(plugin);
}

static void
plugin_end(struct exec_plugin *plugin, const char *error)
{
	plugin->on_end(plugin->arg, plugin->out ? plugin->out : "", plugin->len, error);
	plugin_free(plugin);
}

void
exec_plugin_cancel(struct exec_plugin *plugin)
{
	if (!plugin)
		return;
	kill(-plugin->pid, SIGKILL); /* libev reaps the child */
	plugin_free(plugin);
}

/*
 * Read the available output of the plugin.  Returns -EMSGSIZE if the whole output is longer than
 * PLUGIN_OUT_MAX.
 */
static int
read_output(struct exec_plugin *plugin)
{
	char buf[4096];
	ssize_t n;

	while ((n = read(plugin->fd, buf, sizeof(buf))) > 0) {
		if (plugin->len + (size_t)n > PLUGIN_OUT_MAX)
			return -EMSGSIZE;
		plugin->out = xrealloc(plugin->out, plugin->len + (size_t)n, 1);
		memcpy(plugin->out + plugin->len, buf, (size_t)n);
		plugin->len += (size_t)n;
	}
	if (n == 0)
		ev_io_stop(plugin->loop, &plugin->readable);
	return 0;
}

static void
on_output(struct ev_loop *loop, ev_io *w, int revents)
{
	struct exec_plugin *plugin = w->data;

	(void)loop, (void)revents;
	if (read_output(plugin) < 0) {
		kill(-plugin->pid, SIGKILL);
		plugin_end(plugin, "wrote more than 1 MiB");
	}
}

static void
on_timeout(struct ev_loop *loop, ev_timer *w, int revents)
{
	struct exec_plugin *plugin = w->data;

	(void)loop, (void)revents;
	kill(-plugin->pid, SIGKILL);
	plugin_end(plugin, "did not end within 60 s");
}

static void
on_child_exit(struct ev_loop *loop, ev_child *w, int revents)
{
	struct exec_plugin *plugin = w->data;
	const char *hint = plugin->exec->hint;
	char error[256];

	(void)loop, (void)revents;
	if (WIFEXITED(w->rstatus) && WEXITSTATUS(w->rstatus) == 0) {
		plugin_end(plugin, read_output(plugin) < 0 ? "wrote more than 1 MiB" : NULL);
		return;
	}
	snprintf(error, sizeof(error), "%s %d%s%.160s",
	    WIFEXITED(w->rstatus) ? "ended with exit status" : "was killed by signal",
	    WIFEXITED(w->rstatus) ? WEXITSTATUS(w->rstatus) : WTERMSIG(w->rstatus),
	    hint ? ": " : "", hint ? hint : "");
	plugin_end(plugin, error);
}

/*
 * Make the plugin's environment: the variables of this process and of the kubeconfig, and
 * KUBERNETES_EXEC_INFO.
 */
static char **
make_env(struct arena *mem, const struct kube_exec *exec, const char *info)
{
	size_t n = 0, n_own = 0;
	char **env;

	while (environ[n_own])
		n_own++;
	env = arena_calloc(mem, n_own + exec->env.n + 2, sizeof(*env));
	for (size_t i = 0; i < n_own; i++) {
		size_t len = strcspn(environ[i], "=");
		bool replaced = strncmp(environ[i], "KUBERNETES_EXEC_INFO=", 21) == 0;

		for (size_t j = 0; !replaced && j < exec->env.n; j++)
			replaced = strlen(exec->env.v[j].key) == len &&
			    strncmp(exec->env.v[j].key, environ[i], len) == 0;
		if (!replaced)
			env[n++] = environ[i];
	}
	for (size_t j = 0; j < exec->env.n; j++)
		env[n++] = arena_printf(mem, "%s=%s", exec->env.v[j].key, exec->env.v[j].value);
	env[n++] = arena_printf(mem, "KUBERNETES_EXEC_INFO=%s", info);
	return env;
}

static char **
make_argv(struct arena *mem, const struct kube_exec *exec)
{
	char **argv = arena_calloc(mem, exec->args.n + 2, sizeof(*argv));

	argv[0] = arena_strdup(mem, exec->command);
	for (size_t i = 0; i < exec->args.n; i++)
		argv[i + 1] = arena_strdup(mem, exec->args.v[i]);
	return argv;
}

/*
 * Start the plugin in a new process group, so that its children can be killed with it.  Reset the
 * plugin's signal mask and handlers.
 */
static int
spawn(const struct kube_exec *exec, const char *info, int out, pid_t *ret_pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	struct arena mem = { 0 };
	sigset_t none, all;
	int rc;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr,
	    POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	rc = posix_spawnp(ret_pid, exec->command, &files, &attr, make_argv(&mem, exec),
	    make_env(&mem, exec, info));
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	arena_done(&mem);
	return -rc;
}

struct exec_plugin *
exec_plugin_start(struct ev_loop *loop, const struct kube_exec *exec, const char *info,
    void (*on_end)(void *arg, const char *out, size_t len, const char *error), void *arg,
    struct err *err)
{
	struct exec_plugin *plugin;
	int fds[2], rc;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0) {
		err_set(err, -errno, "pipe: %s", strerror(errno));
		return NULL;
	}
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	rc = spawn(exec, info, fds[1], &pid);
	close(fds[1]);
	if (rc < 0) {
		close(fds[0]);
		err_set(err, rc, "cannot be started: %s%s%s", strerror(-rc), exec->hint ? "; " : "",
		    exec->hint ? exec->hint : "");
		return NULL;
	}
	plugin = xcalloc(1, sizeof(*plugin));
	*plugin = (struct exec_plugin){ .loop = loop, .exec = exec, .pid = pid, .fd = fds[0],
		.on_end = on_end, .arg = arg };
	ev_child_init(&plugin->child, on_child_exit, pid, 0);
	ev_io_init(&plugin->readable, on_output, fds[0], EV_READ);
	ev_timer_init(&plugin->timeout, on_timeout, PLUGIN_TIMEOUT_S, 0.);
	plugin->child.data = plugin->readable.data = plugin->timeout.data = plugin;
	ev_child_start(loop, &plugin->child);
	ev_io_start(loop, &plugin->readable);
	ev_timer_start(loop, &plugin->timeout);
	return plugin;
}
