/* Words for addresses; see where.h. */
#include "trace/map/where.h"
#include "trace/map/kind.h"
#include "trace/map/sync/sync.h"

#include "trace/base/translate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void where_init(struct where *w, struct source *source)
{
	*w = (struct where){ .source = source };
}

void where_release(struct where *w)
{
	free(w->counter);
	*w = (struct where){ 0 };
}

static void counter_add(struct where *w, uint64_t addr)
{
	struct operation o;
	if (w->op < 1 || w->op > w->source->ops || w->source->operation(w->source, w->op, &o) != 0)
		return;
	if (w->counters == w->cap) {
		size_t cap = w->cap ? 2 * w->cap : 16;
		struct where_counter *grown = realloc(w->counter, cap * sizeof *grown);
		if (!grown)
			return; /* it will have no name */
		w->counter = grown;
		w->cap = cap;
	}
	struct where_counter *c = &w->counter[w->counters++];
	*c = (struct where_counter){ .addr = addr };
	snprintf(c->name, sizeof c->name, "%s", o.key ? o.key : "");
}

void where_event(struct where *w, const struct event *e)
{
	if (e->kind == EV_OP)
		w->op++;
	else if (e->kind == EV_ALLOC && e->b == ROLE_COUNTER)
		counter_add(w, e->addr);
}

/* ---- words ---- */

static const char *field_name(const struct field *f, uint64_t offset)
{
	for (; f->name; f++)
		if (offset >= f->offset && offset < f->offset + f->size * f->count)
			return f->name;
	return "?";
}

/* "slot 2 elem" of a bucket. */
static void part_print(const struct map_type *t, uint64_t offset, char *out, size_t cap)
{
	if (offset < t->keys)
		snprintf(out, cap, _("tophash %" PRIu64), offset);
	else if (offset < t->elems)
		snprintf(out, cap, _("slot %" PRIu64 " key"), (offset - t->keys) / (t->keysize ? t->keysize : 1));
	else if (offset < t->overflow)
		snprintf(out, cap, _("slot %" PRIu64 " elem"), (offset - t->elems) / (t->elemsize ? t->elemsize : 1));
	else
		snprintf(out, cap, "%s", _("overflow pointer"));
}

static bool in_array(const struct map_info *info, const struct map_type *t, const struct hmap_view *h, enum which_array array,
	uint64_t addr, bool whole, char *out, size_t cap)
{
	uint64_t base = array == ARRAY_OLD ? h->oldbuckets : h->buckets, size = array == ARRAY_OLD ? h->old_size : h->new_size;
	char part[48];
	if (!base || addr < base || addr - base >= size)
		return false;
	uint64_t i = (addr - base) / t->bucketsize, mains = array_buckets(h, array);
	part_print(t, (addr - base) % t->bucketsize, part, sizeof part);
	const char *which = array == ARRAY_OLD ? _("old bucket") : h->oldbuckets ? _("new bucket") : _("bucket");
	if (whole)
		part[0] = 0;
	if (i < mains)
		snprintf(out, cap, "%s %s %" PRIu64 "%s%s", info->name, which, i, whole ? "" : " ", part);
	else
		snprintf(out, cap, _("%s spare bucket %" PRIu64 "%s%s"), info->name, i - mains, whole ? "" : " ", part);
	return true;
}

static bool type_of(const struct map_info *info, struct map_type *ret)
{
	struct go_type key, elem;
	if (!go_type_recorded(info->key_type, &key) || !go_type_recorded(info->elem_type, &elem))
		return false;
	*ret = map_type_make(key, elem);
	return true;
}

