/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_ERR_H
#define ARPLET_ERR_H

/*
 * An error message about input that a person wrote.  The message says which field of the input is
 * wrong.  A function that sets a message also returns a negative errno.  A caller that needs no
 * message passes NULL as @err.
 */
struct err {
	char text[512];
};

/* err_set - write the message to err->text, cut to the size of err->text; returns @code. */
int err_set(struct err *err, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* err_prefix - insert text before the message, such as the name of the outer field. */
void err_prefix(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
