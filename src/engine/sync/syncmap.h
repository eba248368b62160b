/* Go's sync.Map (1.18 to 1.23, amd64) on the map engine: what sync/map.go does, write for write.
 *
 * The memory is in the arena (trace/map/sync/sync.h draws it).  Its two maps are ordinary maps, driven through the same
 * gomap_engine as any other; a step of theirs is told under their own number, with an event `use` between.  All three
 * share one random stream, which goes to whichever is at work: hash keys when the sync.Map is made, then what the maps
 * draw, in Go's order.
 *
 * One goroutine runs, so no compare-and-swap of the sync.Map fails; the second looks after taking the mutex find what the
 * first ones found.  They are carried out, since Go cannot know.
 */
#ifndef SRC_SYNCMAP_H
#define SRC_SYNCMAP_H

#include "src/engine/classic/gomap.h"

#include "trace/map/sync/sync.h"

struct syncmap {
	const struct gomap_engine *engine;   /* for map[any]*entry */
	const struct sync_layout *layout;
	uint64_t addr;                       /* of the sync.Map; 0: no memory */
	struct gomap *outer, *read, *dirty;  /* borrowed; outer has no hmap, but the user's types */
	struct gomap *at;                    /* the one whose number the steps have now, and with it the random stream */
};

/* Makes a sync.Map of three maps whose numbers follow each other; o has the types that its user keeps in it. */
void syncmap_make(struct syncmap *s, struct arena *a, const struct gomap_engine *engine, const struct gomap_options *o,
	struct gomap *outer, struct gomap *read, struct gomap *dirty);

/* The operations.  Keys and values are of an `any`; one that is stored has its box in the arena (addr).  *ret_value is the
 * address of the any that is the result, 0: none.  When outer->fault is not -1 Go has panicked: nothing was done. */
bool syncmap_load(struct syncmap *s, const struct go_value *key, uint64_t *ret_value);
/* Swap, and Store, which does the same and forgets the result: ret_value then is NULL. */
bool syncmap_swap(struct syncmap *s, const struct go_value *key, const struct go_value *value, uint64_t *ret_value);
bool syncmap_load_or_store(struct syncmap *s, const struct go_value *key, const struct go_value *value, uint64_t *ret_value);
bool syncmap_load_and_delete(struct syncmap *s, const struct go_value *key, uint64_t *ret_value);
bool syncmap_compare_and_swap(struct syncmap *s, const struct go_value *key, const struct go_value *old,
	const struct go_value *new);
bool syncmap_compare_and_delete(struct syncmap *s, const struct go_value *key, const struct go_value *old);
void syncmap_clear(struct syncmap *s);
/* item is given the addresses of key and value: of the any, or of what is in it when the user's type is another. */
void syncmap_range(struct syncmap *s, void (*item)(void *arg, uint64_t key, uint64_t value), void *arg);

/* Where a value of the user's type t stands: the any's address, or that of what is in it. */
uint64_t syncmap_inside(const struct syncmap *s, const struct go_type *t, uint64_t any);
/* Where the hmap of one of its two maps (m->part_of) is now; 0: nil. */
uint64_t syncmap_hmap(const struct gomap *m);
/* Keys in the larger of the two maps: what there is instead of len(). */
uint64_t syncmap_count(const struct syncmap *s);

/* Tests both maps (gomap_check), and what holds between them: see syncmap_check.c.  keys: type and hash keys of the two
 * maps.  Returns the number of faults; the first is in message (GOMAP_MESSAGE bytes). */
unsigned syncmap_check(const struct gomap *keys, const struct reader *r, uint64_t addr, char *message);

/* Where a map's header is: its hmap, or the sync.Map; 0: nil, or no map. */
static inline uint64_t gomap_address(const struct gomap *m)
{
	return !m ? 0 : m->sync ? m->sync->addr : m->hmap;
}

#endif
