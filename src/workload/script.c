/* Reading a workload; see script.h. */
#include "src/workload/script.h"

#include "trace/base/grown.h"
#include "src/workload/tokens.h"

#include "trace/base/translate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct directive_help directive_help[] = {
	{ "map", "KEY ELEM [name=m] [seed=N] [hint=N] [go=1.23] [arch=amd64] [place=heap|stack] [hash=mem|aes]",
	  "makes a map and selects it" },
	{ "nilmap", "KEY ELEM [name=m]", "selects a nil map" },
	{ "use", "NAME", "selects an earlier map" },
	{ "put", "K V", "m[K] = V" },
	{ "get", "K", "v, ok := m[K]" },
	{ "del", "K", "delete(m, K)" },
	{ "clear", "", "clear(m)" },
	{ "fill", "LO HI", "puts i for i in [LO, HI)" },
	{ "probe", "LO HI", "gets i for i in [LO, HI)" },
	{ "drain", "LO HI", "deletes i for i in [LO, HI)" },
	{ "iter", "NAME", "starts a range loop, takes no step" },
	{ "next", "NAME [N|all]", "takes the loop's next N items" },
	{ "range", "", "a whole range loop" },
	{ "say", "\"TEXT\"", "narration, shown from here on" },
	{ "race", "OP | OP", "the second operation comes while the first is writing" },
	{ "gc", "[mark]", "collects garbage; mark: begins to, the next gc ends it" },
	{ "core", "N [OP]", "OP, or all that follows, on core N" },
	{ "counter", "NAME [pad=N]", "new(int64), padded to N bytes" },
	{ "add", "NAME [N]", "atomic.AddInt64(NAME, N)" },
	{ "syncmap", "KEY ELEM [name=m] [seed=N] [go=1.23] [hash=mem|aes]", "makes a sync.Map and selects it" },
	{ "loadorstore", "K V", "sync.Map: actual, loaded := m.LoadOrStore(K, V)" },
	{ "loadanddelete", "K", "sync.Map: v, loaded := m.LoadAndDelete(K)" },
	{ "swap", "K V", "sync.Map: previous, loaded := m.Swap(K, V), from Go 1.20 on" },
	{ "cas", "K OLD NEW", "sync.Map: m.CompareAndSwap(K, OLD, NEW), from Go 1.20 on" },
	{ "cad", "K OLD", "sync.Map: m.CompareAndDelete(K, OLD), from Go 1.20 on" },
	{ 0 },
};

void script_init(struct script *s)
{
	*s = (struct script){ 0 };
}

void script_release(struct script *s)
{
	free(s->directive);
	free(s->maps);
	free(s->iters);
	free(s->iter_map);
	free(s->counters);
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
	for (size_t i = s->map_count; i-- > 0;)
		if (strcmp(s->maps[i].name, name) == 0)
			return (int)i;
	return -1;
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
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && up2[j - 2] + 1 < best)
				best = up2[j - 2] + 1;
			now[j] = best;
		}
	}
	return row[n % 3][m];
}

