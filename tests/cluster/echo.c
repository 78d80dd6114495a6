/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program of every test pod: a web server that answers with the name of the pod and the source
 * address of the client ("NAME ADDRESS\n").  Without arguments, the program is the pause process of
 * a pod's sandbox.
 *
 *	echo [PORT NAME]
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void
on_terminate(int sig)
{
	(void)sig;
	_exit(0);
}

/* Reaps orphaned processes, because the pause process has the pid 1. */
static void
on_child(int sig)
{
	(void)sig;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

struct client {
	int fd;
	struct sockaddr_in from;
	const char *pod_name;
};

static void
answer(const struct client *client)
{
	struct timeval timeout = { .tv_sec = 2 };
	int fd = client->fd;
	char request[4096], body[300], head[200], address[INET_ADDRSTRLEN];

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	if (recv(fd, request, sizeof(request), 0) <= 0)
		return;
	inet_ntop(AF_INET, &client->from.sin_addr, address, sizeof(address));
	snprintf(body, sizeof(body), "%.200s %s\n", client->pod_name, address);
	snprintf(head, sizeof(head),
	    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n"
	    "Connection: close\r\n\r\n", strlen(body));
	send(fd, head, strlen(head), MSG_NOSIGNAL | MSG_MORE);
	send(fd, body, strlen(body), MSG_NOSIGNAL);
	shutdown(fd, SHUT_WR);
	while (recv(fd, request, sizeof(request), 0) > 0)
		;
}

static void *
run_client(void *arg)
{
	struct client *client = arg;

	answer(client);
	close(client->fd);
	free(client);
	return NULL;
}

/*
 * Starts a thread for each client, so that no client blocks another.  If the address moves to
 * another node, the RST of a client can be lost; the client's thread then waits 2 s in vain.
 */
static void
start_thread(struct client client)
{
	struct client *copy = malloc(sizeof(*copy));
	pthread_t thread;

	if (copy)
		*copy = client;
	if (copy && pthread_create(&thread, NULL, run_client, copy) == 0) {
		pthread_detach(thread);
		return;
	}
	free(copy);
	close(client.fd);
}

static int
serve(int port, const char *name)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int on = 1, sock = socket(AF_INET, SOCK_STREAM, 0);

	setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (sock < 0 || bind(sock, (struct sockaddr *)&addr, sizeof(addr)) < 0 ||
	    listen(sock, 64) < 0) {
		perror("echo");
		return 1;
	}
	for (;;) {
		struct client client = { .pod_name = name };
		socklen_t len = sizeof(client.from);

		client.fd = accept(sock, (struct sockaddr *)&client.from, &len);
		if (client.fd >= 0)
			start_thread(client);
	}
}

int
main(int argc, char **argv)
{
	signal(SIGTERM, on_terminate);
	signal(SIGINT, on_terminate);
	if (argc == 3)
		return serve(atoi(argv[1]), argv[2]);
	signal(SIGCHLD, on_child);
	for (;;)
		pause();
}
