/* Values as text: exact bytes for `mapscope layout`, or as Go prints them, for people; see value.h. */
#include "trace/base/builder.h"
#include "trace/base/escape.h"
#include "trace/map/value.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What is shown of a value: longer texts and arrays end with how long they are. */
enum { SHOWN_MOST = 1 << 20, HUMAN_MOST = 256 };

static void add_string(struct builder *b, const struct reader *r, const uint8_t *raw, enum value_style style)
{
	uint64_t ptr, len;
	char head[32];
	memcpy(&ptr, raw, 8);
	memcpy(&len, raw + 8, 8);
	if (style != VALUE_HUMAN) {
		snprintf(head, sizeof head, "%" PRIu64 ":", len);
		builder_text(b, head);
	}
	if (ptr == 0 || len == 0) {
		builder_text(b, style == VALUE_HUMAN ? (len == 0 ? "\"\"" : "nil") : "nil");
		return;
	}
	/* nobody's trace makes us believe that a text is longer than what is there */
	uint64_t shown = len;
	uint64_t most = style == VALUE_HUMAN ? HUMAN_MOST : SHOWN_MOST;
	if (shown > most)
		shown = most;
	uint8_t small[HUMAN_MOST], *text = shown <= sizeof small ? small : malloc(shown);
	if (!text || !r->read(r, ptr, text, shown)) {
		builder_text(b, "?");
	} else {
		escape_add(b, style == VALUE_HUMAN ? ESCAPE_TEXT : ESCAPE_EXACT, text, shown);
	}
	if (text != small)
		free(text);
}

/* ---- numbers, as Go's fmt prints them ---- */

static void add_float(struct builder *b, double d, bool single)
{
	char s[64];
	if (isnan(d)) {
		builder_text(b, "NaN");
		return;
	}
	if (isinf(d)) {
		builder_text(b, d < 0 ? "-Inf" : "+Inf");
		return;
	}
	int digits = 1; /* the fewest that read back the same */
	for (; digits <= 17; digits++) {
		snprintf(s, sizeof s, "%.*e", digits - 1, d);
		if (single ? strtof(s, NULL) == (float)d : strtod(s, NULL) == d)
			break;
	}
	/* With an exponent below -4, and from 6 on, as strconv.FormatFloat(d, 'g', -1, ..). */
	long exponent = strtol(strchr(s, 'e') + 1, NULL, 10);
	if (exponent >= -4 && exponent < 6)
		snprintf(s, sizeof s, "%.*f", digits - 1 > exponent ? digits - 1 - (int)exponent : 0, d);
	builder_text(b, s);
}

static void add_floats(struct builder *b, const uint8_t *p, unsigned size, unsigned each)
{
	for (unsigned at = 0; at < size; at += each) {
		double d;
		float f;
		memcpy(&d, p + at, each == 8 ? 8 : 0);
		memcpy(&f, p + at, 4);
		if (at > 0 && !(each == 4 ? signbit(f) : signbit(d)))
			builder_text(b, "+");
		add_float(b, each == 4 ? f : d, each == 4);
	}
	if (size > each)
		builder_text(b, "i");
}

static void add_integer(struct builder *b, const struct go_type *t, const uint8_t *p)
{
	uint64_t v = 0;
	memcpy(&v, p, t->size);
	unsigned unused = 64 - 8 * t->size;
	bool negative = t->kind <= GO_INT && v >> (63 - unused) & 1;
	if (negative)
		v = 0 - (uint64_t)((int64_t)(v << unused) >> unused);
	builder_decimal(b, negative, v);
}

static void add_human(struct builder *b, const struct go_type *t, const uint8_t *p)
{
	switch (t->kind) {
	case GO_BOOL: builder_text(b, p[0] ? "true" : "false"); break;
	case GO_EMPTY: builder_text(b, "{}"); break;
	case GO_FLOAT32:
	case GO_FLOAT64: add_floats(b, p, t->size, t->size); break;
	case GO_COMPLEX64:
	case GO_COMPLEX128: add_floats(b, p, t->size, t->size / 2); break;
	case GO_BYTES:
	case GO_OPAQUE:
		builder_text(b, "[");
		builder_hex(b, p, t->size < 32 ? t->size : 32);
		builder_text(b, t->size > 32 ? "...]" : "]");
		break;
	case GO_SLICE: builder_text(b, "[]int{}"); break;
	default: add_integer(b, t, p);
	}
}

