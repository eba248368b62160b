/* A trace's own table of event kinds; see kinds.h. */
#include "db/pack/kinds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const event_role_name[3] = { "fact", "read", "note" };

unsigned kinds_code_new(struct kind_table *t, unsigned kind)
{
	unsigned code = t->n++;
	struct kind_row *r = &t->row[code];
	snprintf(r->name, sizeof r->name, "%s", event_info[kind].name);
	snprintf(r->fields, sizeof r->fields, "%s", event_info[kind].fields);
	r->role = event_info[kind].role;
	memcpy(r->prediction, own_predictions[kind], sizeof r->prediction);
	t->kind[code] = t->context[code] = (uint16_t)kind;
	t->own[code] = true;
	t->code[kind] = (uint16_t)(code + 1);
	return code;
}
_Static_assert((int)EV_COUNT <= (int)KIND_CODES, "each kind can have a code");

void kinds_init(struct kind_table *t)
{
	memset(t, 0, sizeof *t);
	for (unsigned k = EV_ALLOC; k <= EV_FREE; k++)
		kinds_code_new(t, k);
}

/* ---- predictions as text ---- */

static const char *context_name(const struct kind_table *t, unsigned kind)
{
	return kind < EV_COUNT ? event_info[kind].name : t->row[kind - EV_LIMIT].name;
}

void kinds_predictions(const struct kind_table *t, unsigned code, char out[KIND_TEXT])
{
	size_t n = 0, used = 0;
	out[0] = 0;
	for (int i = 0; i < EVENT_ARGS && n < KIND_TEXT; i++) {
		const struct prediction *p = &t->row[code].prediction[i];
		const char *of = context_name(t, p->kind), *of2 = context_name(t, p->kind2);
		char *at = out + n;
		size_t cap = KIND_TEXT - n;
		char x = (char)('a' + p->arg), y = (char)('a' + p->arg2);
		const char *blank = i ? " " : "";
		switch (p->op) {
		case PREDICT_LAST: n += (size_t)snprintf(at, cap, "%s%s.%c", blank, of, x); break;
		case PREDICT_NEXT: n += (size_t)snprintf(at, cap, "%s%s.%c+1", blank, of, x); break;
		case PREDICT_BACK: n += (size_t)snprintf(at, cap, "%s%s.%c-1", blank, of, x); break;
		case PREDICT_LOW:
			n += (size_t)snprintf(at, cap, "%slow(%s.%c,%s.%c)", blank, of, x, of2, y);
			break;
		case PREDICT_HIGH:
			n += (size_t)snprintf(at, cap, "%shigh(%s.%c,%s.%c)", blank, of, x, of2, y);
			break;
		case PREDICT_BITS:
			n += (size_t)snprintf(at, cap, "%sbits(%s.%c,%u)", blank, of, x, p->arg2);
			break;
		case PREDICT_TOP: n += (size_t)snprintf(at, cap, "%stop(%s.%c)", blank, of, x); break;
		default: n += (size_t)snprintf(at, cap, "%s-", blank); break;
		}
		if (p->op != PREDICT_NIL)
			used = n;
	}
	out[used < KIND_TEXT ? used : KIND_TEXT - 1] = 0;
}

/* "hash.a" at *at, which moves behind it. */
static bool number_read(const struct kind_table *t, const char **at, uint16_t *ret_kind, uint8_t *ret_arg)
{
	size_t n = strcspn(*at, ".");
	const char *arg = *at + n + 1;
	if (!(*at)[n] || *arg < 'a' || *arg >= 'a' + EVENT_ARGS)
		return false;
	for (unsigned code = 0; code < t->n; code++)
		if (strncmp(t->row[code].name, *at, n) == 0 && !t->row[code].name[n]) {
			*ret_kind = t->context[code];
			*ret_arg = (uint8_t)(*arg - 'a');
			*at = arg + 1;
			return true;
		}
	/* A kind that the trace has no event of: its numbers are 0. */
	char name[EVENT_NAME];
	snprintf(name, sizeof name, "%.*s", (int)n, *at);
	int known = event_kind_parse(name);
	*ret_kind = (uint16_t)(known >= 0 ? known : EV_UNKNOWN);
	*ret_arg = (uint8_t)(*arg - 'a');
	*at = arg + 1;
	return true;
}

static bool call_read(const struct kind_table *t, const char *p, struct prediction *ret)
{
	static const struct {
		const char *name;
		enum prediction_op op;
	} calls[] = { { "low(", PREDICT_LOW }, { "high(", PREDICT_HIGH }, { "bits(", PREDICT_BITS },
		{ "top(", PREDICT_TOP } };
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		if (strncmp(p, calls[i].name, strlen(calls[i].name)) != 0)
			continue;
		p += strlen(calls[i].name);
		ret->op = (uint8_t)calls[i].op;
		if (!number_read(t, &p, &ret->kind, &ret->arg))
			return false;
		if (ret->op == PREDICT_BITS) {
			char *end;
			unsigned long bits = *p == ',' ? strtoul(p + 1, &end, 10) : 64;
			if (bits > 63)
				return false;
			ret->arg2 = (uint8_t)bits;
			p = end;
		} else if (ret->op != PREDICT_TOP &&
			(*p++ != ',' || !number_read(t, &p, &ret->kind2, &ret->arg2))) {
			return false;
		}
		return strcmp(p, ")") == 0;
	}
	return false;
}

