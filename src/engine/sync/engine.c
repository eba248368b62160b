/* sync.Map as an engine; see src/engine/engine.h. */
#include "src/engine/sync/map.h"

#include "trace/base/memory.h"
#include "trace/base/translate.h"

#include <stdio.h>
#include <stdlib.h>

static const struct sync_map *of(const struct map *m)
{
	return (const struct sync_map *)m;
}

/* ---- making ---- */

static bool accepts(const struct map_options *o, unsigned *ret_which, char *out, size_t cap)
{
	const struct go_type *wrong = o->key.kind == GO_BYTES ? &o->key : &o->elem;
	*ret_which = wrong == &o->key ? 1 : 2;
	if (wrong->kind == GO_BYTES)
		snprintf(out, cap, _("a sync.Map keeps values in interfaces; %s in one is not known here"),
			wrong->name);
	return wrong->kind != GO_BYTES;
}

static bool fits(const struct arena *a, const struct map_options *o)
{
	(void)a, (void)o;
	return true;
}

static uint64_t peek(struct arena *a, const struct map_options *o)
{
	return arena_peek(a, sync_layout(o->release->name)->size, true, o->release->malloc_headers);
}

static void make(struct arena *a, const struct map_options *o, struct map **ret)
{
	struct sync_map *s = memory_get(sizeof *s);
	*ret = &s->map;
	sync_map_make(s, a, o);
}

static void release(struct map *m)
{
	free(m);
}

static bool part_info(unsigned i, struct map_part_info *ret)
{
	struct map_type t = sync_map_type();
	*ret = (struct map_part_info){
		.name = i ? "dirty" : "read", .kind = MAP_CLASSIC, .key = t.key, .elem = t.elem
	};
	return i < 2;
}

static struct map *part(struct map *m, unsigned i)
{
	struct sync_map *s = (struct sync_map *)m;
	return i ? &s->dirty.map : &s->read.map;
}

/* ---- operations ---- */

/* A value as a sync.Map has it: in an any.  stored: it will lie in the map, so it needs its text and box. */
static struct go_value in_any(struct sync_map *s, struct go_value v, bool stored, bool key)
{
	v.is_any = true;
	if (stored)
		value_settle(&s->map, &v, key);
	return v;
}

static enum outcome keyed(
	struct sync_map *s, const struct map_operation *o, struct map_result *ret, uint64_t *ret_value)
{
	bool stores = o->kind == OP_PUT || o->kind == OP_SWAP || o->kind == OP_LOADORSTORE;
	struct go_value key = in_any(s, o->key, stores, true), elem = in_any(s, o->elem, stores, false), new;
	ret->gives = o->kind != OP_PUT && o->kind != OP_DEL;
	switch (o->kind) {
	case OP_PUT:
		ret->ok = sync_map_swap(s, &key, &elem, NULL);
		return ret->ok ? OUTCOME_UPDATED : OUTCOME_INSERTED;
	case OP_SWAP:
		ret->ok = sync_map_swap(s, &key, &elem, ret_value);
		return ret->ok ? OUTCOME_UPDATED : OUTCOME_INSERTED;
	case OP_GET:
		ret->ok = sync_map_load(s, &key, ret_value);
		return ret->ok ? OUTCOME_FOUND : OUTCOME_ABSENT;
	case OP_LOADORSTORE:
		ret->ok = sync_map_load_or_store(s, &key, &elem, ret_value);
		return ret->ok ? OUTCOME_FOUND : OUTCOME_INSERTED;
	case OP_DEL:
	case OP_LOADANDDELETE:
		ret->ok = sync_map_load_and_delete(s, &key, ret_value);
		return ret->ok ? OUTCOME_DELETED : OUTCOME_ABSENT;
	case OP_CAS:
		new = in_any(s, o->new, true, false);
		ret->ok = sync_map_compare_and_swap(s, &key, &elem, &new);
		return ret->ok ? OUTCOME_UPDATED : OUTCOME_KEPT;
	default:
		ret->ok = sync_map_compare_and_delete(s, &key, &elem);
		return ret->ok ? OUTCOME_DELETED : OUTCOME_KEPT;
	}
}

static int operate(struct map *m, const struct map_operation *o, struct map_result *ret)
{
	struct sync_map *s = (struct sync_map *)m;
	enum outcome outcome;
	uint64_t value = 0;
	switch (o->kind) {
	case OP_CLEAR:
		sync_map_clear(s);
		outcome = OUTCOME_DONE;
		break;
	case OP_RANGE:
		sync_map_range(s, o->item, o->arg);
		outcome = OUTCOME_END;
		break;
	default: outcome = keyed(s, o, ret, &value); ret->elem = sync_map_inside(s, &m->elem, value);
	}
	sync_map_refresh(s);
	return (int)outcome;
}

/* ---- what is there ---- */

static uint64_t address(const struct map *m)
{
	return of(m)->addr;
}

/* Keys in the larger of the two maps: what there is instead of len(). */
static uint64_t count(const struct map *m)
{
	const struct map *read = &of(m)->read.map, *dirty = &of(m)->dirty.map;
	uint64_t in_read = read->engine->count(read), in_dirty = dirty->engine->count(dirty);
	return in_dirty > in_read ? in_dirty : in_read;
}

static void forecast(const struct map *m, char *out, size_t cap)
{
	(void)m, (void)cap;
	out[0] = 0;
}

static uint64_t groups(const struct map *m, const struct reader *r, uint64_t more)
{
	(void)m, (void)r, (void)more;
	return 0;
}

/* ---- maps of a recording ---- */

static struct map *recorded(const struct map_options *o, uint64_t addr)
{
	struct sync_map *s = calloc(1, sizeof *s);
	if (!s)
		return NULL;
	sync_map_init(s, NULL, o);
	s->addr = addr;
	return &s->map;
}

static unsigned check(const struct map *m, const struct reader *r, bool between_operations, char *message)
{
	(void)between_operations;
	return sync_map_check(&of(m)->read, r, of(m)->addr, message);
}

const struct engine engine_sync = {
	.name = "sync",
	.noun = "sync.Map",
	.kind = MAP_SYNC,
	.oldest = "1.18",
	.newest = "1.23",
	.in_any = true,
	.make_word = "syncmap",
	.options = "name seed go hash",
	.accepts = accepts,
	.fits = fits,
	.peek = peek,
	.make = make,
	.release = release,
	.part_info = part_info,
	.part = part,
	.operate = operate,
	.address = address,
	.count = count,
	.forecast = forecast,
	.groups = groups,
	.follow = sync_follow,
	.functions = sync_functions,
	.recorded = recorded,
	.check = check,
};
