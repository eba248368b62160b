/* Text from files made safe; see escape.h. */
#include "trace/base/escape.h"

#include "trace/base/utf8.h"

#include <string.h>

bool escape_is_hidden(uint32_t c)
{
	if (c < 0x7f)
		return c < 0x20;
	return c < 0xa0 || c == 0xad || c == 0x061c || (c >= 0x200b && c <= 0x200f) ||
		(c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
		(c >= 0xfff0 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe0fff);
}

/* May the character stand as it is? */
static bool is_plain(enum escape_style style, uint32_t c)
{
	switch (style) {
	case ESCAPE_ASCII: return c >= 0x20 && c < 0x7f;
	case ESCAPE_LINES: return c == '\n' || c == '\t' || !escape_is_hidden(c);
	case ESCAPE_JSON: return c != '"' && c != '\\' && !escape_is_hidden(c);
	case ESCAPE_CSV:
	case ESCAPE_CELL: return c == '\n' || c == '\r' || c == '\t' || (c != '"' && !escape_is_hidden(c));
	case ESCAPE_EXACT: return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
	default: return !escape_is_hidden(c);
	}
}

/* How a character that is not plain is written; returns the bytes. */
static size_t spell(enum escape_style style, uint32_t c, char *out)
{
	size_t cap = ESCAPE_MOST + 1;
	if (c == '"' || c == '\\')
		return (size_t)snprintf(
			out, cap, style == ESCAPE_CSV || style == ESCAPE_CELL ? "\"\"" : "\\%c", (int)c);
	if (style == ESCAPE_JSON && c > 0xffff)
		return (size_t)snprintf(out, cap, "\\u%04x\\u%04x", 0xd7c0 + (c >> 10), 0xdc00 + (c & 0x3ff));
	if (style != ESCAPE_JSON && c < 0x80)
		return (size_t)snprintf(out, cap, "\\x%02x", c);
	return (size_t)snprintf(out, cap, c > 0xffff ? "\\U%08x" : "\\u%04x", c);
}

/* One character of the n > 0 bytes at s: *ret_used of them are it, out is how it is written; returns bytes of
 * out, 0: it stands as it is. */
static size_t escape_one(
	enum escape_style style, const unsigned char *s, size_t n, size_t *ret_used, char *out)
{
	uint32_t c = 0;
	unsigned used = style == ESCAPE_EXACT && *s >= 0x80 ? 0 : utf8_decode(s, n, &c);
	*ret_used = used ? used : 1;
	if (used)
		return is_plain(style, c) ? 0 : spell(style, c, out);
	return (size_t)snprintf(out, ESCAPE_MOST + 1, style == ESCAPE_JSON ? "\\ufffd" : "\\x%02x", *s);
}

/* ---- where it goes ---- */

/* A piece of n bytes at s, which goes in whole or may be cut; false: there is no room for all of it, nor for
 * what follows. */
typedef bool escape_to(void *context, const char *s, size_t n, bool whole);

static bool is_quoted(enum escape_style style, const unsigned char *s, size_t n)
{
	if (style != ESCAPE_CELL)
		return style == ESCAPE_JSON || style == ESCAPE_CSV || style == ESCAPE_EXACT;
	for (size_t i = 0; i < n; i++)
		if (s[i] && strchr(",\"\r\n", s[i]))
			return true;
	return n == 0; /* an empty text is "", nothing at all would be a null */
}

/* Nearly every byte: it is plain in all styles. */
static bool stands_always(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/* Plain characters that s, of n bytes, begins with, in bytes; what follows them is written as *ret_length
 * bytes at out and takes *ret_used bytes of s. */
static size_t plain_run(enum escape_style style, const unsigned char *s, size_t n, char *out,
	size_t *ret_length, size_t *ret_used)
{
	size_t plain = 0;
	*ret_length = *ret_used = 0;
	while (plain < n) {
		if (stands_always(s[plain])) {
			plain++;
			continue;
		}
		*ret_length = escape_one(style, s + plain, n - plain, ret_used, out);
		if (*ret_length)
			return plain;
		plain += *ret_used;
	}
	*ret_used = 0;
	return plain;
}

static void escape_all(
	enum escape_style style, const unsigned char *s, size_t n, escape_to *to, void *context)
{
	bool quoted = is_quoted(style, s, n), fits = !quoted || to(context, "\"", 1, true);
	for (size_t at = 0; at < n && fits;) {
		char out[ESCAPE_MOST + 1];
		size_t length, used, plain = plain_run(style, s + at, n - at, out, &length, &used);
		fits = (!plain || to(context, (const char *)s + at, plain, false)) &&
			(!length || to(context, out, length, true));
		at += plain + used;
	}
	if (quoted && fits)
		to(context, "\"", 1, true);
}

static bool to_file(void *context, const char *s, size_t n, bool whole)
{
	(void)whole;
	return fwrite(s, 1, n, context) == n;
}

static bool to_builder(void *context, const char *s, size_t n, bool whole)
{
	(void)whole;
	builder_bytes(context, s, n);
	return true;
}

/* Of plain text no part of a character goes in. */
static bool to_buffer(void *context, const char *s, size_t n, bool whole)
{
	struct builder *b = context;
	size_t left = b->cap - b->size > 0 ? b->cap - b->size - 1 : 0, fits = n < left ? n : left;
	if (fits < n && whole)
		fits = 0;
	while (fits > 0 && fits < n && ((unsigned char)s[fits] & 0xc0) == 0x80)
		fits--;
	builder_bytes(b, s, fits);
	return fits == n;
}

void escape_print(FILE *out, enum escape_style style, const void *s, size_t n)
{
	escape_all(style, s, n, to_file, out);
}

void escape_add(struct builder *b, enum escape_style style, const void *s, size_t n)
{
	escape_all(style, s, n, to_builder, b);
}

size_t escape_copy(char *out, size_t cap, enum escape_style style, const void *s, size_t n)
{
	struct builder b = builder_in(out, cap);
	escape_all(style, s, n, to_buffer, &b);
	return b.size;
}

void escape_print_text(FILE *out, enum escape_style style, const char *s)
{
	escape_print(out, style, s, strlen(s));
}

void escape_add_text(struct builder *b, enum escape_style style, const char *s)
{
	escape_add(b, style, s, strlen(s));
}

size_t escape_copy_text(char *out, size_t cap, enum escape_style style, const char *s)
{
	return escape_copy(out, cap, style, s, strlen(s));
}