const char *script_nearest(const char *word, const char *const *candidates, size_t stride)
{
	const char *best = NULL;
	unsigned least = (unsigned)strlen(word) / 2 + 1;
	if (least > 3)
		least = 3;
	for (; *candidates; candidates = (const char *const *)((const char *)candidates + stride)) {
		unsigned d = distance(word, *candidates);
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

#define FAIL(p, column, ...) words_error((p)->l, (column), (p)->s->error, sizeof (p)->s->error, __VA_ARGS__)

static unsigned end_column(const struct parse *p)
{
	const struct word *last = &p->l->word[p->l->words - 1];
	return last->column + (unsigned)last->raw_len;
}

static const char *arguments_of(const char *name)
{
	for (const struct directive_help *h = directive_help; h->name; h++)
		if (strcmp(h->name, name) == 0)
			return h->arguments;
	return "";
}

/* Checks that the words from `at` on are between least and most. */
static int need_words(struct parse *p, unsigned at, unsigned words, unsigned least, unsigned most)
{
	const char *name = p->l->word[at].text;
	if (words - at - 1 < least)
		return FAIL(p, words == p->l->words ? end_column(p) : p->l->word[words].column,
			    "something is missing: write %s %s", name, arguments_of(name));
	if (words - at - 1 > most)
		return FAIL(p, p->l->word[at + 1 + most].column, "this is too much: write %s%s%s", name,
			    *arguments_of(name) ? " " : "", arguments_of(name));
	return 0;
}

static int parse_type(struct parse *p, const struct word *w, struct go_type *ret)
{
	static const char *const names[] = { "string", "bool", "int8", "int16", "int32", "int64", "int", "uint8", "uint16",
		"uint32", "uint64", "uint", "uintptr", "float32", "float64", "complex64", "complex128", "any", "struct{}",
		"[16]byte", NULL };
	if (go_type_parse(w->text, ret))
		return 0;
	const char *near = script_nearest(w->text, names, sizeof *names);
	return FAIL(p, w->column, near ? "\"%s\" is no type; did you mean %s?"
		    : N_("\"%s\" is no type (string, bool, int8 .. uint64, float32, float64, complex128, [N]byte, struct{}, any)"),
		    w->text, near);
}

/* One OPTION=VALUE of `map` or `syncmap`. */
static int parse_option(struct parse *p, const struct word *w, struct script_map *m)
{
	static const char *const map_names[] = { "name", "seed", "hint", "go", "arch", "place", "hash", NULL };
	static const char *const sync_names[] = { "name", "seed", "go", "arch", "hash", NULL };
	bool sync = m->kind == MAP_SYNC;
	const char *const *names = sync ? sync_names : map_names;
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
	} else if (!sync && strcmp(name, "hint") == 0) {
		if (!literal_int64(v, &o->hint) || o->hint < 0)
			return FAIL(p, at, "\"%s\" is no hint (a whole number from 0)", v);
	} else if (strcmp(name, "go") == 0) {
		o->release = release_find(v);
		if (!o->release)
			return FAIL(p, at, "go=%s is unknown; 1.18 to 1.23 are known", v);
	} else if (strcmp(name, "arch") == 0) {
		if (strcmp(v, "amd64") != 0)
			return FAIL(p, at, "arch=%s is reserved; only amd64 is known", v);
	} else if (!sync && strcmp(name, "place") == 0) {
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
		const char *near = script_nearest(name, names, sizeof *names);
		if (sync)
			return FAIL(p, w->column, near ? "syncmap has no option \"%s\"; did you mean %s=?"
				    : N_("syncmap has no option \"%s\" (name seed go hash)"), name, near);
		return FAIL(p, w->column, near ? "map has no option \"%s\"; did you mean %s=?"
			    : N_("map has no option \"%s\" (name seed hint go arch place hash)"), name, near);
	}
	return 0;
}

static void add_map(struct script *s, const struct script_map *m)
{
	s->maps = grown(s->maps, &s->maps_cap, s->map_count, sizeof *s->maps);
	s->maps[s->map_count] = *m;
	s->maps[s->map_count].options.number = (uint32_t)(s->map_count + 1);
	s->map_count++;
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
		snprintf(m.name, sizeof m.name, "%.*s.%s", (int)(sizeof m.name - 2 - strlen(info.name)), whole.name, info.name);
		m.options.key = info.key;
		m.options.elem = info.elem;
		add_map(s, &m);
		s->maps[i].parts++;
	}
}

