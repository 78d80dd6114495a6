/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program of every test pod: a web server whose answer names the pod and the client as the
 * pod sees it ("NAME ADDRESS\n").  Without arguments it only waits, as a pod's sandbox must.
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
on_end(int sig)
{
	(void)sig;
	_exit(0);
}

/* The sandbox is process 1 of its pod and inherits the pod's orphans. */
static void
on_child(int sig)
{
	(void)sig;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

struct visitor {
	int fd;
	struct sockaddr_in from;
	const char *name; /* of the pod */
};

static void
answer(int fd, const struct sockaddr_in *from, const char *name)
{
	struct timeval patience = { .tv_sec = 2 };
	char request[4096], body[300], head[200], address[INET_ADDRSTRLEN];

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (recv(fd, request, sizeof(request), 0) <= 0)
		return;
	inet_ntop(AF_INET, &from->sin_addr, address, sizeof(address));
	snprintf(body, sizeof(body), "%.200s %s\n", name, address);
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
receive(void *arg)
{
	struct visitor *visitor = arg;

	answer(visitor->fd, &visitor->from, visitor->name);
	close(visitor->fd);
	free(visitor);
	return NULL;
}

/*
 * Each has a thread.  A client whose RST is lost, because the address has moved, says nothing more;
 * at a hundred connections a second those behind it would be too many for the queue.
 */
static void
welcome(struct visitor visitor)
{
	struct visitor *own = malloc(sizeof(*own));
	pthread_t thread;

	if (own)
		*own = visitor;
	if (own && pthread_create(&thread, NULL, receive, own) == 0) {
		pthread_detach(thread);
		return;
	}
	free(own);
	close(visitor.fd);
}

static int
serve(int port, const char *name)
{
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int on = 1, sock = socket(AF_INET, SOCK_STREAM, 0);

	setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (sock < 0 || bind(sock, (struct sockaddr *)&here, sizeof(here)) < 0 ||
	    listen(sock, 64) < 0) {
		perror("echo");
		return 1;
	}
	for (;;) {
		struct visitor visitor = { .name = name };
		socklen_t len = sizeof(visitor.from);

		visitor.fd = accept(sock, (struct sockaddr *)&visitor.from, &len);
		if (visitor.fd >= 0)
			welcome(visitor);
	}
}

int
main(int argc, char **argv)
{
	signal(SIGTERM, on_end);
	signal(SIGINT, on_end);
	if (argc == 3)
		return serve(atoi(argv[1]), argv[2]);
	signal(SIGCHLD, on_child);
	for (;;)
		pause();
}
