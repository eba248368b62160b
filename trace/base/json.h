/* JSON: the one writer of the program.  It sets commas, colons and quotes, and escapes texts.
 *
 *     struct json j = json_to(stdout);
 *     json_object(&j);
 *     json_key(&j, "op");
 *     json_unsigned(&j, op);
 *     json_key(&j, "maps");
 *     json_array(&j);
 *     for (...) {
 *             json_line(&j, 1);
 *             json_text(&j, map->name);
 *     }
 *     json_end(&j);
 *     json_end(&j);
 *
 * writes {"op":12,"maps":[ and then a line for each name, with one blank before it, and ]}.
 */
#ifndef TRACE_JSON_H
#define TRACE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { JSON_DEPTH = 16 }; /* objects and arrays inside each other, at most */

struct json {
	FILE *out;
	bool wide; /* a blank behind commas and colons */
	int depth;
	char close[JSON_DEPTH + 1]; /* what ends each that is open */
	bool more[JSON_DEPTH + 1];  /* it has an item */
	bool keyed;                 /* a key was written: its value comes */
	int line;                   /* blanks of the line on which the next item begins, -1: on the same */
};

struct json json_to(FILE *out);

/* An item is a value; inside an object each has its key before it. */
void json_object(struct json *j);
void json_array(struct json *j);
void json_end(struct json *j); /* of the last one that is open; at depth 0 nothing more may come */
void json_key(struct json *j, const char *name);
void json_text(struct json *j, const char *text);
void json_bytes(struct json *j, const void *text, size_t n); /* a text of n bytes */
void json_hex(
	struct json *j, const void *bytes, size_t n); /* bytes (NULL: zeros) as hexadecimal digits, a text */
void json_unsigned(struct json *j, uint64_t v);
void json_integer(struct json *j, int64_t v);
void json_fixed(struct json *j, double v, int decimals); /* null when it is not finite */
void json_number(struct json *j, double v); /* 10 digits, whole ones without a point; null as above */
void json_bool(struct json *j, bool v);
void json_null(struct json *j);
/* A value as it stands, which the caller vouches for. */
void json_raw(struct json *j, const char *value);

/* The next item, or the key before it, begins on a line of its own, indented by so many blanks. */
void json_line(struct json *j, int blanks);

/* A key and its value. */
void json_key_text(struct json *j, const char *name, const char *text);
void json_key_unsigned(struct json *j, const char *name, uint64_t v);
void json_key_integer(struct json *j, const char *name, int64_t v);
void json_key_bool(struct json *j, const char *name, bool v);
void json_key_object(struct json *j, const char *name);
void json_key_array(struct json *j, const char *name);

#endif
