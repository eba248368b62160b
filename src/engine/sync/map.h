/* Go's sync.Map (1.18 to 1.23, amd64) on the classic engine: what sync/map.go does, write for write.
 *
 * The memory is in the arena (trace/map/sync/sync.h draws it).  Its two maps are ordinary maps, driven
 * through the same map_calls as any other; a step of theirs is emitted under their own number, with an event
 * `use` between.  All three share one random stream, which goes to whichever is at work: hash keys when the
 * sync.Map is made, then what the maps draw, in Go's order.
 *
 * One goroutine runs, so no compare-and-swap of the sync.Map fails; the second looks after taking the mutex
 * find what the first ones found.  They are carried out, since Go cannot know.
 */
#ifndef SRC_SYNC_MAP_H
#define SRC_SYNC_MAP_H

#include "src/engine/classic/map.h"

#include "trace/map/sync/sync.h"

struct sync_map {
	struct map map; /* first; key and elem are what its user keeps in it */
	const struct sync_layout *layout;
	uint64_t addr;                  /* of the sync.Map; 0: no memory */
	struct classic_map read, dirty; /* map[any]*entry; numbered after it */
	struct map *at; /* the one whose number the steps have now, and with it the random stream */
};

extern const struct engine engine_sync;

/* What is there without memory: types, release, hash keys; then s->addr is due.  arena NULL: of a recorded
 * map. */
void sync_map_init(struct sync_map *s, struct arena *a, const struct map_options *o);
/* Makes a sync.Map. */
void sync_map_make(struct sync_map *s, struct arena *a, const struct map_options *o);

/* The operations.  Keys and values are of an `any`; one that is stored has its box in the arena (addr).
 * *ret_value is the address of the any that is the result, 0: none.  When fault is not -1 Go has panicked:
 * nothing was done. */
bool sync_map_load(struct sync_map *s, const struct go_value *key, uint64_t *ret_value);
/* Swap, and Store, which does the same and forgets the result: ret_value then is NULL. */
bool sync_map_swap(
	struct sync_map *s, const struct go_value *key, const struct go_value *value, uint64_t *ret_value);
bool sync_map_load_or_store(
	struct sync_map *s, const struct go_value *key, const struct go_value *value, uint64_t *ret_value);
bool sync_map_load_and_delete(struct sync_map *s, const struct go_value *key, uint64_t *ret_value);
bool sync_map_compare_and_swap(struct sync_map *s, const struct go_value *key, const struct go_value *old,
	const struct go_value *new);
bool sync_map_compare_and_delete(struct sync_map *s, const struct go_value *key, const struct go_value *old);
void sync_map_clear(struct sync_map *s);
/* item is given the addresses of key and value: of the any, or of what is in it when the user's type is
 * another. */
void sync_map_range(struct sync_map *s, void (*item)(void *arg, uint64_t key, uint64_t value), void *arg);

/* Where a value of the user's type t stands: the any's address, or that of what is in it. */
uint64_t sync_map_inside(const struct sync_map *s, const struct go_type *t, uint64_t any);
/* For profiles (struct engine). */
void sync_follow(struct call_path *p, const struct event *e);
void sync_functions(const struct call_path *p, const struct event *alloc, const char *ret[2]);
/* After an operation: which hmaps the two maps have now. */
void sync_map_refresh(struct sync_map *s);

/* Tests both maps (classic_check), and what holds between them: see check.c.  keys: type and hash keys of the
 * two maps. Returns the number of faults; the first is in message (CHECK_MESSAGE bytes). */
unsigned sync_map_check(const struct classic_map *keys, const struct reader *r, uint64_t addr, char *message);

#endif