static bool in_map(const struct map_info *maps, unsigned number, const struct reader *r, uint64_t addr, bool whole, char *out, size_t cap)
{
	struct map_type t;
	struct hmap_view h;
	const struct map_info *info = &maps[number - 1];
	uint64_t hmap = map_hmap(maps, number, r);
	if (info->kind == MAP_SYNC && info->hmap && addr >= info->hmap && addr < info->hmap + sync_layout(info->go)->size) {
		snprintf(out, cap, "sync.Map %s%s%s", info->name, whole ? "" : ".",
			 whole ? "" : field_name(sync_layout(info->go)->fields, addr - info->hmap));
		return true;
	}
	if (!hmap)
		return false;
	if (addr >= hmap && addr < hmap + HMAP_SIZE) {
		snprintf(out, cap, "hmap %s%s%s", info->name, whole ? "" : ".", whole ? "" : field_name(hmap_fields, addr - hmap));
		return true;
	}
	return type_of(info, &t) && hmap_read(r, &t, hmap, &h) &&
	       (in_array(info, &t, &h, ARRAY_NEW, addr, whole, out, cap) || in_array(info, &t, &h, ARRAY_OLD, addr, whole, out, cap));
}

/* The block that holds addr.  Blocks are found by their beginning: texts begin anywhere, the others at words. */
static bool block_around(const struct reader *r, uint64_t addr, struct block *ret)
{
	enum { NEAR = 16, FAR = 4096 };
	for (uint64_t back = 0; back <= FAR && back <= addr; back += back < NEAR || (addr - back) % 8 ? 1 : 8)
		if (r->block(r, addr - back, ret))
			return ret->size > back;
	return false;
}

static void block_print(const struct where *w, const struct block *b, uint64_t addr, bool whole, char *out, size_t cap)
{
	const struct map_info *info = b->map && b->map <= w->source->maps ? &w->source->map[b->map - 1] : NULL;
	uint64_t offset = addr - b->addr;
	struct map_type t;
	char part[48];
	switch (b->role) {
	case ROLE_COUNTER: {
		const char *name = "?";
		for (size_t i = 0; i < w->counters; i++)
			if (w->counter[i].addr == b->addr)
				name = w->counter[i].name;
		snprintf(out, cap, offset < 8 || whole ? _("counter %s") : _("counter %s, padding"), name);
		break;
	}
	case ROLE_OVERFLOW: case ROLE_BUCKETS: /* an array that the map has dropped */
		if (!info || !type_of(info, &t)) {
			snprintf(out, cap, "%s", _(block_role_name[b->role]));
			break;
		}
		part[0] = 0;
		if (!whole)
			part_print(&t, offset % t.bucketsize, part, sizeof part);
		if (b->role == ROLE_OVERFLOW)
			snprintf(out, cap, _("%s overflow bucket%s%s"), info->name, whole ? "" : " ", part);
		else
			snprintf(out, cap, _("%s dropped bucket %" PRIu64 "%s%s"), info->name, offset / t.bucketsize, whole ? "" : " ", part);
		break;
	case ROLE_HITER: snprintf(out, cap, "hiter%s%s", whole ? "" : ".", whole ? "" : field_name(hiter_fields, offset)); break;
	case ROLE_EXTRA:
		snprintf(out, cap, "%s%smapextra%s%s", info ? info->name : "", info ? " " : "", whole ? "" : ".",
			 whole ? "" : field_name(extra_fields, offset));
		break;
	default: snprintf(out, cap, "%s%s%s", info ? info->name : "", info ? " " : "", _(block_role_name[b->role < ROLES ? b->role : 0])); break;
	}
}

static bool print(const struct where *w, const struct reader *r, uint64_t addr, bool whole, char *out, size_t cap)
{
	struct block b;
	for (unsigned i = 0; i < w->source->maps; i++)
		if (in_map(w->source->map, i + 1, r, addr, whole, out, cap))
			return true;
	if (block_around(r, addr, &b)) {
		block_print(w, &b, addr, whole, out, cap);
		return true;
	}
	snprintf(out, cap, "%s", _("free memory"));
	return false;
}

bool where_print(const struct where *w, const struct reader *r, uint64_t addr, char *out, size_t cap)
{
	return print(w, r, addr, false, out, cap);
}

bool where_object(const struct where *w, const struct reader *r, uint64_t addr, char *out, size_t cap)
{
	return print(w, r, addr, true, out, cap);
}