static int parse_map(struct parse *p, const struct engine *e, bool nil)
{
	struct line *l = p->l;
	struct script *s = p->s;
	struct script_map m = { .name = "m", .place = "heap", .hash = "mem", .engine = e, .kind = e->kind };
	struct map_part_info info;
	unsigned parts = 0, wrong;
	char why[128];
	m.options = (struct map_options){ .release = release_default(), .seed = 1, .hint = -1, .nil = nil };
	if (need_words(p, 0, l->words, 2, WORDS_MAX) || parse_type(p, &l->word[1], &m.options.key) ||
	    parse_type(p, &l->word[2], &m.options.elem))
		return -1;
	for (unsigned i = 3; i < l->words; i++)
		if (parse_option(p, &l->word[i], &m))
			return -1;
	while (e->part_info && e->part_info(parts, &info))
		parts++;
	if (s->map_count + 1 + parts > UINT16_MAX)
		return FAIL(p, 1, "there are %zu maps already, more cannot be numbered", s->map_count);
	if (!e->accepts(&m.options, &wrong, why, sizeof why))
		return FAIL(p, wrong ? l->word[wrong].column : 1, "%s", why);
	s->selected = (unsigned)s->map_count;
	add_map(s, &m);
	add_parts(s, s->selected);
	add(s, (struct directive){ .kind = DO_MAP, .line = l->number, .map = s->selected });
	return 0;
}

/* The line from word a to word b as it was written. */
static const char *raw_text(struct parse *p, const struct word *a, const struct word *b)
{
	size_t n = (size_t)(b->raw + b->raw_len - a->raw);
	char *raw = pool_alloc(&p->s->pool, n + 1);
	memcpy(raw, a->raw, n);
	raw[n] = 0;
	return raw;
}

static int parse_value(struct parse *p, const struct go_type *t, const struct word *w, struct go_value *ret,
		       const char **ret_text)
{
	const char *wrong = literal_parse(&p->s->pool, t, w, ret);
	if (wrong)
		return FAIL(p, w->column, "\"%s\" as %s %s", w->text, t->name, wrong);
	*ret_text = raw_text(p, w, w);
	return 0;
}

/* The operations on one key.  values: how many words follow the key; since: the release whose sync.Map began to have it. */
static const struct keyed { const char *name; enum directive_kind kind; unsigned values; bool sync; const char *since, *go; }
keyed_operations[] = {
	{ "put", DO_PUT, 1, false, NULL, NULL }, { "get", DO_GET, 0, false, NULL, NULL }, { "del", DO_DEL, 0, false, NULL, NULL },
	{ "loadorstore", DO_LOADORSTORE, 1, true, NULL, NULL }, { "loadanddelete", DO_LOADANDDELETE, 0, true, NULL, NULL },
	{ "swap", DO_SWAP, 1, true, "1.20", "Swap" }, { "cas", DO_CAS, 2, true, "1.20", "CompareAndSwap" },
	{ "cad", DO_CAD, 1, true, "1.20", "CompareAndDelete" }, { 0 },
};

static const struct keyed *find_keyed(const char *name)
{
	for (const struct keyed *k = keyed_operations; k->name; k++)
		if (strcmp(k->name, name) == 0)
			return k;
	return NULL;
}

bool script_sync_only(const char *name)
{
	const struct keyed *k = find_keyed(name);
	return k && k->sync;
}

/* Has the selected map's release what came with another one?  Releases are in order. */
static bool release_has(const struct parse *p, const char *since)
{
	return p->s->maps[p->s->selected].options.release >= release_find(since);
}

