/* Reading a workload; see script.h. */
#include "src/workload/script.h"

#include "trace/base/grown.h"
#include "src/workload/tokens.h"

#include "trace/base/translate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NO_MAP false, -1
#define EVERY true, -1
#define ONLY(KIND) true, MAP_##KIND
#define ALWAYS \
	{ \
		-1, NULL, NULL \
	}
#define SINCE(KIND, release, method) \
	{ \
		MAP_##KIND, release, method \
	}
const struct directive_info directive_info[DIRECTIVES + 1] = {
#define DIRECTIVE(NAME, name, arguments, operation, parse, kinds, since, sentence) \
	{ name, arguments, sentence, OP_##operation, kinds, since },
#include "src/workload/directives.def"
#undef DIRECTIVE
	{ .name = NULL },
};

/* The row of a name, or -1. */
static int find_directive(const char *name)
{
	for (int i = 0; i < DIRECTIVES; i++)
		if (strcmp(directive_info[i].name, name) == 0)
			return i;
	return -1;
}

const struct directive_info *directive_find(const char *name)
{
	int row = find_directive(name);
	return row < 0 ? NULL : &directive_info[row];
}

bool directive_serves(const struct directive_info *d, enum map_kind kind)
{
	return d->only < 0 || d->only == (int)kind;
}

/* ---- names ---- */

/* FNV-1a; addresses spread it. */
static uint64_t name_hash(const char *name)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);
	for (; *name; name++)
		h = (h ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
	return h;
}

/* Its number, or -1; *ret_key is where it belongs in by_hash. */
static int64_t name_look(const struct names *n, const char *name, uint64_t *ret_key)
{
	uint64_t *at;
	for (*ret_key = name_hash(name); (at = addresses_find(&n->by_hash, *ret_key)) != NULL; ++*ret_key)
		if (strcmp(n->name[*at - 1], name) == 0)
			return (int64_t)*at - 1;
	return -1;
}

static int64_t name_find(const struct names *n, const char *name)
{
	uint64_t key;
	return name_look(n, name, &key);
}

/* The number that it has, or gets; it is shorter than NAME_CAP. */
static size_t name_add(struct names *n, const char *name)
{
	uint64_t key;
	int64_t i = name_look(n, name, &key);
	if (i >= 0)
		return (size_t)i;
	n->name = grown(n->name, &n->cap, n->count, sizeof *n->name);
	strcpy(n->name[n->count], name);
	*addresses_add(&n->by_hash, key) = n->count + 1;
	return n->count++;
}

static void names_release(struct names *n)
{
	free(n->name);
	addresses_release(&n->by_hash);
}

void script_init(struct script *s)
{
	*s = (struct script){ 0 };
}

void script_release(struct script *s)
{
	free(s->directive);
	free(s->maps);
	free(s->newest);
	free(s->iter_map);
	names_release(&s->map_names);
	names_release(&s->iters);
	names_release(&s->counters);
	pool_release(&s->pool);
	*s = (struct script){ 0 };
}

static struct directive *add(struct script *s, struct directive d)
{
	s->directive = grown(s->directive, &s->cap, s->count, sizeof *s->directive);
	d.core = s->core;
	s->directive[s->count] = d;
	return &s->directive[s->count++];
}

int script_find_map(const struct script *s, const char *name)
{
	int64_t i = name_find(&s->map_names, name);
	return i >= 0 ? (int)s->newest[i] : -1;
}

const char *script_quote(struct pool *pool, const char *text, size_t len)
{
	static const char hex[] = "0123456789abcdef";
	bool plain = len > 0;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];
		plain = plain && c > ' ' && c != 0x7f && c != '"' && c != '#' && c != '\\' && c != '|';
	}
	char *out = pool_alloc(pool, 4 * len + 3), *at = out;
	if (!plain)
		*at++ = '"';
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];
		if (!plain && (c == '"' || c == '\\')) {
			*at++ = '\\';
			*at++ = (char)c;
		} else if (!plain && (c < ' ' || c == 0x7f)) {
			*at++ = '\\';
			*at++ = 'x';
			*at++ = hex[c >> 4];
			*at++ = hex[c & 15];
		} else {
			*at++ = (char)c;
		}
	}
	if (!plain)
		*at++ = '"';
	*at = 0;
	return out;
}

