/* Values as text: exact bytes for FORMATS' layout, or as Go prints them, for people; see value.h. */
#include "trace/map/value.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What is shown of a value: longer texts and arrays end with how long they are. */
enum { SHOWN_MOST = 1 << 20, HUMAN_MOST = 256 };

struct out {
	char *at;
	size_t cap, n;
};

static void put(struct out *o, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++, o->n++)
		if (o->n + 1 < o->cap)
			o->at[o->n] = s[i];
}

static void puts_(struct out *o, const char *s)
{
	put(o, s, strlen(s));
}

static void put_hex(struct out *o, const uint8_t *p, uint64_t n)
{
	static const char hex[] = "0123456789abcdef";
	for (uint64_t i = 0; i < n; i++) {
		char two[2] = { hex[p[i] >> 4], hex[p[i] & 15] };
		put(o, two, 2);
	}
}

/* ---- texts ---- */

static void put_text_exact(struct out *o, const uint8_t *p, uint64_t n)
{
	puts_(o, "\"");
	for (uint64_t i = 0; i < n; i++) {
		char c = (char)p[i];
		if (c == '"' || c == '\\') {
			put(o, "\\", 1);
			put(o, &c, 1);
		} else if (p[i] >= 0x20 && p[i] < 0x7f) {
			put(o, &c, 1);
		} else {
			puts_(o, "\\x");
			put_hex(o, p + i, 1);
		}
	}
	puts_(o, "\"");
}

