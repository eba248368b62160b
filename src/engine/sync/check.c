/* The invariants of a sync.Map between two operations, tested on memory that is only read.
 *
 *  - the mutex is free; without a dirty there are no misses, with one fewer than it has keys;
 *  - amended says that there is a dirty; without it dirty is nil, or empty (what 1.23's Clear leaves);
 *  - while amended every entry of read is in dirty too, the same entry, unless it is expunged;
 *  - an expunged entry is in read only, and only while there is a dirty;
 *  - both maps keep the invariants of every map (classic/check.c).
 */
#include "src/engine/sync/map.h"

#include "trace/base/translate.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct sync_checker {
	char *message;
	unsigned faults;
};

__attribute__((format(printf, 2, 3))) static void fault(struct sync_checker *c, const char *format, ...)
{
	va_list ap;
	if (c->faults++ > 0)
		return;
	va_start(ap, format);
	vsnprintf(c->message, CHECK_MESSAGE, _(format), ap);
	va_end(ap);
}

static void check_map(struct sync_checker *c, const struct classic_map *keys, const struct reader *r,
	const char *name, uint64_t hmap)
{
	char message[CHECK_MESSAGE];
	struct classic_map m = *keys;
	m.hmap = hmap;
	unsigned n = classic_check(&m, r, true, message);
	if (n)
		fault(c, "%s: %.200s", name, message);
}

static void check_state(struct sync_checker *c, const struct sync_view *v)
{
	if (v->mutex)
		fault(c, "the mutex is locked");
	if (v->amended && !v->dirty)
		fault(c, "read is amended, but dirty is nil");
	if (!v->amended && v->dirty && v->dirty_count)
		fault(c, "read is not amended, but dirty is not empty: %" PRId64, v->dirty_count);
	if (v->misses < 0 || (v->misses > 0 && v->misses >= v->dirty_count))
		fault(c, "misses are %" PRId64 ", keys of dirty %" PRId64 ", but it was not promoted",
			v->misses, v->dirty_count);
}

static void check_entries(struct sync_checker *c, const struct reader *r, const struct sync_view *v)
{
	struct sync_entry *e = NULL;
	size_t n = 0;
	if (!sync_entries(r, v, 0, &e, &n))
		fault(c, "the entries cannot be read");
	for (size_t i = 0; i < n; i++) {
		enum entry_state state = entry_read(r, e[i].entry, NULL);
		bool in_read = e[i].where & SYNC_IN_READ, in_dirty = e[i].where & SYNC_IN_DIRTY;
		if (state == ENTRY_BAD)
			fault(c, "the entry at %" PRIx64 " cannot be read", e[i].entry);
		else if (state == ENTRY_EXPUNGED && (in_dirty || !v->dirty))
			fault(c,
				in_dirty ? "the entry at %" PRIx64 " is expunged, but dirty has it"
					 : N_("the entry at %" PRIx64 " is expunged, but there is no dirty"),
				e[i].entry);
		else if (state != ENTRY_EXPUNGED && in_read && !in_dirty && v->dirty)
			fault(c, "the entry at %" PRIx64 " is in read and not expunged, but dirty lacks it",
				e[i].entry);
	}
	free(e);
}

unsigned sync_map_check(const struct classic_map *keys, const struct reader *r, uint64_t addr, char *message)
{
	struct sync_checker c = { message, 0 };
	struct sync_view v;
	if (!sync_read(r, keys->map.release->name, addr, &v)) {
		fault(&c, "the sync.Map cannot be read");
		return c.faults;
	}
	check_state(&c, &v);
	check_map(&c, keys, r, "read", v.read);
	check_map(&c, keys, r, "dirty", v.dirty);
	check_entries(&c, r, &v);
	return c.faults;
}