/* Edits (insert, delete, change, swap neighbours) from a to b. */
static unsigned distance(const char *a, const char *b)
{
	enum { MOST = 31 };
	unsigned row[3][MOST + 2];
	size_t n = strlen(a), m = strlen(b);
	if (n > MOST || m > MOST)
		return MOST;
	for (size_t j = 0; j <= m; j++)
		row[0][j] = (unsigned)j;
	for (size_t i = 1; i <= n; i++) {
		unsigned *now = row[i % 3], *up = row[(i + 2) % 3], *up2 = row[(i + 1) % 3];
		now[0] = (unsigned)i;
		for (size_t j = 1; j <= m; j++) {
			unsigned best = up[j - 1] + (a[i - 1] != b[j - 1]);
			if (up[j] + 1 < best)
				best = up[j] + 1;
			if (now[j - 1] + 1 < best)
				best = now[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
				up2[j - 2] + 1 < best)
				best = up2[j - 2] + 1;
			now[j] = best;
		}
	}
	return row[n % 3][m];
}

const char *script_nearest(const char *token, const char *const *candidates, size_t stride)
{
	const char *best = NULL;
	unsigned least = (unsigned)strlen(token) / 2 + 1;
	if (least > 3)
		least = 3;
	for (; *candidates; candidates = (const char *const *)((const char *)candidates + stride)) {
		unsigned d = distance(token, *candidates);
		if (d < least) {
			least = d;
			best = *candidates;
		}
	}
	return best;
}

/* ---- one line ---- */

struct parse {
	struct script *s;
	struct line *l;
};

#define FAIL(p, column, ...) tokens_error((p)->l, (column), (p)->s->error, sizeof(p)->s->error, __VA_ARGS__)

static unsigned end_column(const struct parse *p)
{
	const struct token *last = &p->l->token[p->l->tokens - 1];
	return last->column + (unsigned)last->raw_len;
}

/* Checks that the tokens from `at` on are between least and most. */
static int need_tokens(struct parse *p, unsigned at, unsigned tokens, unsigned least, unsigned most)
{
	const char *name = p->l->token[at].text;
	int row = find_directive(name);
	const char *arguments = row < 0 ? "" : directive_info[row].arguments;
	if (tokens - at - 1 < least)
		return FAIL(p, tokens == p->l->tokens ? end_column(p) : p->l->token[tokens].column,
			"something is missing: write %s %s", name, arguments);
	if (tokens - at - 1 > most)
		return FAIL(p, p->l->token[at + 1 + most].column, "this is too much: write %s%s%s", name,
			*arguments ? " " : "", arguments);
	return 0;
}

static int parse_type(struct parse *p, const struct token *w, struct go_type *ret)
{
	static const char *const names[] = { "string", "bool", "int8", "int16", "int32", "int64", "int",
		"uint8", "uint16", "uint32", "uint64", "uint", "uintptr", "float32", "float64", "complex64",
		"complex128", "any", "struct{}", "[16]byte", NULL };
	if (go_type_parse(w->text, ret))
		return 0;
	const char *near = script_nearest(w->text, names, sizeof *names);
	return FAIL(p, w->column,
		near ? "\"%s\" is no type; did you mean %s?"
		     : N_("\"%s\" is no type (string, bool, int8 .. uint64, float32, float64, complex128, "
			  "[N]byte, struct{}, any)"),
		w->text, near);
}

