/* JSON; see json.h. */
#include "trace/base/json.h"

#include "trace/base/escape.h"

#include <assert.h>
#include <math.h>
#include <string.h>

struct json json_to(FILE *out)
{
	return (struct json){ .out = out, .line = -1 };
}

/* A short item is put together first and printed at once: events are many. */
enum { SHORT = 96, ITEM = SHORT + 24 };

/* What stands before an item, or the key before it, in bytes at out; of an item on a line of its own it is
 * printed. */
static size_t separate(struct json *j, char out[4])
{
	size_t n = 0;
	if (j->keyed) {
		j->keyed = false;
		return 0;
	}
	assert(j->depth > 0 || !j->more[0]);
	if (j->more[j->depth]) {
		out[n++] = ',';
		if (j->wide && j->line < 0)
			out[n++] = ' ';
	}
	j->more[j->depth] = true;
	if (j->line >= 0) {
		fprintf(j->out, "%.*s\n%*s", (int)n, out, j->line, "");
		n = 0;
	}
	j->line = -1;
	return n;
}

static void begin(struct json *j)
{
	char out[4];
	fwrite(out, 1, separate(j, out), j->out);
}

/* The text in quotes at out; 0: it is too long, or something in it must be escaped. */
static size_t quote_short(const char *s, size_t n, char out[ITEM])
{
	if (n > SHORT)
		return 0;
	for (size_t i = 0; i < n; i++) {
		if (s[i] < 0x20 || s[i] > 0x7e || s[i] == '"' || s[i] == '\\')
			return 0;
		out[1 + i] = s[i];
	}
	out[0] = out[1 + n] = '"';
	return n + 2;
}

static size_t decimal(uint64_t v, char *out)
{
	char digit[20];
	size_t n = 0;
	do
		digit[n++] = (char)('0' + v % 10);
	while (v /= 10);
	for (size_t i = 0; i < n; i++)
		out[i] = digit[n - 1 - i];
	return n;
}

static void open(struct json *j, char first, char last)
{
	begin(j);
	assert(j->depth < JSON_DEPTH);
	putc(first, j->out);
	j->close[++j->depth] = last;
	j->more[j->depth] = false;
}

void json_object(struct json *j)
{
	open(j, '{', '}');
}

void json_array(struct json *j)
{
	open(j, '[', ']');
}

void json_end(struct json *j)
{
	assert(j->depth > 0 && !j->keyed);
	if (j->line >= 0)
		fprintf(j->out, "\n%*s", j->line, "");
	j->line = -1;
	putc(j->close[j->depth--], j->out);
}

void json_key(struct json *j, const char *name)
{
	char out[ITEM];
	assert(!j->keyed && j->close[j->depth] == '}');
	size_t before = separate(j, out), n = quote_short(name, strlen(name), out + before);
	fwrite(out, 1, before + n, j->out);
	if (!n)
		escape_print_text(j->out, ESCAPE_JSON, name);
	fputs(j->wide ? ": " : ":", j->out);
	j->keyed = true;
}

void json_bytes(struct json *j, const void *text, size_t n)
{
	char out[ITEM];
	size_t before = separate(j, out), quoted = quote_short(text, n, out + before);
	fwrite(out, 1, before + quoted, j->out);
	if (!quoted)
		escape_print(j->out, ESCAPE_JSON, text, n);
}

void json_text(struct json *j, const char *text)
{
	json_bytes(j, text, strlen(text));
}

void json_hex(struct json *j, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;
	char out[ITEM];
	size_t used = separate(j, out);
	out[used++] = '"';
	for (size_t i = 0; i < n; i++) {
		uint8_t b = p ? p[i] : 0;
		out[used++] = "0123456789abcdef"[b >> 4];
		out[used++] = "0123456789abcdef"[b & 15];
		if (used > SHORT) {
			fwrite(out, 1, used, j->out);
			used = 0;
		}
	}
	out[used++] = '"';
	fwrite(out, 1, used, j->out);
}

void json_unsigned(struct json *j, uint64_t v)
{
	char out[ITEM];
	size_t n = separate(j, out);
	n += decimal(v, out + n);
	fwrite(out, 1, n, j->out);
}

void json_integer(struct json *j, int64_t v)
{
	char out[ITEM];
	size_t n = separate(j, out);
	if (v < 0)
		out[n++] = '-';
	n += decimal(v < 0 ? -(uint64_t)v : (uint64_t)v, out + n);
	fwrite(out, 1, n, j->out);
}

void json_fixed(struct json *j, double v, int decimals)
{
	begin(j);
	if (isfinite(v))
		fprintf(j->out, "%.*f", decimals, v);
	else
		fputs("null", j->out);
}

void json_number(struct json *j, double v)
{
	if (isfinite(v) && (v != floor(v) || fabs(v) >= 1e15)) {
		begin(j);
		fprintf(j->out, "%.10g", v);
	} else {
		json_fixed(j, v, 0);
	}
}

void json_raw(struct json *j, const char *value)
{
	begin(j);
	fputs(value, j->out);
}

void json_bool(struct json *j, bool v)
{
	json_raw(j, v ? "true" : "false");
}

void json_null(struct json *j)
{
	json_raw(j, "null");
}

void json_line(struct json *j, int blanks)
{
	j->line = blanks;
}

void json_key_text(struct json *j, const char *name, const char *text)
{
	json_key(j, name);
	json_text(j, text);
}

void json_key_unsigned(struct json *j, const char *name, uint64_t v)
{
	json_key(j, name);
	json_unsigned(j, v);
}

void json_key_integer(struct json *j, const char *name, int64_t v)
{
	json_key(j, name);
	json_integer(j, v);
}

void json_key_bool(struct json *j, const char *name, bool v)
{
	json_key(j, name);
	json_bool(j, v);
}

void json_key_object(struct json *j, const char *name)
{
	json_key(j, name);
	json_object(j);
}

void json_key_array(struct json *j, const char *name)
{
	json_key(j, name);
	json_array(j);
}