/* ---- a value in place ---- */

static void add_value(struct builder *b, const struct reader *r, const struct go_type *t, const uint8_t *raw,
	enum value_style style);

static void add_at(struct builder *b, const struct reader *r, const struct go_type *t, uint64_t addr,
	enum value_style style)
{
	uint8_t small[256], *bytes = t->size <= sizeof small ? small : malloc(t->size);
	if (bytes && (t->size == 0 || r->read(r, addr, bytes, t->size)))
		add_value(b, r, t, bytes, style);
	else
		builder_text(b, "?");
	if (bytes != small)
		free(bytes);
}

static void add_any(struct builder *b, const struct reader *r, const uint8_t *raw, enum value_style style)
{
	uint64_t type, data;
	struct go_type inside;
	memcpy(&type, raw, 8);
	memcpy(&data, raw + 8, 8);
	if (type == 0) {
		builder_text(b, "nil");
	} else if (!go_type_from_address(type, &inside)) {
		builder_text(b, "?");
	} else {
		if (style != VALUE_HUMAN || inside.kind != GO_STRING) {
			builder_text(b, inside.name);
			builder_text(b, style == VALUE_HUMAN ? "(" : ":");
		}
		add_at(b, r, &inside, data, style);
		if (style == VALUE_HUMAN && inside.kind != GO_STRING)
			builder_text(b, ")");
	}
}

/* A value of a type that only maps of one kind have: what it stands for, not where that is.  false: no such
 * type. */
static bool add_own(struct builder *b, const struct reader *r, const struct go_type *t, const uint8_t *raw,
	enum value_style style)
{
	for (int k = 0; k < MAP_KINDS; k++) {
		struct go_type type;
		uint64_t addr;
		const char *word = NULL;
		if (!map_kinds[k]->resolve || !map_kinds[k]->resolve(r, t, raw, &type, &addr, &word))
			continue;
		if (word)
			builder_text(b, word);
		else
			add_at(b, r, &type, addr, style);
		return true;
	}
	return false;
}

static void add_value(struct builder *b, const struct reader *r, const struct go_type *t, const uint8_t *raw,
	enum value_style style)
{
	if (t->kind == GO_STRING)
		add_string(b, r, raw, style);
	else if (t->kind == GO_ANY)
		add_any(b, r, raw, style);
	else if (add_own(b, r, t, raw, style))
		return;
	else if (style == VALUE_HUMAN)
		add_human(b, t, raw);
	else if (t->size == 0)
		builder_text(b, "-");
	else
		builder_hex(b, raw, t->size);
}

size_t slot_value_print(const struct reader *r, const struct go_type *type, bool indirect, const uint8_t *raw,
	enum value_style style, char *out, size_t cap)
{
	struct builder b = builder_in(out, cap);
	uint64_t ptr;
	if (!indirect) {
		add_value(&b, r, type, raw, style);
		return b.size;
	}
	memcpy(&ptr, raw, 8);
	if (style == VALUE_EXACT)
		builder_text(&b, "*");
	if (ptr == 0)
		builder_text(&b, "nil");
	else
		add_at(&b, r, type, ptr, style);
	return b.size;
}

size_t map_value_print(
	const struct reader *r, const struct map_value *v, enum value_style style, char *out, size_t cap)
{
	uint8_t small[256], *raw = v->size <= sizeof small ? small : malloc(v->size);
	size_t n = 0;
	if (raw && r->read(r, v->addr, raw, v->size))
		n = slot_value_print(r, v->type, v->indirect, raw, style, out, cap);
	if (raw != small)
		free(raw);
	return n;
}

size_t value_print(const struct reader *r, const struct go_type *type, uint64_t addr, enum value_style style,
	char *out, size_t cap)
{
	struct builder b = builder_in(out, cap);
	if (addr == 0 && type->size > 0) {
		uint8_t *zero = calloc(1, type->size);
		if (zero)
			add_value(&b, r, type, zero, style);
		free(zero);
	} else {
		add_at(&b, r, type, addr, style);
	}
	return b.size;
}
