/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OBJECT_TEXT_H
#define OBJECT_TEXT_H

#include "arplet/link.h"
#include "arplet/object.h"

/*
 * Short texts for Kubernetes objects and links, so that tests are easy to read:
 *
 *	svc d/a ports=tcp/80,udp/53 families=46 policy=prefer|require local selector=app:x
 *		ann-ips=IP,IP lbip=IP pool=P share=KEY from=P status=IP,IP foreign class=C
 *		since=ALLOCATED_S
 *		type=ClusterIP old=ANNOTATION
 *	pool a 10.0.0.0/30 fd00::/126 auto=no avoid pinned prio=2 ns=web nssel=S svcsel=S
 *		counts=ASSIGNED4/AVAILABLE4/ASSIGNED6/AVAILABLE6
 *		exclude=IP,BLOCK reserve=IP=d/a,IP=d/b reuse-after=10m quota=2
 *		allow-infrastructure=true conflict=yield share-namespaces=true
 *		ignore-proxy-arp=true
 *	adv x pools=a,b poolsel=S nodes=S svcsel=S ifaces=eth0
 *	node n1 notready nonet cordoned ip=IP
 *	ns web
 *	slice d/a n1:ready n2:not n3:ends id=2   endpoints of Service d/a; ends: serving
 *	l2 NAME node=n1 svc=d/a ifaces=eth0 conflict=IP,MAC,defended
 *		unwritten                        created, but its status is not written yet
 *
 * Every line may contain labels=k:v,k2:v2 created=5 gen=2 uid=u version=7 deleting.  A line may end
 * in bad=ERROR, where ERROR is the message of a decoder error.
 * In nssel=S and the like, S is a list of selectors; an object must match at least one of them.
 * For example, "zone:1/2&tier!:x,gpu,!spot" means: (zone in (1, 2) and tier not in (x)) or label
 * gpu exists or label spot does not exist.
 */
#define OBJECT_TEXT_MAX 512

/* object_from_text - returns the object that @line describes; aborts if @line is invalid. */
struct object *object_from_text(const char *line);

/*
 * link_from_text - parses "eth0=10.0.0.9/24,fd00::9/64,gw/10.0.0.1,down" or "eth0"; @mem owns the
 * addresses of the link.
 */
struct link link_from_text(struct arena *mem, const char *word, int ifindex);

/* split_text - splits a copy of @text at each character of @seps; aborts if the list is full. */
struct strings split_text(struct arena *mem, const char *text, const char *seps);

/* labels_from_text - parses "k:v,k2:v2".  selectors_from_text - parses S. */
struct labels labels_from_text(struct arena *mem, const char *text);
struct selectors selectors_from_text(struct arena *mem, const char *text);

/* ip_from_text - returns the address @text; aborts if @text is not an address. */
struct ip ip_from_text(const char *text);

#endif
