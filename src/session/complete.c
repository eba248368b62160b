/* What a word that is being typed could become: directives, keys of the map, names. */
#include "src/session/private.h"

#include "trace/map/value.h"

#include <string.h>

struct completing {
	const char *prefix;
	size_t prefix_len, count, most;
	char (*words)[SESSION_WORD];
};

/* Keeps the list sorted and without doubles. */
static void offer(struct completing *c, const char *word)
{
	size_t at = c->count;
	bool begins = strncmp(word, c->prefix, c->prefix_len) == 0 ||
		(word[0] == '"' && strncmp(word + 1, c->prefix, c->prefix_len) == 0);
	if (!begins || strlen(word) >= SESSION_WORD)
		return;
	while (at > 0 && strcmp(c->words[at - 1], word) > 0)
		at--;
	if ((at > 0 && strcmp(c->words[at - 1], word) == 0) || at == c->most)
		return;
	if (c->count == c->most)
		c->count--;
	memmove(c->words + at + 1, c->words + at, (c->count - at) * sizeof *c->words);
	strcpy(c->words[at], word);
	c->count++;
}

static void offer_key(struct completing *c, const struct map_view *v, const struct map_value *key)
{
	char text[SESSION_WORD];
	if (map_value_print(v->r, key, VALUE_HUMAN, text, sizeof text) >= sizeof text)
		return;
	struct pool pool = { 0 };
	offer(c, script_quote(&pool, text, strlen(text)));
	pool_release(&pool);
}

static void offer_keys(struct completing *c, const struct map *m)
{
	enum { MOST = 20000 }; /* groups: some 20 ms */
	struct map_view v;
	struct map_group g;
	if (!map_look(m, &m->arena->reader, &v))
		return;
	bool more = map_first(&v, &g);
	for (unsigned n = 0; more && n < MOST; n++, more = map_next(&v, &g))
		for (unsigned i = 0; i < g.slots; i++) {
			struct map_slot slot;
			v.kind->slot(&v, &g, i, &slot);
			if (slot.state == SLOT_FULL)
				offer_key(c, &v, &slot.key);
		}
}

/* Where the last word begins: blanks between quotes belong to it. */
static const char *last_word(const char *text)
{
	const char *word = text;
	bool quoted = false;
	for (const char *p = text; *p; p++)
		if (*p == '\\' && quoted && p[1])
			p++;
		else if (*p == '"')
			quoted = !quoted;
		else if (*p == ' ' && !quoted)
			word = p + 1;
	return word;
}

size_t session_complete(
	struct session *s, const char *text, char (*words)[SESSION_WORD], size_t n, size_t *ret_typed)
{
	static const char *const more[] = { "undo", "evil", "save", "quit", "help" };
	struct completing c = { .most = n, .words = words };
	char first[16] = "";
	int core = 0; /* bytes of "core N " before the operation */
	sscanf(text, " core %*u%*1[ ]%n", &core);
	text += core;
	c.prefix = last_word(text);
	c.prefix_len = *ret_typed = strlen(c.prefix);
	if (text + strspn(text, " ") >= c.prefix) {
		for (const struct directive_info *h = directive_info; h->name; h++)
			offer(&c, h->name);
		for (size_t i = 0; i < sizeof more / sizeof more[0]; i++)
			offer(&c, more[i]);
		return c.count;
	}
	sscanf(text, "%15s", first);
	const char *after = text + strspn(text, " ") + strlen(first);
	if (after + strspn(after, " ") < c.prefix) /* the third word and those after it: values */
		return 0;
	struct map *m = session_map(s);
	const struct directive_info *d = directive_find(first);
	if (m && d && op_kind_keyed[d->operation] && directive_serves(d, m->engine->kind))
		offer_keys(&c, m);
	if (strcmp(first, "use") == 0)
		for (size_t i = 0; i < s->script.map_count; i++)
			if (!s->script.maps[i].part_of)
				offer(&c, s->script.maps[i].name);
	if (strcmp(first, "add") == 0)
		for (size_t i = 0; i < s->script.counters.count; i++)
			offer(&c, s->script.counters.name[i]);
	if (strcmp(first, "next") == 0 || strcmp(first, "iter") == 0)
		for (size_t i = 0; i < s->script.iters.count; i++)
			offer(&c, s->script.iters.name[i]);
	return c.count;
}
