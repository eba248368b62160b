/* Writing a profile; see pprof.h. */
#include "src/command/pprof.h"

#include "trace/base/grown.h"

#include <stdlib.h>
#include <string.h>

/* ---- bytes ---- */

struct bytes {
	uint8_t *at;
	size_t n, cap;
};

static void put(struct bytes *b, const void *from, size_t n)
{
	b->at = grown(b->at, &b->cap, b->n + n, 1);
	if (n)
		memcpy(b->at + b->n, from, n);
	b->n += n;
}

static void put_varint(struct bytes *b, uint64_t v)
{
	uint8_t out[10];
	size_t n = 0;
	for (; v >= 0x80; v >>= 7)
		out[n++] = (uint8_t)(v | 0x80);
	out[n++] = (uint8_t)v;
	put(b, out, n);
}

static void put_number(struct bytes *b, unsigned field, uint64_t v)
{
	put_varint(b, field * 8);
	put_varint(b, v);
}

static void put_field(struct bytes *b, unsigned field, const void *from, size_t n)
{
	put_varint(b, field * 8 + 2);
	put_varint(b, n);
	put(b, from, n);
}

/* The message in part becomes a field, and part is empty again. */
static void put_part(struct bytes *b, unsigned field, struct bytes *part)
{
	put_field(b, field, part->at, part->n);
	part->n = 0;
}

/* ---- the message ---- */

struct names {
	const char **at;
	size_t n, cap;
};

/* The number of a name, from 1; the list keeps the pointer. */
static uint64_t number_of(struct names *l, const char *name)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->at[i], name) == 0)
			return i + 1;
	l->at = grown(l->at, &l->cap, l->n, sizeof *l->at);
	l->at[l->n++] = name;
	return l->n;
}

/* Strings are numbered from 0, and string 0 is "". */
static uint64_t string_of(struct names *strings, const char *s)
{
	return *s ? number_of(strings, s) : 0;
}

struct message {
	struct bytes all, part, inner;
	struct names strings, functions;
};

static void put_value_type(struct message *m, unsigned field, const char *type, const char *unit)
{
	put_number(&m->part, 1, string_of(&m->strings, type));
	put_number(&m->part, 2, string_of(&m->strings, unit));
	put_part(&m->all, field, &m->part);
}

static void put_sample(struct message *m, const struct pprof_sample *s)
{
	for (unsigned i = 0; i < s->frames; i++)
		put_varint(&m->inner,
			number_of(
				&m->functions, s->frame[i])); /* a location a function, of the same number */
	put_part(&m->part, 1, &m->inner);
	for (unsigned i = 0; i < PPROF_VALUES; i++)
		put_varint(&m->inner, (uint64_t)s->value[i]);
	put_part(&m->part, 2, &m->inner);
	for (unsigned i = 0; i < PPROF_LABELS; i++)
		if (s->label[i].value) {
			put_number(&m->inner, 1, string_of(&m->strings, s->label[i].key));
			put_number(&m->inner, 2, string_of(&m->strings, s->label[i].value));
			put_part(&m->part, 3, &m->inner);
		}
	put_part(&m->all, 2, &m->part);
}

static void put_function(struct message *m, uint64_t id, const char *name)
{
	const char *file = strncmp(name, "main.", 5) == 0 ? "workload" : "runtime";
	put_number(&m->inner, 1, id);
	put_number(&m->part, 1, id);
	put_number(&m->part, 2, 1); /* the one mapping */
	put_part(&m->part, 4, &m->inner);
	put_part(&m->all, 4, &m->part);
	put_number(&m->part, 1, id);
	put_number(&m->part, 2, string_of(&m->strings, name));
	put_number(&m->part, 3, string_of(&m->strings, name));
	put_number(&m->part, 4, string_of(&m->strings, file));
	put_part(&m->all, 5, &m->part);
}

static void put_message(struct message *m, const struct pprof *p)
{
	for (unsigned i = 0; i < PPROF_VALUES; i++)
		put_value_type(m, 1, p->value[i].type, p->value[i].unit);
	for (size_t i = 0; i < p->samples; i++)
		put_sample(m, &p->sample[i]);
	put_number(&m->part, 1, 1);
	put_number(&m->part, 5, string_of(&m->strings, p->binary));
	put_number(&m->part, 7, 1);
	put_number(&m->part, 8, 1);
	put_part(&m->all, 3, &m->part);
	for (size_t i = 0; i < m->functions.n; i++)
		put_function(m, i + 1, m->functions.at[i]);
	if (p->drop)
		put_number(&m->all, 7, string_of(&m->strings, p->drop));
	put_value_type(m, 11, "space", "bytes");
	put_number(&m->all, 12, 1);
	put_number(&m->all, 14, string_of(&m->strings, p->value[p->default_value].type));
	put_field(&m->all, 6, "", 0);
	for (size_t i = 0; i < m->strings.n; i++)
		put_field(&m->all, 6, m->strings.at[i], strlen(m->strings.at[i]));
}

/* ---- gzip ---- */

static uint32_t crc32_of(const uint8_t *p, size_t n)
{
	uint32_t c = ~UINT32_C(0);
	for (; n; p++, n--) {
		c ^= *p;
		for (int bit = 0; bit < 8; bit++)
			c = c & 1 ? c >> 1 ^ UINT32_C(0xedb88320) : c >> 1;
	}
	return ~c;
}

static void put_little(struct bytes *b, uint32_t v, size_t n)
{
	uint8_t out[4] = { (uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16), (uint8_t)(v >> 24) };
	put(b, out, n);
}

static void put_gzip(struct bytes *b, const uint8_t *p, size_t n)
{
	static const uint8_t head[10] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0,
		255 }; /* deflate; no flags, no time; any system */
	put(b, head, sizeof head);
	for (size_t from = 0, last = 0; !last; from += 0xffff) {
		uint32_t piece = n - from < 0xffff ? (uint32_t)(n - from) : 0xffff;
		last = from + piece == n;
		put_little(b, (uint32_t)last, 1); /* BFINAL, BTYPE 00 */
		put_little(b, piece, 2);
		put_little(b, ~piece, 2);
		put(b, p + from, piece);
	}
	put_little(b, crc32_of(p, n), 4);
	put_little(b, (uint32_t)n, 4);
}

bool pprof_write(const struct pprof *p, FILE *out)
{
	struct message m = { 0 };
	struct bytes gz = { 0 };
	put_message(&m, p);
	put_gzip(&gz, m.all.at, m.all.n);
	bool ok = fwrite(gz.at, 1, gz.n, out) == gz.n && fflush(out) == 0;
	free(m.all.at);
	free(m.part.at);
	free(m.inner.at);
	free(m.strings.at);
	free(m.functions.at);
	free(gz.at);
	return ok;
}