static const char *nearest_option(const struct engine *e, const char *name)
{
	const char *names[8] = { "name", "seed" };
	unsigned n = 2;
	if (e->hints)
		names[n++] = "hint";
	names[n++] = "go";
	names[n++] = "arch";
	if (e->places)
		names[n++] = "place";
	names[n] = "hash";
	return script_nearest(name, names, sizeof *names);
}

/* The release says which engine makes the map.  false: it is unknown, or has no such maps. */
static bool set_release(struct script_map *m, const char *name)
{
	const struct release *r = release_find(name);
	const struct engine *e = r ? engine_find(m->engine->make_word, r) : NULL;
	if (!e)
		return false;
	m->options.release = r;
	m->engine = e;
	m->kind = e->kind;
	return true;
}

/* One OPTION=VALUE of a directive that makes maps. */
static int parse_option(struct parse *p, const struct token *w, struct script_map *m)
{
	const struct engine *e = m->engine;
	struct map_options *o = &m->options;
	char *eq = strchr(w->text, '=');
	if (!eq)
		return FAIL(p, w->column, "\"%s\" is no option; write OPTION=VALUE", w->text);
	*eq = 0;
	const char *name = w->text, *v = eq + 1;
	unsigned at = w->column + (unsigned)(eq - w->text) + 1;
	if (strcmp(name, "name") == 0) {
		if (!*v || strlen(v) >= sizeof m->name)
			return FAIL(p, at, "a name has 1 to %zu bytes", sizeof m->name - 1);
		strcpy(m->name, v);
	} else if (strcmp(name, "seed") == 0) {
		if (!literal_uint64(v, &o->seed))
			return FAIL(p, at, "\"%s\" is no seed (a whole number from 0 to 2^64-1)", v);
	} else if (e->hints && strcmp(name, "hint") == 0) {
		if (!literal_int64(v, &o->hint))
			return FAIL(p, at, "\"%s\" is no hint (a whole number)", v);
		if (o->hint < 0) /* as Go's makemap takes it */
			o->hint = -1;
	} else if (strcmp(name, "go") == 0) {
		if (!set_release(m, v)) {
			const char *oldest, *newest;
			engine_releases(e->make_word, &oldest, &newest);
			return FAIL(p, at, "go=%s is unknown; %s to %s are known", v, oldest, newest);
		}
	} else if (strcmp(name, "arch") == 0) {
		if (strcmp(v, "amd64") != 0)
			return FAIL(p, at, "arch=%s is reserved; only amd64 is known", v);
	} else if (e->places && strcmp(name, "place") == 0) {
		if (strcmp(v, "heap") != 0 && strcmp(v, "stack") != 0)
			return FAIL(p, at, "place is heap or stack, not \"%s\"", v);
		o->stack = v[0] == 's';
		strcpy(m->place, v);
	} else if (strcmp(name, "hash") == 0) {
		if (strcmp(v, "mem") != 0 && strcmp(v, "aes") != 0)
			return FAIL(p, at, "hash is mem or aes, not \"%s\"", v);
		o->aes = v[0] == 'a';
		strcpy(m->hash, v);
	} else {
		const char *near = nearest_option(e, name);
		return FAIL(p, w->column,
			near ? "%s has no option \"%s\"; did you mean %s=?"
			     : N_("%s has no option \"%s\" (%s)"),
			e->make_word, name, near ? near : e->options);
	}
	return 0;
}

static void add_map(struct script *s, const struct script_map *m)
{
	s->maps = grown(s->maps, &s->maps_cap, s->map_count, sizeof *s->maps);
	s->maps[s->map_count] = *m;
	s->maps[s->map_count].options.number = (uint32_t)(s->map_count + 1);
	size_t i = name_add(&s->map_names, m->name);
	s->newest = grown(s->newest, &s->newest_cap, i, sizeof *s->newest);
	s->newest[i] = s->map_count++;
}