/* The length of the valid UTF-8 character at p (n bytes left), 0: none; *ret_c is it. */
static unsigned utf8(const uint8_t *p, uint64_t n, uint32_t *ret_c)
{
	unsigned len = p[0] < 0x80 ? 1 : p[0] >= 0xc2 && p[0] < 0xe0 ? 2 : (p[0] & 0xf0) == 0xe0 ? 3
		     : p[0] >= 0xf0 && p[0] < 0xf5 ? 4 : 0;
	if (len == 0 || len > n)
		return 0;
	uint32_t c = len == 1 ? p[0] : p[0] & (0x7fu >> len);
	for (unsigned i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if ((len == 3 && (c < 0x800 || (c >= 0xd800 && c < 0xe000))) || (len == 4 && (c < 0x10000 || c > 0x10ffff)))
		return 0;
	*ret_c = c;
	return len;
}

/* Characters that print nothing or turn the line around. */
static bool is_hidden(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || (c >= 0x200b && c <= 0x200f) ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || c == 0x061c ||
	       (c >= 0xfff0 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe0fff);
}

static void put_text_human(struct out *o, const uint8_t *p, uint64_t n)
{
	while (n > 0) {
		uint32_t c = 0;
		unsigned len = utf8(p, n, &c);
		char escaped[16];
		if (len == 0 || c < 0x20 || c == 0x7f) {
			snprintf(escaped, sizeof escaped, "\\x%02x", p[0]);
			puts_(o, escaped);
			len = 1;
		} else if (is_hidden(c)) {
			snprintf(escaped, sizeof escaped, c > 0xffff ? "\\U%08x" : "\\u%04x", c);
			puts_(o, escaped);
		} else {
			put(o, (const char *)p, len);
		}
		p += len;
		n -= len;
	}
}

static void put_string(struct out *o, const struct reader *r, const uint8_t *raw, enum value_style style)
{
	uint64_t ptr, len;
	char head[32];
	memcpy(&ptr, raw, 8);
	memcpy(&len, raw + 8, 8);
	if (style != VALUE_HUMAN) {
		snprintf(head, sizeof head, "%" PRIu64 ":", len);
		puts_(o, head);
	}
	if (ptr == 0 || len == 0) {
		puts_(o, style == VALUE_HUMAN ? (len == 0 ? "\"\"" : "nil") : "nil");
		return;
	}
	/* nobody's trace makes us believe that a text is longer than what is there */
	uint64_t shown = len;
	uint64_t most = style == VALUE_HUMAN ? HUMAN_MOST : SHOWN_MOST;
	if (shown > most)
		shown = most;
	uint8_t small[HUMAN_MOST], *text = shown <= sizeof small ? small : malloc(shown);
	if (!text || !r->read(r, ptr, text, shown)) {
		puts_(o, "?");
	} else if (style == VALUE_HUMAN) {
		put_text_human(o, text, shown);
	} else {
		put_text_exact(o, text, shown);
	}
	if (text != small)
		free(text);
}

/* ---- numbers, as Go's fmt prints them ---- */

static void put_float(struct out *o, double d, bool single)
{
	char s[64];
	if (isnan(d)) {
		puts_(o, "NaN");
		return;
	}
	if (isinf(d)) {
		puts_(o, d < 0 ? "-Inf" : "+Inf");
		return;
	}
	for (int digits = 1; digits <= 17; digits++) { /* the shortest that reads back the same */
		snprintf(s, sizeof s, "%.*g", digits, d);
		if (single ? strtof(s, NULL) == (float)d : strtod(s, NULL) == d)
			break;
	}
	puts_(o, s);
}

static void put_floats(struct out *o, const uint8_t *p, unsigned size, unsigned each)
{
	for (unsigned at = 0; at < size; at += each) {
		double d;
		float f;
		memcpy(&d, p + at, each == 8 ? 8 : 0);
		memcpy(&f, p + at, 4);
		if (at > 0 && !(each == 4 ? signbit(f) : signbit(d)))
			puts_(o, "+");
		put_float(o, each == 4 ? f : d, each == 4);
	}
	if (size > each)
		puts_(o, "i");
}

static void put_integer(struct out *o, const struct go_type *t, const uint8_t *p)
{
	char s[32];
	uint64_t v = 0;
	memcpy(&v, p, t->size);
	if (t->kind <= GO_INT) {
		unsigned unused = 64 - 8 * t->size;
		snprintf(s, sizeof s, "%" PRId64, (int64_t)(v << unused) >> unused);
	} else {
		snprintf(s, sizeof s, "%" PRIu64, v);
	}
	puts_(o, s);
}

static void put_human(struct out *o, const struct go_type *t, const uint8_t *p)
{
	switch (t->kind) {
	case GO_BOOL: puts_(o, p[0] ? "true" : "false"); break;
	case GO_EMPTY: puts_(o, "{}"); break;
	case GO_FLOAT32: case GO_FLOAT64: put_floats(o, p, t->size, t->size); break;
	case GO_COMPLEX64: case GO_COMPLEX128: put_floats(o, p, t->size, t->size / 2); break;
	case GO_BYTES:
		puts_(o, "[");
		put_hex(o, p, t->size < 32 ? t->size : 32);
		puts_(o, t->size > 32 ? "...]" : "]");
		break;
	case GO_SLICE: puts_(o, "[]int{}"); break;
	default: put_integer(o, t, p);
	}
}

/* ---- a value in place ---- */

static void put_value(struct out *o, const struct reader *r, const struct go_type *t, const uint8_t *raw,
		      enum value_style style);

static void put_at(struct out *o, const struct reader *r, const struct go_type *t, uint64_t addr, enum value_style style)
{
	uint8_t small[256], *bytes = t->size <= sizeof small ? small : malloc(t->size);
	if (bytes && (t->size == 0 || r->read(r, addr, bytes, t->size)))
		put_value(o, r, t, bytes, style);
	else
		puts_(o, "?");
	if (bytes != small)
		free(bytes);
}

static void put_any(struct out *o, const struct reader *r, const uint8_t *raw, enum value_style style)
{
	uint64_t type, data;
	struct go_type inside;
	memcpy(&type, raw, 8);
	memcpy(&data, raw + 8, 8);
	if (type == 0) {
		puts_(o, "nil");
	} else if (!go_type_from_address(type, &inside)) {
		puts_(o, "?");
	} else {
		if (style != VALUE_HUMAN || inside.kind != GO_STRING) {
			puts_(o, inside.name);
			puts_(o, style == VALUE_HUMAN ? "(" : ":");
		}
		put_at(o, r, &inside, data, style);
		if (style == VALUE_HUMAN && inside.kind != GO_STRING)
			puts_(o, ")");
	}
}

/* A value of a type that only maps of one kind have: what it stands for, not where that is.  false: no such type. */
static bool put_own(struct out *o, const struct reader *r, const struct go_type *t, const uint8_t *raw, enum value_style style)
{
	for (int k = 0; k < MAP_KINDS; k++) {
		struct go_type type;
		uint64_t addr;
		const char *word = NULL;
		if (!map_kinds[k]->resolve || !map_kinds[k]->resolve(r, t, raw, &type, &addr, &word))
			continue;
		if (word)
			puts_(o, word);
		else
			put_at(o, r, &type, addr, style);
		return true;
	}
	return false;
}

static void put_value(struct out *o, const struct reader *r, const struct go_type *t, const uint8_t *raw,
		      enum value_style style)
{
	if (t->kind == GO_STRING)
		put_string(o, r, raw, style);
	else if (t->kind == GO_ANY)
		put_any(o, r, raw, style);
	else if (put_own(o, r, t, raw, style))
		return;
	else if (style == VALUE_HUMAN)
		put_human(o, t, raw);
	else if (t->size == 0)
		puts_(o, "-");
	else
		put_hex(o, raw, t->size);
}

static size_t finish(struct out *o)
{
	if (o->cap)
		o->at[o->n < o->cap ? o->n : o->cap - 1] = 0;
	return o->n;
}

size_t slot_value_print(const struct reader *r, const struct go_type *type, bool indirect, const uint8_t *raw,
			enum value_style style, char *out, size_t cap)
{
	struct out o = { out, cap, 0 };
	uint64_t ptr;
	if (!indirect) {
		put_value(&o, r, type, raw, style);
		return finish(&o);
	}
	memcpy(&ptr, raw, 8);
	if (style == VALUE_EXACT)
		puts_(&o, "*");
	if (ptr == 0)
		puts_(&o, "nil");
	else
		put_at(&o, r, type, ptr, style);
	return finish(&o);
}

size_t map_value_print(const struct reader *r, const struct map_value *v, enum value_style style, char *out, size_t cap)
{
	uint8_t small[256], *raw = v->size <= sizeof small ? small : malloc(v->size);
	size_t n = 0;
	if (raw && r->read(r, v->addr, raw, v->size))
		n = slot_value_print(r, v->type, v->indirect, raw, style, out, cap);
	if (raw != small)
		free(raw);
	return n;
}

size_t value_print(const struct reader *r, const struct go_type *type, uint64_t addr, enum value_style style, char *out,
		   size_t cap)
{
	struct out o = { out, cap, 0 };
	if (addr == 0 && type->size > 0) {
		uint8_t *zero = calloc(1, type->size);
		if (zero)
			put_value(&o, r, type, zero, style);
		free(zero);
	} else {
		put_at(&o, r, type, addr, style);
	}
	return finish(&o);
}
