/* What is typed after a slash, and what it finds; see search.h. */
#include "ui/find/search.h"

#include "trace/map/value.h"
#include "ui/grid/text.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Shorter words would be in too many sentences. */
enum { SENTENCE_LEAST = 3 };

static int digit(char c)
{
	return c >= '0' && c <= '9'                      ? c - '0'
		: (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
							 : -1;
}

static bool parse_bytes(struct search *q, const char *text)
{
	size_t n = 0;
	for (; *text; text++) {
		if (*text == ' ')
			continue;
		if (digit(*text) < 0 || n == 2 * SEARCH_BYTES)
			return false;
		q->digits[n++] = (char)tolower((unsigned char)*text);
	}
	if (n == 0 || n % 2)
		return false;
	q->digits[n] = 0;
	q->n = n / 2;
	for (size_t i = 0; i < q->n; i++)
		q->bytes[i] = (uint8_t)(digit(q->digits[2 * i]) << 4 | digit(q->digits[2 * i + 1]));
	return true;
}

/* Do words begin at the beginning of a word of the sentence?  What stands in braces is filled in later. */
static bool sentence_says(const char *sentence, const char *words)
{
	size_t n = strlen(words);
	for (const char *p = sentence; *p; p++) {
		if (*p == '{')
			p += strcspn(p, "}");
		else if ((p == sentence || p[-1] == ' ') && strncasecmp(p, words, n) == 0)
			return true;
		if (!*p)
			break;
	}
	return false;
}

static struct kind_set kinds_named(const char *words)
{
	struct kind_set set = { 0 };
	size_t n = strlen(words);
	int named = event_kind_parse(words);
	if (named >= 0)
		return KINDS((uint16_t)named);
	for (int k = 0; k < EV_COUNT; k++)
		if (strcasecmp(event_info[k].name, words) == 0 ||
			(n >= SENTENCE_LEAST && sentence_says(event_info[k].sentence, words)))
			kinds_add(&set, (unsigned)k);
	return set;
}

bool search_parse(struct search *q, const char *text, char *error, size_t cap)
{
	memset(q, 0, sizeof *q);
	snprintf(q->text, sizeof q->text, "%s", text);
	bool prefix = text[0] && text[1] == ' ' && strchr("kex", text[0]);
	const char *rest = prefix ? text + 2 + strspn(text + 2, " ") : text;
	snprintf(q->words, sizeof q->words, "%s", rest);
	if (!*rest)
		return snprintf(error, cap, "%s", _("search for what? words, k key, e event, x hex bytes")),
		       false;
	if (prefix && *text == 'x') {
		q->events = true;
		if (!parse_bytes(q, rest))
			return snprintf(error, cap, _("not bytes: %s; write two hex digits for each"), rest),
			       false;
	} else {
		q->operations = !prefix || *text == 'k';
		q->events = !prefix || *text == 'e';
		q->kinds = q->events ? kinds_named(rest) : (struct kind_set){ 0 };
	}
	q->set = true;
	return true;
}

bool search_operation(const struct search *q, const struct operation *o)
{
	char words[1024];
	snprintf(words, sizeof words, "%s %s %s", (unsigned)o->kind < OP_KINDS ? op_kind_name[o->kind] : "",
		o->key ? o->key : "", o->elem ? o->elem : "");
	return strcasestr(words, q->words) != NULL || (o->key && strcasestr(o->key, q->words));
}

/* The bytes that an event wrote. */
static const uint8_t *written(const struct event *e, uint8_t small[8])
{
	if (e->size > 8)
		return e->new.p;
	for (int i = 0; i < 8; i++)
		small[i] = (uint8_t)(e->new.v >> 8 * i);
	return small;
}

static bool has_bytes(const struct search *q, const struct event *e)
{
	char digits[17];
	uint8_t small[8];
	if (e->kind == EV_HASH) {
		snprintf(digits, sizeof digits, "%016" PRIx64, e->a);
		return strstr(digits, q->digits) != NULL;
	}
	if (e->kind != EV_WRITE || e->size < q->n)
		return false;
	const uint8_t *p = written(e, small);
	return p && memmem(p, e->size, q->bytes, q->n) != NULL;
}

static bool text_has(const struct event *e, const char *words)
{
	uint8_t small[8];
	const uint8_t *p = written(e, small);
	size_t n = strlen(words);
	for (uint64_t i = 0; p && i + n <= e->size; i++)
		if (strncasecmp((const char *)p + i, words, n) == 0)
			return true;
	return false;
}

/* Does "move KEY" say so, KEY being that of the entry that moves? */
static bool moves(const struct search *q, struct scan *s, uint32_t i)
{
	const struct event *e = &s->walk.chunk.events[i];
	const struct reader *r = scan_memory(s, i);
	const struct source *src = s->source;
	struct map_view v;
	struct event_key k = { 0 };
	char words[SEARCH_TEXT + 1024] = "move ";
	if (!r || !e->map || e->map > src->maps)
		return false;
	map_open_type(&v, &src->map[e->map - 1]);
	v.r = r;
	return v.kind->key && v.kind->key(&v, e, &k) && k.of == KEY_AT &&
		map_value_print(r, &k.value, VALUE_HUMAN, words + 5, sizeof words - 5) &&
		strcasestr(words, q->words);
}

static bool match(const void *context, struct scan *s, uint32_t i)
{
	const struct search *q = context;
	const struct event *e = &s->walk.chunk.events[i];
	if (q->n)
		return has_bytes(q, e);
	if (kinds_have(&q->kinds, e->kind))
		return true;
	if (e->kind == EV_SAY)
		return text_has(e, q->words);
	if (e->kind == EV_MOVE)
		return moves(q, s, i);
	return e->kind == EV_FAULT && e->a < FAULTS && strcasestr(fault_text[e->a], q->words);
}

struct scan_query search_query(const struct search *q)
{
	struct kind_set kinds = q->n ? KINDS(EV_WRITE, EV_HASH)
				     : kinds_union(q->kinds, KINDS(EV_SAY, EV_FAULT, EV_MOVE));
	return (struct scan_query){ .kinds = kinds, .match = match, .context = q };
}
