/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARPLET_ERR_H
#define ARPLET_ERR_H

/*
 * An error that a person reads, because a person wrote the input that caused it: a sentence that
 * names the field.  Functions that fill one also return a negative errno; one that is given
 * NULL keeps the sentence to itself.
 */
struct err {
	char text[512];
};

/* err_set - write the sentence (cut at the end of @err->text); returns @code for `return`. */
int err_set(struct err *err, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* err_prefix - put "PREFIX: " or "PREFIX" before the sentence, as a field path grows outwards. */
void err_prefix(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
