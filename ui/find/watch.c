/* A thing in memory that is watched; see watch.h. */
#include "ui/find/watch.h"

#include <inttypes.h>
#include <stdio.h>

void watch_range(struct watch *w, uint64_t addr, uint64_t size, const char *name)
{
	*w = (struct watch){ .parts = 1, .part = { { addr, size } } };
	if (name)
		snprintf(w->name, sizeof w->name, "%s", name);
	else
		snprintf(w->name, sizeof w->name, "%" PRIx64 "+%" PRIu64, addr, size);
}

bool watch_has(const struct watch *w, uint64_t addr, uint64_t size)
{
	for (int i = 0; i < w->parts; i++)
		if (w->part[i].addr < addr + size && w->part[i].addr + w->part[i].size > addr)
			return true;
	return false;
}

/* Bytes lo..hi of the event, counted from its address: does a fact change one of them? */
static bool bytes_change(const struct event *e, uint64_t lo, uint64_t hi)
{
	if (e->kind != EV_WRITE)
		return true; /* it comes or goes */
	for (uint64_t i = lo; i < hi; i++)
		if (event_byte(e->old, e->size, i) != event_byte(e->new, e->size, i))
			return true;
	return false;
}

bool watch_changed(const struct watch *w, const struct event *e)
{
	if (e->kind > EV_FREE)
		return false;
	for (int i = 0; i < w->parts; i++) {
		uint64_t addr = w->part[i].addr, size = w->part[i].size;
		uint64_t lo = addr > e->addr ? addr - e->addr : 0; /* in the event */
		if (lo >= e->size || (e->addr > addr && e->addr - addr >= size))
			continue;
		uint64_t end = addr + size - e->addr, hi = end < e->size ? end : e->size;
		if (bytes_change(e, lo, hi))
			return true;
	}
	return false;
}

static bool match(const void *context, struct scan *s, uint32_t i)
{
	return watch_changed(context, &s->walk.chunk.events[i]);
}

static bool fact(const void *context, const struct event *e)
{
	return watch_changed(context, e);
}

struct scan_query watch_query(const struct watch *w)
{
	return (struct scan_query){
		.kinds = KINDS(EV_ALLOC, EV_WRITE, EV_FREE), .match = match, .fact = fact, .context = w
	};
}
