/* Go's sync.Map in memory (1.18 to 1.23, amd64): one struct over two ordinary maps of any to *entry.
 *
 *     sync.Map ── read ──▶ readOnly{m, amended} ── m ──▶ hmap ─▶ buckets ─┐
 *         │                                                               ├─▶ entry{p} ─▶ any
 *         └────── dirty ───────────────────────────────▶ hmap ─▶ buckets ─┘
 *
 * A recording has three maps for it, numbered one after the other: the sync.Map itself, then "NAME.read" and
 * "NAME.dirty", whose elem type is *entry.  Which hmap these two are changes as Go promotes and makes maps,
 * so it is read from memory and never kept.
 *
 * Facts: sync/map.go and sync/atomic of Go 1.19.8, 1.22.12 and 1.23.5.
 */
#ifndef TRACE_SYNC_H
#define TRACE_SYNC_H

#include "trace/map/classic/model.h"

/* Offsets and sizes, bytes.  Up to 1.19 read is an atomic.Value: two words of an interface that holds a
 * *readOnly. */
struct sync_layout {
	uint32_t read, read_size, pointer, dirty, misses, size;
	const struct field *fields;
};
const struct sync_layout *sync_layout(const char *go); /* "1.19" */
enum {
	SYNC_MUTEX = 0,
	READONLY_M = 0,
	READONLY_AMENDED = 8,
	READONLY_SIZE = 16,
	ENTRY_SIZE = 8,
	ANY_SIZE = 16
};
/* Addresses in the program's data: what an expunged entry points to; the words of 1.19's atomic.Value. */
#define SYNC_EXPUNGED UINT64_C(0x55a0e0)
#define SYNC_STORING UINT64_C(0x55a0f0)
#define SYNC_READONLY_TYPE UINT64_C(0x47f000)

struct sync_view {
	uint64_t addr;
	uint32_t mutex;       /* 1: locked */
	uint64_t readonly;    /* what read points to, 0: nothing yet */
	uint64_t read, dirty; /* the hmaps, 0: nil */
	bool amended;
	int64_t misses;
	int64_t read_count, dirty_count; /* their len() */
};
/* false: not readable. */
bool sync_read(const struct reader *r, const char *go, uint64_t addr, struct sync_view *ret);

enum entry_state { ENTRY_LIVE, ENTRY_NIL, ENTRY_EXPUNGED, ENTRY_BAD /* no entry, or not readable */ };
extern const char *const entry_state_name[4];
/* *ret_value (may be NULL): the address of the any that a live entry points to. */
enum entry_state entry_read(const struct reader *r, uint64_t entry, uint64_t *ret_value);
static inline enum entry_state entry_state_of(uint64_t p)
{
	return p == 0 ? ENTRY_NIL : p == SYNC_EXPUNGED ? ENTRY_EXPUNGED : ENTRY_LIVE;
}

/* A key of the sync.Map: once for each entry, in the order of read's memory, then of what only dirty has. */
enum { SYNC_IN_READ = 1, SYNC_IN_DIRTY = 2 };
struct sync_entry {
	uint64_t key;       /* address of the any in the bucket: of read, where it has the entry */
	uint64_t dirty_key; /* in dirty; 0: not there */
	uint64_t entry;
	unsigned where; /* SYNC_IN_READ and SYNC_IN_DIRTY */
};
/* All of them, at most `most` (0: no bound); *ret must be freed.  false: memory is damaged. */
bool sync_entries(const struct reader *r, const struct sync_view *v, size_t most, struct sync_entry **ret,
	size_t *ret_count);

/* The type of the two maps: map[any]*entry. */
struct map_type sync_map_type(void);
/* Which part of its sync.Map a map is, as map_part gives it. */
enum sync_part { SYNC_READ = 1, SYNC_DIRTY = 2 };

/* The layout of a sync.Map: see mapscope(1), WORKLOADS.  false: memory is damaged. */
bool sync_print(FILE *out, const struct reader *r, const char *go, uint64_t addr);

extern const struct field readonly_fields[], entry_fields[];

#endif
