/* Text from files made safe: for a terminal, for JSON, for CSV.
 *
 * Names of files, maps, types and keys come from whoever made a trace or a workload.  Printed as they are,
 * they could move the cursor, set the title or turn a line around.  What no style lets through:
 *
 *   control bytes     U+0000 to U+001F, U+007F, and C1, U+0080 to U+009F, which some terminals obey
 *   hidden ones       those that change the direction of writing or print nothing: U+00AD, U+061C,
 *                     U+200B to U+200F, U+2028 to U+202E, U+2060 to U+206F, U+FEFF, U+FFF0 to U+FFFB,
 *                     U+E0000 to U+E0FFF
 *   invalid UTF-8     each byte that belongs to no character
 *
 * What comes out is valid UTF-8.  How they are written:
 *
 *   style           U+001B   U+009B   U+202E   U+E0001        byte ff   also
 *   ESCAPE_TEXT     \x1b     \u009b   \u202e   \U000e0001     \xff      \ stays: it is for people
 *   ESCAPE_ASCII    \x1b     \u009b   \u202e   \U000e0001     \xff      all that is not ASCII as \uNNNN
 *   ESCAPE_LINES    \x1b     \u009b   \u202e   \U000e0001     \xff      newline and tab stay: a message
 *   ESCAPE_JSON     \u001b   \u009b   \u202e   \udb40\udc01   \ufffd    " and \ with a \; in quotes
 *   ESCAPE_CSV      \x1b     \u009b   \u202e   \U000e0001     \xff      " twice; newline, return and tab
 *                                                                       stay; in quotes
 *   ESCAPE_CELL     \x1b     \u009b   \u202e   \U000e0001     \xff      as ESCAPE_CSV, in quotes where
 *                                                                       RFC 4180 needs them
 *   ESCAPE_EXACT    \x1b     \xc2\x9b  ...                    \xff      " and \ with a \, bytes beyond ASCII
 *                                                                       as \xNN; in quotes: what
 *                                                                       `mapscope layout` prints
 */
#ifndef TRACE_ESCAPE_H
#define TRACE_ESCAPE_H

#include "trace/base/builder.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum escape_style {
	ESCAPE_TEXT,
	ESCAPE_ASCII,
	ESCAPE_LINES,
	ESCAPE_JSON,
	ESCAPE_CSV,
	ESCAPE_CELL,
	ESCAPE_EXACT
};
/* Bytes that one character of any style takes at most. */
enum { ESCAPE_MOST = 12 };

/* Control or hidden, as above. */
bool escape_is_hidden(uint32_t ch);

/* n bytes at s, which may hold zero bytes, escaped: printed, added to a text, or written to cap bytes at out
 * (with a zero byte at the end and cut between two characters; returns the bytes).  The styles in quotes
 * bring their quotes. */
void escape_print(FILE *out, enum escape_style style, const void *s, size_t n);
void escape_add(struct builder *b, enum escape_style style, const void *s, size_t n);
size_t escape_copy(char *out, size_t cap, enum escape_style style, const void *s, size_t n);

/* The same for a text with a zero byte at its end. */
void escape_print_text(FILE *out, enum escape_style style, const char *s);
void escape_add_text(struct builder *b, enum escape_style style, const char *s);
size_t escape_copy_text(char *out, size_t cap, enum escape_style style, const char *s);

#endif
