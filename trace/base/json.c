/* JSON; see json.h. */
#include "trace/base/json.h"

#include "trace/base/escape.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

struct json json_to(FILE *out)
{
	return (struct json){ .out = out, .line = -1 };
}

/* Before an item, or the key before it. */
static void begin(struct json *j)
{
	if (j->keyed) {
		j->keyed = false;
		return;
	}
	assert(j->depth > 0 || !j->more[0]);
	if (j->more[j->depth])
		fputs(j->wide && j->line < 0 ? ", " : ",", j->out);
	j->more[j->depth] = true;
	if (j->line >= 0)
		fprintf(j->out, "\n%*s", j->line, "");
	j->line = -1;
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
	assert(!j->keyed && j->close[j->depth] == '}');
	begin(j);
	escape_print_text(j->out, ESCAPE_JSON, name);
	fputs(j->wide ? ": " : ":", j->out);
	j->keyed = true;
}

void json_bytes(struct json *j, const void *text, size_t n)
{
	begin(j);
	escape_print(j->out, ESCAPE_JSON, text, n);
}

void json_text(struct json *j, const char *text)
{
	json_bytes(j, text, strlen(text));
}

void json_hex(struct json *j, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;
	begin(j);
	putc('"', j->out);
	for (size_t i = 0; i < n; i++)
		fprintf(j->out, "%02x", p ? p[i] : 0);
	putc('"', j->out);
}

void json_unsigned(struct json *j, uint64_t v)
{
	begin(j);
	fprintf(j->out, "%" PRIu64, v);
}

void json_integer(struct json *j, int64_t v)
{
	begin(j);
	fprintf(j->out, "%" PRId64, v);
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