/* The parts of the map that was added last: map i of the script. */
static void add_parts(struct script *s, size_t i)
{
	const struct script_map whole = s->maps[i];
	struct map_part_info info;
	for (unsigned n = 0; whole.engine->part_info && whole.engine->part_info(n, &info); n++) {
		struct script_map m = whole;
		m.kind = info.kind;
		m.part_of = whole.options.number;
		snprintf(m.name, sizeof m.name, "%.*s.%s", (int)(sizeof m.name - 2 - strlen(info.name)),
			whole.name, info.name);
		m.options.key = info.key;
		m.options.elem = info.elem;
		add_map(s, &m);
		s->maps[i].parts++;
	}
}

static int make_map(struct parse *p, const char *make_word, bool nil, struct directive *d)
{
	struct line *l = p->l;
	struct script *s = p->s;
	const struct engine *e = engine_find(make_word, release_default());
	struct script_map m = { .name = "m", .place = "heap", .hash = "mem", .engine = e, .kind = e->kind };
	struct map_part_info info;
	unsigned parts = 0, wrong;
	char why[128];
	m.options = (struct map_options){ .release = release_default(), .seed = 1, .hint = -1, .nil = nil };
	if (need_tokens(p, 0, l->tokens, 2, TOKENS_MAX) || parse_type(p, &l->token[1], &m.options.key) ||
		parse_type(p, &l->token[2], &m.options.elem))
		return -1;
	for (unsigned i = 3; i < l->tokens; i++)
		if (parse_option(p, &l->token[i], &m))
			return -1;
	e = m.engine;
	while (e->part_info && e->part_info(parts, &info))
		parts++;
	if (s->map_count + 1 + parts > UINT32_MAX)
		return FAIL(p, 1, "there are %zu maps already, more cannot be numbered", s->map_count);
	if (!e->accepts(&m.options, &wrong, why, sizeof why))
		return FAIL(p, wrong ? l->token[wrong].column : 1, "%s", why);
	s->selected = (unsigned)s->map_count;
	add_map(s, &m);
	add_parts(s, s->selected);
	d->kind = DO_MAP;
	d->map = s->selected;
	return 0;
}

static int parse_map(struct parse *p, unsigned at, unsigned tokens, struct directive *d)
{
	(void)tokens;
	return make_map(p, p->l->token[at].text, false, d);
}

static int parse_nilmap(struct parse *p, unsigned at, unsigned tokens, struct directive *d)
{
	(void)at, (void)tokens;
	return make_map(p, "map", true, d);
}

/* The line from token a to token b as it was written. */
static const char *raw_text(struct parse *p, const struct token *a, const struct token *b)
{
	size_t n = (size_t)(b->raw + b->raw_len - a->raw);
	char *raw = pool_alloc(&p->s->pool, n + 1);
	memcpy(raw, a->raw, n);
	raw[n] = 0;
	return raw;
}

static int parse_value(struct parse *p, const struct go_type *t, const struct token *w, struct go_value *ret,
	const char **ret_text)
{
	const char *wrong = literal_parse(&p->s->pool, t, w, ret);
	if (wrong)
		return FAIL(p, w->column, "\"%s\" as %s %s", w->text, t->name, wrong);
	*ret_text = raw_text(p, w, w);
	return 0;
}

/* The tokens of a directive's arguments. */
static unsigned argument_count(const struct directive_info *row)
{
	unsigned n = *row->arguments != 0;
	for (const char *a = row->arguments; *a; a++)
		n += *a == ' ';
	return n;
}

/* An operation on one key, and the values that follow it. */
static int parse_keyed(struct parse *p, unsigned at, unsigned tokens, struct directive *d)
{
	const struct script_map *m = &p->s->maps[p->s->selected];
	const struct token *w = &p->l->token[at];
	unsigned n = argument_count(&directive_info[d->kind]);
	if (need_tokens(p, at, tokens, n, n))
		return -1;
	if (parse_value(p, &m->options.key, &w[1], &d->op.key, &d->key_text) ||
		(n > 1 && parse_value(p, &m->options.elem, &w[2], &d->op.elem, &d->elem_text)) ||
		(n > 2 && parse_value(p, &m->options.elem, &w[3], &d->op.new, &d->elem_text)))
		return -1;
	if (n > 2)
		d->elem_text = raw_text(p, &w[2], &w[3]);
	return 0;
}

