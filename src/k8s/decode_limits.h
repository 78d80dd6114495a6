/* SPDX-License-Identifier: Apache-2.0 */
#ifndef K8S_DECODE_LIMITS_H
#define K8S_DECODE_LIMITS_H

#include "arplet/object.h"

/*
 * Limits of what the decoder reads of an object.  The API server accepts objects of 1.5 MiB, and
 * any tenant can create Services, so the memory and time that arplet needs for an object must not
 * depend on its size.  The API server itself limits names and labels to 317 bytes, a slice to 1,000
 * endpoints, and all annotations of an object to 256 KiB.
 */
#define OBJECT_TEXT_MAX 1024    /* a string that has no other limit, bytes */
#define LABELS_MAX 64           /* labels of a Service or Namespace; spec.selector of a Service */
#define ADMIN_LABELS_MAX 1024   /* labels of a Node, a pool or an advertisement */
#define FAMILIES_MAX 2          /* spec.ipFamilies and spec.clusterIPs of a Service */
#define CONDITION_TEXT_MAX 8192 /* message of a condition, bytes */
#define CONDITIONS_MAX 8        /* conditions with the prefix arplet.io/ */
#define POOL_TEXT_MAX 262144    /* annotation of a pool, bytes */
#define SECRET_MAX 4096         /* longest hello key that is read, in base64 characters */
#define CONTINUE_MAX 4096       /* metadata.continue of a list, bytes */

/*
 * The memory of a Service in the daemon: the struct and all its strings and lists.  If a Service
 * needs more, its labels count as unknown, then its ports; if that is not enough, the Service is
 * bad.
 */
#define SERVICE_ROOM 2048

#endif
