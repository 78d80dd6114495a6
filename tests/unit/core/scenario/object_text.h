/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OBJECT_TEXT_H
#define OBJECT_TEXT_H

#include "arplet/link.h"
#include "arplet/object.h"

/*
 * Kubernetes objects and links from a line of text, for tests that read as stories:
 *
 *	svc d/a ports=tcp/80,udp/53 families=46 policy=prefer|require local selector=app:x
 *		ann-ips=IP,IP lbip=IP pool=P share=KEY from=P status=IP,IP foreign class=C
 *		type=ClusterIP old=ANNOTATION
 *	pool a 10.0.0.0/30 fd00::/126 auto=no avoid pinned prio=2 ns=web nssel=S svcsel=S
 *		counts=ASSIGNED4/AVAILABLE4/ASSIGNED6/AVAILABLE6
 *		exclude=IP,BLOCK reserve=IP=d/a,IP=d/b reuse-after=10m quota=2 allow-infra=true
 *		conflict=yield
 *	adv x pools=a,b poolsel=S nodes=S svcsel=S ifaces=eth0
 *	node n1 notready nonet cordoned ip=IP
 *	ns web
 *	slice d/a n1:ready n2:not id=2           endpoints of Service d/a
 *	l2 NAME node=n1 svc=d/a ifaces=eth0 unwritten   (not yet: its status is on the way)
 *		conflict=IP,MAC,defended
 *
 * and for all: labels=k:v,k2:v2 created=5 gen=2 uid=u version=7 deleting, and at the end
 * bad=WHY (a sentence, to the end of the line).  S are selectors, any of which must match:
 * "zone:1/2&tier!:x,gpu,!spot" is (zone in (1, 2) and tier not in (x)) or gpu or not spot.
 */
#define OBJECT_TEXT_MAX 512

/* object_from_text - aborts when the line makes no sense. */
struct object *object_from_text(const char *line);

/* link_from_text - "eth0=10.0.0.9/24,fd00::9/64,gw/10.0.0.1,down" or "eth0"; its ifindex is @ifindex. */
struct link link_from_text(const char *word, int ifindex);

/* split_text - splits a copy of @text at each of @seps; aborts when there are too many parts. */
struct strings split_text(struct arena *mem, const char *text, const char *seps);

/* labels_from_text - "k:v,k2:v2".  selectors_from_text - as above. */
struct labels labels_from_text(struct arena *mem, const char *text);
struct selectors selectors_from_text(struct arena *mem, const char *text);

/* ip_from_text - aborts when @text is no address. */
struct ip ip_from_text(const char *text);

#endif