/* An operation without arguments. */
static int parse_plain(struct parse *p, unsigned at, unsigned tokens, struct directive *d)
{
	(void)d;
	return need_tokens(p, at, tokens, 0, 0);
}

static int parse_loop(struct parse *p, unsigned at, unsigned tokens, struct directive *d)
{
	if (need_tokens(p, at, tokens, 2, 2))
		return -1;
	for (unsigned i = 0; i < 2; i++) {
		const struct token *w = &p->l->token[at + 1 + i];
		if (!literal_int64(w->text, i ? &d->loop.hi : &d->loop.lo))
			return FAIL(p, w->column, "\"%s\" is no whole number", w->text);
	}
	return 0;
}

static int parse_iter(struct parse *p, unsigned at, unsigned tokens, struct directive *d)
{
	struct script *s = p->s;
	if (need_tokens(p, at, tokens, 1, 1))
		return -1;
	const struct engine *e = s->maps[s->selected].engine;
	if (!e->frame)
		return FAIL(p, p->l->token[at].column, "a %s has no loop that could be stepped; write range",
			e->noun);
	const struct token *w = &p->l->token[at + 1];
	if (!w->len || w->len >= NAME_CAP || strlen(w->text) != w->len)
		return FAIL(p, w->column, "a loop's name has 1 to %zu bytes", (size_t)NAME_CAP - 1);
	size_t i = name_add(&s->iters, w->text);
	s->iter_map = grown(s->iter_map, &s->iter_map_cap, i, sizeof *s->iter_map);
	s->iter_map[i] = p->s->selected;
	d->iter.index = (unsigned)i;
	d->key_text = raw_text(p, w, w);
	return 0;
}

static int parse_next(struct parse *p, unsigned at, unsigned tokens, struct directive *d)
{
	struct script *s = p->s;
	if (need_tokens(p, at, tokens, 1, 2))
		return -1;
	const struct token *w = &p->l->token[at + 1], *n = tokens - at > 2 ? &p->l->token[at + 2] : NULL;
	int64_t i = name_find(&s->iters, w->text);
	if (i < 0)
		return FAIL(p, w->column, "no loop \"%s\" has been started; write iter %s first", w->text,
			w->text);
	d->map = s->iter_map[i];
	d->iter.index = (unsigned)i;
	d->iter.n = 1;
	d->key_text = raw_text(p, w, w);
	d->elem_text = n ? raw_text(p, n, n) : NULL;
	if (n && strcmp(n->text, "all") == 0)
		d->iter.n = -1;
	else if (n && (!literal_int64(n->text, &d->iter.n) || d->iter.n < 0))
		return FAIL(p, n->column, "\"%s\" is neither a count nor all", n->text);
	return 0;
}

static int parse_row(struct parse *p, int row, unsigned at, unsigned tokens, struct directive *d);
static bool can_race(int row);
static bool can_race_everywhere(int row);

/* The names of rows, with a blank between them. */
static void list_names(bool (*wanted)(int row), char *out, size_t cap)
{
	size_t n = 0;
	for (int i = 0; i < DIRECTIVES && n < cap; i++)
		if (wanted(i))
			n += (size_t)snprintf(out + n, cap - n, "%s%s", n ? " " : "", directive_info[i].name);
}

/* One of a race's two operations, in tokens at..tokens-1 of the line. */
static int parse_half(struct parse *p, unsigned at, unsigned tokens, struct directive *d)
{
	const char *name = p->l->token[at].text;
	char names[128];
	int row = find_directive(name);
	if (row >= 0 && can_race(row))
		return parse_row(p, row, at, tokens, d);
	list_names(can_race_everywhere, names, sizeof names);
	return FAIL(p, p->l->token[at].column, "\"%s\" cannot race (%s can)", name, names);
}

