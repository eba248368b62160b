/* A session that begins in a recording: its rows and what was emitted between them, as lines of a workload
 * again. */
#include "src/session/private.h"

#include "trace/base/builder.h"
#include "trace/base/memory.h"
#include "trace/record/player.h"
#include "trace/record/walk.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool name_taken(const struct source *from, uint32_t but, const char *name)
{
	for (unsigned i = 0; i < from->maps; i++)
		if (i + 1 != but && strcmp(from->map[i].name, name) == 0)
			return true;
	return false;
}

/* The lines name maps, so a map whose name an earlier one has gets another, with its number: `m-2`. */
static const char *map_name(const struct source *from, uint32_t number, char *out, size_t cap)
{
	const char *name = from->map[number - 1].name;
	bool again = false;
	snprintf(out, cap, "%s", name);
	for (unsigned i = 0; i + 1 < number; i++)
		again = again || strcmp(from->map[i].name, name) == 0;
	for (unsigned n = number; again; n += from->maps) { /* two maps never come to the same n */
		snprintf(out, cap, "%.48s-%u", name, n);
		again = name_taken(from, number, out);
	}
	return out;
}

static void map_line(struct session *s, const struct source *from, uint32_t number)
{
	const struct map_info *m = &from->map[number - 1];
	struct builder text = builder_own();
	char hint[40] = "", name[64];
	const char *place = strcmp(m->place, "stack") == 0 ? " place=stack" : "";
	const char *hash = strcmp(m->hash, "aes") == 0 ? " hash=aes" : "";
	if (m->hint >= 0)
		snprintf(hint, sizeof hint, " hint=%" PRId64, m->hint);
	const char *make = m->header ? engine_of((enum map_kind)m->kind)->make_word : "nilmap";
	builder_add(&text, "%s %s %s name=%s seed=%" PRIu64 " go=%s%s%s%s", make, m->key.name, m->elem.name,
		map_name(from, number, name, sizeof name), m->seed, m->go, hint, place, hash);
	session_add(s, text.text, text.size);
	builder_release(&text);
}

static void add_line(struct session *s, const char *a, const char *b, const char *c)
{
	size_t n = strlen(a) + (b ? strlen(b) : 0) + (c ? strlen(c) : 0) + 3;
	char *text = memory_get(n);
	snprintf(text, n, "%s%s%s%s%s", a, b ? " " : "", b ? b : "", c ? " " : "", c ? c : "");
	session_add(s, text, strlen(text));
	free(text);
}

static void say_line(struct session *s, const struct event *e)
{
	struct pool pool = { 0 };
	uint64_t n = e->size < 65536 ? e->size : 65536;
	char *text = memory_get(n + 1);
	for (uint64_t i = 0; i < n; i++)
		text[i] = (char)event_byte(e->new, e->size, i);
	add_line(s, "say", script_quote(&pool, text, n), NULL);
	pool_release(&pool);
	free(text);
}

static void use_line(struct session *s, const struct source *from, uint32_t map, uint32_t *selected)
{
	char name[64];
	if (map == 0 || map > from->maps || map == *selected || from->map[map - 1].part_of)
		return;
	add_line(s, "use", map_name(from, map, name, sizeof name), NULL);
	*selected = map;
}

static int operation_line(
	struct session *s, struct source *from, uint64_t op, uint64_t core, uint32_t *selected)
{
	char words[40];
	struct operation o;
	if (from->operation(from, op, &o) != 0)
		return session_fail(s, "%s", from->error);
	const struct directive_info *d = directive_find(op_kind_name[o.kind]);
	if (d && d->needs_map)
		use_line(s, from, o.map, selected);
	snprintf(words, sizeof words, "core %" PRIu64 " %s", core, op_kind_name[o.kind]);
	add_line(s, core ? words : op_kind_name[o.kind], o.key, o.elem);
	return 0;
}

/* The workload that made steps 1..end, from its rows and from what was emitted between them. */
static int source_lines(struct session *s, struct source *from, uint64_t end)
{
	struct walk w;
	uint32_t selected = 0;
	uint64_t op = 0, begun = 0; /* begun: an operation whose core may still be said */
	int status = 0;
	walk_init(&w, from, 1);
	while (status == 0 && walk_next(&w, end, NULL))
		for (uint32_t i = 0; status == 0 && i < w.n; i++) {
			const struct event *e = &w.event[i];
			if (begun)
				status = operation_line(
					s, from, begun, e->kind == EV_CORE ? e->a : 0, &selected);
			begun = 0;
			if (e->kind == EV_MAP && e->a >= 1 && e->a <= from->maps)
				map_line(s, from, selected = (uint32_t)e->a);
			else if (e->kind == EV_USE)
				use_line(s, from, (uint32_t)e->a, &selected);
			else if (e->kind == EV_SAY)
				say_line(s, e);
			else if (e->kind == EV_OP)
				begun = ++op;
		}
	if (w.failed)
		status = session_fail(s, "%s", from->error);
	if (begun && status == 0)
		status = operation_line(s, from, begun, 0, &selected);
	walk_release(&w);
	return status;
}

/* Is the memory at the end of the session that of the other recording? */
static bool same_memory(struct session *s, struct source *from, uint64_t step)
{
	struct player a, b;
	player_init(&a, from);
	player_init(&b, s->store->source);
	bool same = player_seek(&a, step) == 0 && player_seek(&b, s->store->source->steps) == 0 &&
		image_sum(a.image) == image_sum(b.image);
	player_release(&a);
	player_release(&b);
	return same;
}

int session_begin_source(struct session *s, struct source *from, uint64_t op)
{
	struct operation next;
	uint64_t end = from->steps;
	if (op < from->ops) {
		if (from->operation(from, op + 1, &next) != 0)
			return session_fail(s, "%s", from->error);
		end = next.first_step - 1;
	}
	if (end > STORE_STEPS)
		return session_fail(s,
			"%s: a session holds at most %d million steps, and here are %" PRIu64
			"; begin at an earlier operation",
			from->name, STORE_STEPS / 1000000, end);
	session_cut(s, 0);
	session_forget_changes(s);
	if (source_lines(s, from, end) != 0 || session_rebuild(s) != 0)
		return -1;
	if (!same_memory(s, from, end))
		return session_fail(s,
			"%s: run again, operations 1 to %" PRIu64
			" give other bytes; this program cannot go on from here",
			from->name, op);
	return 0;
}