static int parse_keyed(struct parse *p, const struct keyed *k, unsigned at, unsigned words, struct directive *d)
{
	const struct script_map *m = &p->s->maps[p->s->selected];
	const struct word *w = &p->l->word[at];
	if (k->sync && m->kind != MAP_SYNC)
		return FAIL(p, w->column, "\"%s\" is for a sync.Map, and %s is a map[%s]%s; put, get and del work on it", k->name, m->name,
			    m->options.key.name, m->options.elem.name);
	if (k->since && !release_has(p, k->since))
		return FAIL(p, w->column, "the sync.Map of Go %s has no %s; it came with %s", m->options.release->name, k->go, k->since);
	if (need_words(p, at, words, k->values + 1, k->values + 1))
		return -1;
	*d = (struct directive){ .kind = k->kind, .line = p->l->number, .map = p->s->selected };
	if (parse_value(p, &m->options.key, &w[1], &d->op.key, &d->key_text) ||
	    (k->values > 0 && parse_value(p, &m->options.elem, &w[2], &d->op.elem, &d->elem_text)) ||
	    (k->values > 1 && parse_value(p, &m->options.elem, &w[3], &d->op.new, &d->elem_text)))
		return -1;
	if ((k->kind == DO_CAS || k->kind == DO_CAD) && d->op.elem.kind == GO_SLICE && !d->op.elem.nil)
		return FAIL(p, w[2].column, "a []int cannot be compared: %s would be a panic", k->name);
	if (k->values > 1)
		d->elem_text = raw_text(p, &w[2], &w[3]);
	return 0;
}

static int parse_loop(struct parse *p, enum directive_kind kind, unsigned at, unsigned words, struct directive *d)
{
	*d = (struct directive){ .kind = kind, .line = p->l->number, .map = p->s->selected };
	if (need_words(p, at, words, 2, 2))
		return -1;
	for (unsigned i = 0; i < 2; i++) {
		const struct word *w = &p->l->word[at + 1 + i];
		if (!literal_int64(w->text, i ? &d->loop.hi : &d->loop.lo))
			return FAIL(p, w->column, "\"%s\" is no whole number", w->text);
	}
	return 0;
}

static int find_iter(const struct script *s, const char *name)
{
	for (size_t i = 0; i < s->iter_count; i++)
		if (strcmp(s->iters[i], name) == 0)
			return (int)i;
	return -1;
}

static int parse_iter(struct parse *p, unsigned at, unsigned words, struct directive *d)
{
	struct script *s = p->s;
	if (need_words(p, at, words, 1, 1))
		return -1;
	if (s->maps[s->selected].kind == MAP_SYNC)
		return FAIL(p, p->l->word[at].column, "a sync.Map has no loop that could be stepped; write range");
	const struct word *w = &p->l->word[at + 1];
	if (!w->len || w->len >= sizeof *s->iters || strlen(w->text) != w->len)
		return FAIL(p, w->column, "a loop's name has 1 to %zu bytes", sizeof *s->iters - 1);
	int i = find_iter(s, w->text);
	if (i < 0) {
		size_t cap = s->iters_cap;
		s->iters = grown(s->iters, &cap, s->iter_count, sizeof *s->iters);
		s->iter_map = grown(s->iter_map, &s->iters_cap, s->iter_count, sizeof *s->iter_map);
		i = (int)s->iter_count++;
		strcpy(s->iters[i], w->text);
	}
	s->iter_map[i] = p->s->selected;
	*d = (struct directive){ .kind = DO_ITER, .line = p->l->number, .map = p->s->selected, .iter = { (unsigned)i, 0 },
		.key_text = raw_text(p, w, w) };
	return 0;
}

static int parse_next(struct parse *p, unsigned at, unsigned words, struct directive *d)
{
	struct script *s = p->s;
	if (need_words(p, at, words, 1, 2))
		return -1;
	const struct word *w = &p->l->word[at + 1], *n = words - at > 2 ? &p->l->word[at + 2] : NULL;
	int i = find_iter(s, w->text);
	if (i < 0)
		return FAIL(p, w->column, "no loop \"%s\" has been started; write iter %s first", w->text, w->text);
	*d = (struct directive){ .kind = DO_NEXT, .line = p->l->number, .map = s->iter_map[i],
		.iter = { (unsigned)i, 1 }, .key_text = raw_text(p, w, w), .elem_text = n ? raw_text(p, n, n) : NULL };
	if (n && strcmp(n->text, "all") == 0)
		d->iter.n = -1;
	else if (n && (!literal_int64(n->text, &d->iter.n) || d->iter.n < 0))
		return FAIL(p, n->column, "\"%s\" is neither a count nor all", n->text);
	return 0;
}

