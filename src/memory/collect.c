/* Marking and sweeping; see collect.h. */
#include "src/memory/collect.h"

#include "trace/base/grown.h"
#include "src/engine/sync/syncmap.h"

static void tell(struct arena *a, struct event e)
{
	if (!a->sink)
		return;
	a->sink->steps++;
	a->sink->event(a->sink, &e);
}

/* ---- grey objects: marked, and not scanned yet ---- */

static bool grey(struct arena *a, uint64_t addr, uint64_t from, enum shade_reason reason)
{
	struct block b;
	if (!arena_mark(a, addr, &b))
		return false;
	a->grey = grown(a->grey, &a->greys_cap, a->greys, sizeof *a->grey);
	a->grey[a->greys++] = b;
	tell(a, (struct event){ .kind = EV_SHADE, .map = b.map, .addr = b.addr, .size = b.size, .a = from, .b = reason });
	return true;
}

bool collect_shade(struct arena *a, uint64_t addr, uint64_t from, enum shade_reason reason)
{
	return !arena_on_stack(a, addr) && grey(a, addr, from, reason);
}

static void scan_words(struct arena *a, uint64_t addr, uint64_t bytes)
{
	for (; bytes >= 8; addr += 8, bytes -= 8) {
		uint64_t p;
		memcpy(&p, arena_host(a, addr), 8);
		grey(a, p, addr, SHADE_SCAN);
	}
}

/* What a slot's value points to: by its first word or, in an any, its second. */
static void scan_value(struct arena *a, const struct go_type *t, bool indirect, uint64_t addr)
{
	if (indirect || t->kind == GO_STRING || t->kind == GO_ENTRY)
		scan_words(a, addr, 8);
	else if (t->kind == GO_ANY)
		scan_words(a, addr + 8, 8);
}

static void scan_buckets(struct arena *a, const struct map_type *t, const struct block *b)
{
	if (!t->pointers)
		return; /* noscan: the collector does not look inside; hmap.extra keeps their overflow buckets */
	for (uint64_t at = b->addr; at + t->bucketsize <= b->addr + b->size; at += t->bucketsize) {
		for (unsigned i = 0; i < SLOTS; i++) {
			scan_value(a, &t->key, t->indirect_key, at + t->keys + i * t->keysize);
			scan_value(a, &t->elem, t->indirect_elem, at + t->elems + i * t->elemsize);
		}
		scan_words(a, at + t->overflow, 8);
	}
}

static void scan(struct arena *a, const struct roots *r, const struct block *b)
{
	const struct gomap *m = b->map && b->map <= r->maps ? r->map[b->map - 1u] : NULL;
	switch (b->role) {
	case ROLE_BUCKETS: case ROLE_OVERFLOW:
		if (m)
			scan_buckets(a, &m->type, b);
		break;
	case ROLE_KEY_TEXT: case ROLE_ELEM_TEXT: case ROLE_KEY: case ROLE_ELEM: case ROLE_COUNTER:
		break; /* bytes */
	case ROLE_BOX:
		if (b->size == 16) /* a string (or a complex128, whose words are no addresses of ours) */
			scan_words(a, b->addr, 8);
		break;
	default:
		scan_words(a, b->addr, b->size & ~UINT64_C(7));
	}
}

/* ---- a cycle ---- */

static void mark_roots(struct arena *a, const struct roots *r)
{
	for (size_t i = 0; i < r->maps; i++)
		if (r->map[i] && gomap_address(r->map[i]) && !r->map[i]->part_of) /* a sync.Map's two hang on it */
			grey(a, gomap_address(r->map[i]), 0, SHADE_ROOT);
	for (size_t i = 0; i < r->objects; i++)
		grey(a, r->object[i], 0, SHADE_ROOT);
	grey(a, a->heap.tiny, 0, SHADE_TINY); /* gcMarkTinyAllocs: what it gives from now on must be born marked */
	for (size_t n = 0; n < a->heap.stacks.count; n++) {
		const struct mspan *s = a->heap.stacks.item[n];
		for (uint32_t i = 0; i < s->objects; i++)
			if (s->object[i].size && s->object[i].role == ROLE_HITER)
				grey(a, mspan_address(s, i), 0, SHADE_ROOT);
	}
}

void collect_begin(struct arena *a, const struct roots *r)
{
	arena_mark_begin(a);
	a->greys = 0;
	tell(a, (struct event){ .kind = EV_PHASE, .a = PHASE_MARK });
	tell(a, (struct event){ .kind = EV_MARKING, .a = 1 });
	mark_roots(a, r);
}

void collect_end(struct arena *a, const struct roots *r, uint64_t *ret_blocks, uint64_t *ret_bytes)
{
	/* Without a sink there was no barrier, so that what was marked up to now does not tell what is reachable. */
	if (!a->marking || !a->sink)
		collect_begin(a, r);
	else
		tell(a, (struct event){ .kind = EV_PHASE, .a = PHASE_MARK });
	while (a->greys > 0) {
		struct block b = a->grey[--a->greys];
		scan(a, r, &b);
	}
	tell(a, (struct event){ .kind = EV_MARKING, .a = 0 });
	tell(a, (struct event){ .kind = EV_PHASE, .a = PHASE_COLLECT });
	arena_sweep(a, ret_blocks, ret_bytes);
	tell(a, (struct event){ .kind = EV_GC, .a = *ret_blocks, .b = *ret_bytes });
}
