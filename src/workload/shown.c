/* A value of a workload as the tables of a trace show it; see shown.h.
 *
 * The one printer of values reads them from Go memory.  Here the value is that memory: its bytes lie at
 * AT_DATA, and the string header that an `any` points to at AT_HEADER.
 */
#include "src/workload/shown.h"

#include "trace/base/builder.h"
#include "trace/map/value.h"

#include <string.h>

#define AT_DATA (UINT64_C(1) << 40)
#define AT_HEADER (UINT64_C(1) << 39)

enum { PLAIN_MOST = 128 }; /* bytes; longer texts are cut where they are printed */

struct value_memory {
	struct reader reader; /* first */
	const struct go_value *value;
	uint64_t header[2]; /* of a string: where its text is, how long */
};

static bool value_read(const struct reader *r, uint64_t addr, void *out, size_t n)
{
	const struct value_memory *m = (const struct value_memory *)(const void *)r;
	uint64_t at = addr - AT_DATA, in_header = addr - AT_HEADER;
	if (in_header < sizeof m->header && n <= sizeof m->header - in_header)
		memcpy(out, (const uint8_t *)m->header + in_header, n);
	else if (addr >= AT_DATA && at <= m->value->len && n <= m->value->len - at)
		memcpy(out, m->value->data + at, n);
	else
		return false;
	return true;
}

static bool no_block(const struct reader *r, uint64_t addr, struct block *ret)
{
	(void)r, (void)addr, (void)ret;
	return false;
}

/* Is a text of letters, digits and the like what the workload wrote? */
static bool is_text(const struct go_value *v, const char *word)
{
	for (uint64_t i = 0; i < v->len; i++)
		if (v->data[i] <= ' ' || v->data[i] > '~' || v->data[i] == '\\' ||
			v->data[i] != (uint8_t)word[i])
			return false;
	return v->len > 0 && v->len < PLAIN_MOST && word[v->len] == 0;
}

static bool is_number(const struct go_type *t, const struct go_value *v, const char *word)
{
	uint64_t n = 0;
	memcpy(&n, v->data, t->size);
	unsigned unused = 64 - 8 * t->size;
	bool negative = t->kind <= GO_INT && n >> (63 - unused) & 1;
	return decimal_is(word, negative, negative ? 0 - (uint64_t)((int64_t)(n << unused) >> unused) : n);
}

/* Most values of most workloads are written as they are shown: that is seen without printing them. */
static bool is_plain(const struct go_type *t, const struct go_value *v, const char *word)
{
	if (t->kind == GO_STRING)
		return is_text(v, word);
	return t->kind >= GO_INT8 && t->kind <= GO_UINTPTR && is_number(t, v, word);
}

bool shown_value(const struct go_type *t, const struct go_value *v, bool boxed, const char *word,
	char out[SHOWN_VALUE])
{
	struct value_memory m = { { value_read, no_block }, v, { v->len ? AT_DATA : 0, v->len } };
	uint64_t raw[2] = { 0 };
	bool string = v->kind == GO_STRING, in_any = boxed || t->kind == GO_ANY;
	if (!in_any && is_plain(t, v, word))
		return false;
	const struct go_type shown = in_any ? go_type_basic(GO_ANY) : *t;
	if (in_any && !v->nil) {
		raw[0] = go_type_address(v->kind);
		raw[1] = string ? AT_HEADER : AT_DATA;
	} else if (string) {
		memcpy(raw, m.header, sizeof raw);
	}
	const uint8_t *bytes = in_any || string ? (const uint8_t *)raw : v->data;
	slot_value_print(&m.reader, &shown, false, bytes, VALUE_HUMAN, out, SHOWN_VALUE);
	return strcmp(out, word) != 0;
}