static int parse_operation(struct parse *p, unsigned at, unsigned words, struct directive *d);

static int parse_race(struct parse *p, unsigned at, struct directive *d)
{
	struct line *l = p->l;
	unsigned bar = 0;
	for (unsigned i = at + 1; i < l->words && !bar; i++)
		if (!l->word[i].quoted && strcmp(l->word[i].text, "|") == 0)
			bar = i;
	if (bar < at + 2 || bar + 1 >= l->words)
		return FAIL(p, bar ? l->word[bar].column : end_column(p), "a race has two operations: race OP | OP");
	if (p->s->map_count && p->s->maps[p->s->selected].kind == MAP_SYNC)
		return FAIL(p, l->word[0].column, "%s is a sync.Map: its mutex and atomic operations leave nothing to race for", p->s->maps[p->s->selected].name);
	struct directive *both = pool_alloc(&p->s->pool, 2 * sizeof *both);
	if (parse_operation(p, at + 1, bar, &both[0]) || parse_operation(p, bar + 1, l->words, &both[1]))
		return -1;
	*d = (struct directive){ .kind = DO_RACE, .line = l->number, .map = both[0].map, .race = { &both[0], &both[1] },
		.key_text = raw_text(p, &l->word[at + 1], &l->word[l->words - 1]) };
	return 0;
}

/* An operation in words at..words-1 of the line: what may stand in a race too. */
static int parse_operation(struct parse *p, unsigned at, unsigned words, struct directive *d)
{
	const char *name = p->l->word[at].text;
	if (strcmp(name, "next") == 0)
		return parse_next(p, at, words, d);
	if (p->s->map_count == 0)
		return FAIL(p, p->l->word[at].column, "there is no map yet; begin with a line such as map string int64");
	const struct keyed *k = find_keyed(name);
	if (k)
		return parse_keyed(p, k, at, words, d);
	*d = (struct directive){ .line = p->l->number, .map = p->s->selected };
	if (strcmp(name, "clear") == 0 || strcmp(name, "range") == 0) {
		const struct script_map *m = &p->s->maps[p->s->selected];
		d->kind = name[0] == 'c' ? DO_CLEAR : DO_RANGE;
		if (d->kind == DO_CLEAR && m->kind == MAP_SYNC && !release_has(p, "1.23"))
			return FAIL(p, p->l->word[at].column, "the sync.Map of Go %s has no Clear; it came with 1.23", m->options.release->name);
		return need_words(p, at, words, 0, 0);
	}
	return FAIL(p, p->l->word[at].column, "\"%s\" cannot race (put get del clear next range can)", name);
}

static int parse_use(struct parse *p)
{
	if (need_words(p, 0, p->l->words, 1, 1))
		return -1;
	const struct word *w = &p->l->word[1];
	int i = script_find_map(p->s, w->text);
	if (i < 0)
		return FAIL(p, w->column, "there is no map \"%s\"", w->text);
	if (p->s->maps[i].part_of)
		return FAIL(p, w->column, "%s is part of a sync.Map, which alone works on it", w->text);
	p->s->selected = (unsigned)i;
	add(p->s, (struct directive){ .kind = DO_USE, .line = p->l->number, .map = p->s->selected });
	return 0;
}

static int parse_say(struct parse *p)
{
	if (need_words(p, 0, p->l->words, 1, 1))
		return -1;
	const struct word *w = &p->l->word[1];
	add(p->s, (struct directive){ .kind = DO_SAY, .line = p->l->number, .map = p->s->selected,
		.say = { w->text, w->len } });
	return 0;
}

