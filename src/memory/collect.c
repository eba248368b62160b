/* Marking and sweeping; see collect.h. */
#include "src/memory/collect.h"

#include "trace/base/grown.h"

#include <string.h>

static void emit(struct arena *a, struct event e)
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
	emit(a,
		(struct event){ .kind = EV_SHADE,
			.map = b.map,
			.addr = b.addr,
			.size = b.size,
			.a = from,
			.b = reason });
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

static void scan_pointer(void *to, uint64_t addr)
{
	scan_words(to, addr, 8);
}

static void scan(struct arena *a, const struct roots *r, const struct block *b)
{
	if (r->points(r->arg, b, scan_pointer, a))
		return;
	switch (b->role) {
	case ROLE_KEY_TEXT:
	case ROLE_ELEM_TEXT:
	case ROLE_KEY:
	case ROLE_ELEM:
	case ROLE_COUNTER: break; /* bytes */
	case ROLE_BOX:
		if (b->size == 16) /* a string (or a complex128, whose words are no addresses of ours) */
			scan_words(a, b->addr, 8);
		break;
	default: scan_words(a, b->addr, b->size & ~UINT64_C(7));
	}
}

/* ---- a cycle ---- */

static void mark_roots(struct arena *a, const struct roots *r)
{
	for (size_t i = 0; i < r->objects; i++)
		grey(a, r->object[i], 0, SHADE_ROOT);
	grey(a, a->heap.tiny, 0,
		SHADE_TINY); /* gcMarkTinyAllocs: what it gives from now on must be born marked */
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
	emit(a, (struct event){ .kind = EV_PHASE, .a = PHASE_MARK });
	emit(a, (struct event){ .kind = EV_MARKING, .a = 1 });
	mark_roots(a, r);
}

void collect_end(struct arena *a, const struct roots *r, uint64_t *ret_blocks, uint64_t *ret_bytes)
{
	/* Without a sink there was no barrier, so that what was marked up to now does not say what is
	 * reachable. */
	if (!a->marking || !a->sink)
		collect_begin(a, r);
	else
		emit(a, (struct event){ .kind = EV_PHASE, .a = PHASE_MARK });
	while (a->greys > 0) {
		struct block b = a->grey[--a->greys];
		scan(a, r, &b);
	}
	emit(a, (struct event){ .kind = EV_MARKING, .a = 0 });
	emit(a, (struct event){ .kind = EV_PHASE, .a = PHASE_COLLECT });
	arena_sweep(a, ret_blocks, ret_bytes);
	emit(a, (struct event){ .kind = EV_GC, .a = *ret_blocks, .b = *ret_bytes });
}