static int parse_race(struct parse *p, unsigned at, unsigned tokens, struct directive *d)
{
	struct line *l = p->l;
	const struct script_map *m = &p->s->maps[p->s->selected];
	unsigned bar = 0;
	(void)tokens;
	for (unsigned i = at + 1; i < l->tokens && !bar; i++)
		if (!l->token[i].quoted && strcmp(l->token[i].text, "|") == 0)
			bar = i;
	if (bar < at + 2 || bar + 1 >= l->tokens)
		return FAIL(p, bar ? l->token[bar].column : end_column(p),
			"a race has two operations: race OP | OP");
	if (!m->engine->races)
		return FAIL(p, l->token[0].column,
			"%s is a %s: its mutex and atomic operations leave nothing to race for", m->name,
			m->engine->noun);
	struct directive *both = pool_alloc(&p->s->pool, 2 * sizeof *both);
	if (parse_half(p, at + 1, bar, &both[0]) || parse_half(p, bar + 1, l->tokens, &both[1]))
		return -1;
	d->map = both[0].map;
	d->race.first = &both[0];
	d->race.second = &both[1];
	d->key_text = raw_text(p, &l->token[at + 1], &l->token[l->tokens - 1]);
	return 0;
}

static int parse_use(struct parse *p, unsigned at, unsigned tokens, struct directive *d)
{
	if (need_tokens(p, at, tokens, 1, 1))
		return -1;
	const struct token *w = &p->l->token[1];
	int i = script_find_map(p->s, w->text);
	if (i < 0)
		return FAIL(p, w->column, "there is no map \"%s\"", w->text);
	if (p->s->maps[i].part_of)
		return FAIL(p, w->column, "%s is part of a %s, which alone works on it", w->text,
			p->s->maps[i].engine->noun);
	d->map = p->s->selected = (unsigned)i;
	return 0;
}

static int parse_say(struct parse *p, unsigned at, unsigned tokens, struct directive *d)
{
	if (need_tokens(p, at, tokens, 1, 1))
		return -1;
	const struct token *w = &p->l->token[at + 1];
	d->say.text = w->text;
	d->say.len = w->len;
	return 0;
}

static int parse_gc(struct parse *p, unsigned at, unsigned tokens, struct directive *d)
{
	bool mark = tokens - at > 1;
	if (need_tokens(p, at, tokens, 0, 1))
		return -1;
	const struct token *w = &p->l->token[p->l->tokens - 1];
	if (mark && strcmp(w->text, "mark") != 0)
		return FAIL(p, w->column, "\"%s\" is unknown here; write gc, or gc mark", w->text);
	if (mark && p->s->marking)
		return FAIL(
			p, w->column, "the marking that line %u began goes on; gc ends it", p->s->marking);
	p->s->marking = mark ? p->l->number : 0;
	d->key_text = mark ? "mark" : NULL;
	d->gc.mark = mark;
	return 0;
}

/* ---- cores and counters ---- */