static int parse_gc(struct parse *p, unsigned at)
{
	bool mark = p->l->words - at > 1;
	if (need_words(p, at, p->l->words, 0, 1))
		return -1;
	const struct word *w = &p->l->word[p->l->words - 1];
	if (mark && strcmp(w->text, "mark") != 0)
		return FAIL(p, w->column, "\"%s\" is unknown here; write gc, or gc mark", w->text);
	if (mark && p->s->marking)
		return FAIL(p, w->column, "the marking that line %u began goes on; gc ends it", p->s->marking);
	p->s->marking = mark ? p->l->number : 0;
	add(p->s, (struct directive){ .kind = DO_GC, .line = p->l->number, .map = p->s->selected,
		.key_text = mark ? "mark" : NULL, .gc = { mark } });
	return 0;
}

/* ---- cores and counters ---- */

static int find_counter(const struct script *s, const char *name)
{
	for (size_t i = s->counter_count; i-- > 0;)
		if (strcmp(s->counters[i], name) == 0)
			return (int)i;
	return -1;
}

static int parse_counter(struct parse *p, unsigned at)
{
	struct script *s = p->s;
	if (need_words(p, at, p->l->words, 1, 2))
		return -1;
	const struct word *w = &p->l->word[at + 1], *pad = p->l->words - at > 2 ? &p->l->word[at + 2] : NULL;
	struct directive d = { .kind = DO_COUNTER, .line = p->l->number, .map = s->selected,
		.counter = { (unsigned)s->counter_count, COUNTER_SIZE }, .key_text = raw_text(p, w, w),
		.elem_text = pad ? raw_text(p, pad, pad) : NULL };
	if (!w->len || w->len >= sizeof *s->counters || strlen(w->text) != w->len)
		return FAIL(p, w->column, "a counter's name has 1 to %zu bytes", sizeof *s->counters - 1);
	if (find_counter(s, w->text) >= 0)
		return FAIL(p, w->column, "there is a counter \"%s\" already", w->text);
	if (pad && strncmp(pad->text, "pad=", 4) != 0)
		return FAIL(p, pad->column, strchr(pad->text, '=') ? "a counter has no option \"%s\"; did you mean pad=?"
			    : N_("\"%s\" is no option; write pad=N"), pad->text);
	if (pad && (!literal_int64(pad->text + 4, &d.counter.n) || d.counter.n < COUNTER_SIZE || d.counter.n > COUNTER_PAD_MOST ||
		    d.counter.n % 8))
		return FAIL(p, pad->column + 4, "\"%s\" is no size to pad to (a multiple of 8 from %d to %d)", pad->text + 4,
			    COUNTER_SIZE, COUNTER_PAD_MOST);
	s->counters = grown(s->counters, &s->counters_cap, s->counter_count, sizeof *s->counters);
	strcpy(s->counters[s->counter_count++], w->text);
	add(s, d);
	return 0;
}

static int parse_add(struct parse *p, unsigned at)
{
	struct script *s = p->s;
	if (need_words(p, at, p->l->words, 1, 2))
		return -1;
	const struct word *w = &p->l->word[at + 1], *n = p->l->words - at > 2 ? &p->l->word[at + 2] : NULL;
	int i = find_counter(s, w->text);
	if (i < 0) {
		const char *near = NULL;
		for (size_t k = 0; k < s->counter_count && !near; k++) {
			const char *const one[] = { s->counters[k], NULL };
			near = script_nearest(w->text, one, sizeof *one);
		}
		return FAIL(p, w->column, near ? "there is no counter \"%s\"; did you mean %s?"
			    : N_("there is no counter \"%s\"; make it by a line counter %s"), w->text, near ? near : w->text);
	}
	struct directive d = { .kind = DO_ADD, .line = p->l->number, .map = s->selected, .counter = { (unsigned)i, 1 },
		.key_text = raw_text(p, w, w), .elem_text = n ? raw_text(p, n, n) : NULL };
	if (n && !literal_int64(n->text, &d.counter.n))
		return FAIL(p, n->column, "\"%s\" is no whole number (of 64 bits)", n->text);
	add(s, d);
	return 0;
}