static bool prediction_read(const struct kind_table *t, const char *word, struct prediction *ret)
{
	*ret = (struct prediction){ 0 };
	if (strcmp(word, "-") == 0)
		return true;
	if (strchr(word, '('))
		return call_read(t, word, ret);
	if (!number_read(t, &word, &ret->kind, &ret->arg))
		return false;
	ret->op = !*word ? PREDICT_LAST : strcmp(word, "+1") == 0 ? PREDICT_NEXT : PREDICT_BACK;
	return !*word || strcmp(word, "+1") == 0 || strcmp(word, "-1") == 0;
}

static bool same_prediction(const struct prediction *a, const struct prediction *b)
{
	return a->op == b->op && a->kind == b->kind && a->arg == b->arg && a->kind2 == b->kind2 &&
		a->arg2 == b->arg2;
}

const char *kinds_read_predictions(struct kind_table *t, unsigned code, const char *text)
{
	static const char *const wrong = "its predictions are not as they should be";
	char word[KIND_TEXT];
	struct kind_row *r = &t->row[code];
	if (!text)
		return wrong;
	for (int i = 0; *text; i++) {
		size_t n = strcspn(text, " ");
		if (i == EVENT_ARGS || n == 0 || n >= sizeof word)
			return wrong;
		snprintf(word, sizeof word, "%.*s", (int)n, text);
		if (!prediction_read(t, word, &r->prediction[i]))
			return wrong;
		text += n + (text[n] == ' ');
	}
	for (int i = 0; t->own[code] && i < EVENT_ARGS; i++)
		t->own[code] = same_prediction(&r->prediction[i], &own_predictions[t->kind[code]][i]);
	return NULL;
}

/* ---- rows that were read ---- */

/* Fields without the numbers that a later version may add. */
static void fields_fixed(const char *fields, char out[KIND_FIELDS])
{
	for (; *fields; fields++)
		if (!strchr("abcdef", *fields))
			*out++ = *fields;
	*out = 0;
}

static bool fields_good(const char *fields)
{
	size_t n = strlen(fields);
	for (size_t i = 0; i < n; i++)
		if (!strchr("ASONabcdefPQH", fields[i]) || strchr(fields + i + 1, fields[i]))
			return false;
	bool bytes = strpbrk(fields, "ON") != NULL;
	return n < KIND_FIELDS && !(bytes && strpbrk(fields, "ef")) &&
		!(strchr(fields, 'P') && strpbrk(fields, "aH")) &&
		!(strchr(fields, 'H') && strchr(fields, 'a')) &&
		!(strchr(fields, 'Q') && strchr(fields, 'b'));
}

static bool name_good(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
	return n > 0 && n < EVENT_NAME && !name[n];
}

static const char *known_kind(struct kind_table *t, unsigned code, unsigned kind)
{
	const struct kind_row *r = &t->row[code];
	char ours[KIND_FIELDS], theirs[KIND_FIELDS];
	fields_fixed(event_info[kind].fields, ours);
	fields_fixed(r->fields, theirs);
	if (t->code[kind])
		return "its kind of event is there twice";
	if (strcmp(ours, theirs) != 0 || r->role != event_info[kind].role)
		return "its fields or role are not those of this kind";
	if (r->role == EVENT_fact && (code != kind || strcmp(r->fields, event_info[kind].fields) != 0))
		return "a fact is not packed as facts are";
	t->code[kind] = (uint16_t)(code + 1);
	t->kind[code] = t->context[code] = (uint16_t)kind;
	t->own[code] = strcmp(r->fields, event_info[kind].fields) == 0;
	return NULL;
}

const char *kinds_read(struct kind_table *t, const char *name, const char *fields, const char *role)
{
	unsigned code = t->n, i = 0;
	struct kind_row *r = &t->row[code];
	if (code == KIND_CODES)
		return "there are too many kinds of events";
	if (!name || !fields || !role) /* a damaged page may have a null where the table allows none */
		return "its name, fields or role make no sense";
	while (i < 3 && strcmp(event_role_name[i], role) != 0)
		i++;
	if (i == 3 || !name_good(name) || !fields_good(fields))
		return "its name, fields or role make no sense";
	for (unsigned k = 0; k < code; k++)
		if (strcmp(t->row[k].name, name) == 0)
			return "its kind of event is there twice";
	*r = (struct kind_row){ .role = (enum event_role)i };
	snprintf(r->name, sizeof r->name, "%s", name);
	snprintf(r->fields, sizeof r->fields, "%s", fields);
	t->n++;
	int kind = event_kind_parse(name);
	if (kind >= 0)
		return known_kind(t, code, (unsigned)kind);
	t->kind[code] = EV_UNKNOWN;
	t->context[code] = (uint16_t)(EV_LIMIT + code);
	t->own[code] = false;
	return r->role == EVENT_fact ? "it is a fact that this release does not know" : NULL;
}