static int parse_counter(struct parse *p, unsigned at, unsigned tokens, struct directive *d)
{
	struct script *s = p->s;
	if (need_tokens(p, at, tokens, 1, 2))
		return -1;
	const struct token *w = &p->l->token[at + 1], *pad = tokens - at > 2 ? &p->l->token[at + 2] : NULL;
	d->counter.index = (unsigned)s->counters.count;
	d->counter.n = COUNTER_SIZE;
	d->key_text = raw_text(p, w, w);
	d->elem_text = pad ? raw_text(p, pad, pad) : NULL;
	if (!w->len || w->len >= NAME_CAP || strlen(w->text) != w->len)
		return FAIL(p, w->column, "a counter's name has 1 to %zu bytes", (size_t)NAME_CAP - 1);
	if (name_find(&s->counters, w->text) >= 0)
		return FAIL(p, w->column, "there is a counter \"%s\" already", w->text);
	if (pad && strncmp(pad->text, "pad=", 4) != 0)
		return FAIL(p, pad->column,
			strchr(pad->text, '=') ? "a counter has no option \"%s\"; did you mean pad=?"
					       : N_("\"%s\" is no option; write pad=N"),
			pad->text);
	if (pad &&
		(!literal_int64(pad->text + 4, &d->counter.n) || d->counter.n < COUNTER_SIZE ||
			d->counter.n > COUNTER_PAD_MOST || d->counter.n % 8))
		return FAIL(p, pad->column + 4, "\"%s\" is no size to pad to (a multiple of 8 from %d to %d)",
			pad->text + 4, COUNTER_SIZE, COUNTER_PAD_MOST);
	name_add(&s->counters, w->text);
	return 0;
}

static int parse_add(struct parse *p, unsigned at, unsigned tokens, struct directive *d)
{
	struct script *s = p->s;
	if (need_tokens(p, at, tokens, 1, 2))
		return -1;
	const struct token *w = &p->l->token[at + 1], *n = tokens - at > 2 ? &p->l->token[at + 2] : NULL;
	int64_t i = name_find(&s->counters, w->text);
	if (i < 0) {
		const char *near = NULL;
		for (size_t k = 0; k < s->counters.count && !near; k++) {
			const char *const one[] = { s->counters.name[k], NULL };
			near = script_nearest(w->text, one, sizeof *one);
		}
		return FAIL(p, w->column,
			near ? "there is no counter \"%s\"; did you mean %s?"
			     : N_("there is no counter \"%s\"; make it by a line counter %s"),
			w->text, near ? near : w->text);
	}
	d->counter.index = (unsigned)i;
	d->counter.n = 1;
	d->key_text = raw_text(p, w, w);
	d->elem_text = n ? raw_text(p, n, n) : NULL;
	if (n && !literal_int64(n->text, &d->counter.n))
		return FAIL(p, n->column, "\"%s\" is no whole number (of 64 bits)", n->text);
	return 0;
}

enum { NOTHING_TO_ADD = 1 };

static int parse_directive(struct parse *p, unsigned at);

/* core N OP: this operation; core N: all that follow. */
static int parse_core(struct parse *p, unsigned at, unsigned tokens, struct directive *d)
{
	struct script *s = p->s;
	int64_t n;
	(void)d;
	if (need_tokens(p, at, tokens, 1, TOKENS_MAX))
		return -1;
	const struct token *w = &p->l->token[1];
	if (!literal_int64(w->text, &n) || n < 0 || n >= CORES)
		return FAIL(
			p, w->column, "\"%s\" is no core (a whole number from 0 to %d)", w->text, CORES - 1);
	uint8_t before = s->core;
	s->core = (uint8_t)n;
	if (tokens == 2)
		return 0;
	int status = parse_directive(p, 2);
	s->core = before;
	return status ? status : NOTHING_TO_ADD;
}

/* ---- directives ---- */

typedef int parse_function(struct parse *p, unsigned at, unsigned tokens, struct directive *d);

/* By row: reads the arguments into a directive whose kind, line and map are set.  0, NOTHING_TO_ADD, or -1.
 */
static parse_function *const parse_functions[DIRECTIVES] = {
#define DIRECTIVE(NAME, name, arguments, operation, parse, kinds, since, sentence) parse_##parse,
#include "src/workload/directives.def"
#undef DIRECTIVE
};

static bool can_race(int row)
{
	parse_function *f = parse_functions[row];
	return f == parse_keyed || f == parse_plain || f == parse_next;
}

static bool can_race_everywhere(int row)
{
	return can_race(row) && directive_info[row].only < 0;
}

static bool makes_map(int row)
{
	return parse_functions[row] == parse_map || parse_functions[row] == parse_nilmap;
}