static int parse_directive(struct parse *p, unsigned at);

/* core N OP: this operation; core N: all that follow. */
static int parse_core(struct parse *p)
{
	struct script *s = p->s;
	int64_t n;
	if (need_words(p, 0, p->l->words, 1, WORDS_MAX))
		return -1;
	const struct word *w = &p->l->word[1];
	if (!literal_int64(w->text, &n) || n < 0 || n >= CORES)
		return FAIL(p, w->column, "\"%s\" is no core (a whole number from 0 to %d)", w->text, CORES - 1);
	uint8_t before = s->core;
	s->core = (uint8_t)n;
	if (p->l->words == 2) {
		add(s, (struct directive){ .kind = DO_CORE, .line = p->l->number, .map = s->selected });
		return 0;
	}
	int status = parse_directive(p, 2);
	s->core = before;
	return status;
}

/* Directives that a core cannot be given. */
static bool is_no_operation(const char *name)
{
	static const char *const names[] = { "map", "nilmap", "use", "say", "core" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static int parse_directive(struct parse *p, unsigned at)
{
	const struct word *first = &p->l->word[at];
	const char *name = first->quoted ? "\"" : first->text;
	unsigned words = p->l->words;
	struct directive d;
	if (at && is_no_operation(name))
		return FAIL(p, first->column, "%s is no operation; write core N on a line of its own before it", name);
	bool nil = strcmp(name, "nilmap") == 0;
	const struct engine *e = engine_find(nil ? "map" : name);
	if (e)
		return parse_map(p, e, nil);
	if (strcmp(name, "use") == 0)
		return parse_use(p);
	if (strcmp(name, "say") == 0)
		return parse_say(p);
	if (strcmp(name, "core") == 0)
		return parse_core(p);
	if (strcmp(name, "counter") == 0)
		return parse_counter(p, at);
	if (strcmp(name, "add") == 0)
		return parse_add(p, at);
	if (strcmp(name, "gc") == 0)
		return parse_gc(p, at);
	static const struct { const char *name; enum directive_kind kind; } loops[] = {
		{ "fill", DO_FILL }, { "probe", DO_PROBE }, { "drain", DO_DRAIN } };
	bool known = false;
	for (const struct directive_help *h = directive_help; h->name; h++)
		known = known || strcmp(h->name, name) == 0;
	if (!known) {
		const char *near = script_nearest(name, &directive_help[0].name, sizeof directive_help[0]);
		return FAIL(p, first->column, near ? "\"%s\" is no directive; did you mean %s?"
			    : N_("\"%s\" is no directive (map nilmap syncmap use put get del clear fill probe drain iter next range say race gc core counter add loadorstore loadanddelete swap cas cad)"),
			    first->text, near);
	}
	if (strcmp(name, "next") != 0 && p->s->map_count == 0)
		return FAIL(p, first->column, "there is no map yet; begin with a line such as map string int64");
	int status = -2;
	for (unsigned i = 0; i < 3; i++)
		if (strcmp(name, loops[i].name) == 0)
			status = parse_loop(p, loops[i].kind, at, words, &d);
	if (strcmp(name, "iter") == 0)
		status = parse_iter(p, at, words, &d);
	else if (strcmp(name, "race") == 0)
		status = parse_race(p, at, &d);
	else if (status == -2)
		status = parse_operation(p, at, words, &d);
	if (status == 0)
		add(p->s, d);
	return status;
}

static int parse_line(struct parse *p)
{
	unsigned column = 1;
	const char *wrong = words_split(p->l, &p->s->pool, &column);
	if (wrong)
		return FAIL(p, column, "this %s", wrong);
	return p->l->words ? parse_directive(p, 0) : 0;
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
