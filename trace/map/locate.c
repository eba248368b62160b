/* What lies at an address; see locate.h. */
#include "trace/base/grown.h"
#include "trace/map/locate.h"

#include "trace/base/translate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void locator_init(struct locator *l, struct source *source)
{
	*l = (struct locator){ .source = source };
}

void locator_release(struct locator *l)
{
	free(l->counter);
	*l = (struct locator){ 0 };
}

static void counter_add(struct locator *l, uint64_t addr)
{
	struct operation o;
	if (l->op < 1 || l->op > l->source->ops || l->source->operation(l->source, l->op, &o) != 0)
		return;
	l->counter = grown(l->counter, &l->cap, l->counters, sizeof *l->counter);
	struct locator_counter *c = &l->counter[l->counters++];
	*c = (struct locator_counter){ .addr = addr };
	snprintf(c->name, sizeof c->name, "%s", o.key ? o.key : "");
}

void locator_event(struct locator *l, const struct event *e)
{
	if (e->kind == EV_OP)
		l->op++;
	else if (e->kind == EV_ALLOC && e->b == ROLE_COUNTER)
		counter_add(l, e->addr);
}

/* ---- what it is ---- */

/* Blocks are found by their beginning: texts begin anywhere, the others at words. */
bool block_around(const struct reader *r, uint64_t addr, struct block *ret)
{
	enum { NEAR = 16, FAR = 4096 };
	for (uint64_t back = 0; back <= FAR && back <= addr; back += back < NEAR || (addr - back) % 8 ? 1 : 8)
		if (r->block(r, addr - back, ret))
			return ret->size > back;
	return false;
}

/* What its map's kind says of the block. */
static void find_in_block(
	const struct locator *l, const struct reader *r, uint64_t addr, struct location *ret)
{
	struct map_view v;
	struct map_object o;
	struct map_group g;
	if (!ret->map)
		return;
	map_open(&v, l->source->map, ret->map, r);
	if (v.kind->stray(&v, &ret->block, addr, &g))
		group_locate(&v, &g, addr, &ret->at);
	else if (v.kind->block(&v, &ret->block, &o))
		object_locate(&o, addr, &ret->at);
}

bool locator_find(const struct locator *l, const struct reader *r, uint64_t addr, struct location *ret)
{
	static const uint64_t none[1];
	struct map_view v;
	*ret = (struct location){ .at.kind = LOCATION_NONE };
	for (unsigned i = 1; i <= l->source->maps; i++) {
		map_open(&v, l->source->map, i, r);
		if (v.header && map_locate(&v, addr, none, 0, &ret->at)) {
			ret->map = i;
			return true;
		}
	}
	if (!block_around(r, addr, &ret->block))
		return false;
	ret->in_block = true;
	ret->map = ret->block.map <= l->source->maps ? ret->block.map : 0;
	find_in_block(l, r, addr, ret);
	return true;
}

/* ---- words ---- */

static void print_counter(const struct locator *l, uint64_t addr, bool padding, char *out, size_t cap)
{
	const char *name = "?";
	for (size_t i = 0; i < l->counters; i++)
		if (l->counter[i].addr == addr)
			name = l->counter[i].name;
	snprintf(out, cap, padding ? _("counter %s, padding") : _("counter %s"), name);
}

/* A map's header bears the map's name; what hangs on it follows the name; a loop's variables are nobody's. */
static void print_object(
	const struct location *t, const char *name, bool header, bool whole, char *out, size_t cap)
{
	const char *dot = whole ? "" : ".", *field = whole ? "" : t->at.field ? t->at.field->name : "?";
	if (header)
		snprintf(out, cap, "%s %s%s%s", t->at.object.name, name, dot, field);
	else
		snprintf(out, cap, "%s%s%s%s%s", name, *name ? " " : "", t->at.object.name, dot, field);
}

static void print_found(const struct locator *l, const struct reader *r, const struct location *t,
	uint64_t addr, bool whole, char *out, size_t cap)
{
	const char *name = t->map ? l->source->map[t->map - 1].name : "";
	enum block_role role = t->block.role < ROLES ? t->block.role : ROLE_NONE;
	struct map_view v;
	if (t->at.kind == LOCATION_OBJECT) {
		bool header = !t->in_block && t->at.object.addr == map_header(l->source->map, t->map, r);
		print_object(t, role == ROLE_HITER ? "" : name, header, whole, out, cap);
	} else if (t->at.kind == LOCATION_GROUP) {
		map_open(&v, l->source->map, t->map, r);
		v.kind->describe(&v, name, &t->at, whole, out, cap);
	} else if (role == ROLE_COUNTER) {
		print_counter(l, t->block.addr, addr - t->block.addr >= 8 && !whole, out, cap);
	} else {
		snprintf(out, cap, "%s%s%s", name, *name ? " " : "", _(block_role_name[role]));
	}
}

static bool print(
	const struct locator *l, const struct reader *r, uint64_t addr, bool whole, char *out, size_t cap)
{
	struct location t;
	bool known = locator_find(l, r, addr, &t);
	if (known)
		print_found(l, r, &t, addr, whole, out, cap);
	else
		snprintf(out, cap, "%s", _("free memory"));
	return known;
}

bool locator_print(const struct locator *l, const struct reader *r, uint64_t addr, char *out, size_t cap)
{
	return print(l, r, addr, false, out, cap);
}

bool locator_print_object(
	const struct locator *l, const struct reader *r, uint64_t addr, char *out, size_t cap)
{
	return print(l, r, addr, true, out, cap);
}