static bool makes_no_map(int row)
{
	return !makes_map(row);
}

static int parse_row(struct parse *p, int row, unsigned at, unsigned tokens, struct directive *d)
{
	const struct directive_info *info = &directive_info[row];
	const struct script *s = p->s;
	const struct token *w = &p->l->token[at];
	if (info->needs_map && s->map_count == 0)
		return FAIL(p, w->column, "there is no map yet; begin with a line such as map string int64");
	const struct script_map *m = info->needs_map ? &s->maps[s->selected] : NULL;
	if (m && !directive_serves(info, m->kind))
		return FAIL(p, w->column,
			"\"%s\" is for a %s, and %s is a map[%s]%s; put, get and del work on it", info->name,
			engine_of((enum map_kind)info->only)->noun, m->name, m->options.key.name,
			m->options.elem.name);
	if (m && info->since.kind == (int)m->kind && !release_since(m->options.release, info->since.release))
		return FAIL(p, w->column, "the %s of Go %s has no %s; it came with %s", m->engine->noun,
			m->options.release->name, info->since.method, info->since.release);
	*d = (struct directive){ .kind = (enum directive_kind)row, .line = p->l->number, .map = s->selected };
	return parse_functions[row](p, at, tokens, d);
}

static int fail_unknown(struct parse *p, const struct token *first, const char *name)
{
	char makers[128], others[256];
	const char *near = script_nearest(name, &directive_info[0].name, sizeof directive_info[0]);
	if (near)
		return FAIL(p, first->column, "\"%s\" is no directive; did you mean %s?", first->text, near);
	list_names(makes_map, makers, sizeof makers);
	list_names(makes_no_map, others, sizeof others);
	return FAIL(p, first->column, "\"%s\" is no directive (%s %s)", first->text, makers, others);
}

static int parse_directive(struct parse *p, unsigned at)
{
	const struct token *first = &p->l->token[at];
	const char *name = first->quoted ? "\"" : first->text;
	struct directive d;
	int row = find_directive(name);
	if (row < 0)
		return fail_unknown(p, first, name);
	if (at && directive_info[row].operation == OP_NONE)
		return FAIL(p, first->column,
			"%s is no operation; write core N on a line of its own before it", name);
	int status = parse_row(p, row, at, p->l->tokens, &d);
	if (status == 0)
		add(p->s, d);
	return status < 0 ? -1 : 0;
}

uint64_t directive_operations(const struct directive *d)
{
	if (parse_functions[d->kind] == parse_loop)
		return d->loop.hi > d->loop.lo ? (uint64_t)d->loop.hi - (uint64_t)d->loop.lo : 0;
	return directive_info[d->kind].operation != OP_NONE;
}

static int parse_line(struct parse *p)
{
	unsigned column = 1;
	const char *wrong = tokens_split(p->l, &p->s->pool, &column);
	if (wrong)
		return FAIL(p, column, "this %s", wrong);
	return p->l->tokens ? parse_directive(p, 0) : 0;
}

int script_parse_line(struct script *s, const char *file, unsigned number, const char *text, size_t len)
{
	struct line l = { .file = file, .number = number, .text = text, .len = len };
	struct parse p = { .s = s, .l = &l };
	return parse_line(&p);
}

int script_parse(struct script *s, const char *file, const char *text, size_t len)
{
	struct line l = { .file = file };
	struct parse p = { .s = s, .l = &l };
	script_init(s);
	char *kept = pool_alloc(&s->pool, len + 1);
	memcpy(kept, text, len);
	kept[len] = 0;
	s->text = kept;
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) /* a byte order mark */
		text += 3, len -= 3;
	while (len > 0) {
		const char *end = memchr(text, '\n', len);
		l.text = text;
		l.len = end ? (size_t)(end - text) : len;
		l.number++;
		if (parse_line(&p))
			return -1;
		size_t used = l.len + (end != NULL);
		text += used;
		len -= used;
	}
	return 0;
}
