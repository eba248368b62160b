/* A text that grows at its end: in a buffer of the caller, where what does not fit is left out, or in memory
 * of its own.
 *
 *     char line[80];
 *     struct builder b = builder_in(line, sizeof line);
 *     builder_add(&b, "B %u", h->B);
 *
 * In a buffer the text always ends with a zero byte and is cut between two bytes; size counts what it would
 * be in whole.
 */
#ifndef TRACE_BUILDER_H
#define TRACE_BUILDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct builder {
	char *text; /* with a zero byte at its end; of its own: NULL as long as nothing was added */
	size_t cap;
	size_t size; /* bytes without the zero byte, also those that found no room */
	bool own;
};

/* Writes into cap bytes at out (0: only counts); out is "" from here on. */
struct builder builder_in(char *out, size_t cap);
/* A text of its own; without memory the program ends. */
struct builder builder_own(void);
void builder_release(struct builder *b);
/* The text of its own, which the caller frees; b is empty then. */
char *builder_take(struct builder *b);

void builder_bytes(struct builder *b, const void *p, size_t n);
void builder_text(struct builder *b, const char *text);
void builder_char(struct builder *b, char c);
void builder_add(struct builder *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A whole number in base 10: magnitude, with a minus when it is negative.  A tenth of what printf costs. */
void builder_decimal(struct builder *b, bool negative, uint64_t magnitude);
/* Writes it to out, with a zero byte at its end; returns the length. */
enum { DECIMAL_MOST = 22 };
size_t decimal_print(bool negative, uint64_t magnitude, char out[DECIMAL_MOST]);
/* Is text what decimal_print would write? */
bool decimal_is(const char *text, bool negative, uint64_t magnitude);
/* p as hexadecimal digits, two a byte. */
void builder_hex(struct builder *b, const void *p, size_t n);

/* Bytes that are there: size, or what fitted. */
size_t builder_length(const struct builder *b);
/* Something found no room. */
bool builder_cut(const struct builder *b);

#endif
