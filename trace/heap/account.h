/* Where a map's bytes are: an account of the memory at a step, in which every byte that the allocator has
 * given stands in exactly one line (trace/map/account.def and its kind's).
 *
 *     image + maps ──▶ accounting_begin ──▶ accounting_work ... ──▶ struct account a map
 *
 * It is worked out from the bytes alone: chains are walked from the hmap, then everything is followed that a
 * collector would follow (from hmaps, then from range loops); what it does not come to is garbage, exactly
 * what `gc` would free, but for pieces of a tiny block that has other pieces alive.
 */
#ifndef TRACE_ACCOUNT_H
#define TRACE_ACCOUNT_H

#include "trace/map/kind.h"
#include "trace/record/player.h"

/* "used", "book", "room", "dead", "other": of JSON and CSV; and for people, to be translated. */
extern const char *const account_group_name[ACCOUNT_GROUPS], *const account_group_title[ACCOUNT_GROUPS];

/* Bytes. */
struct account {
	const struct account_table
		*table; /* which lines there are; of what belongs to no map those of the first map's kind */
	uint64_t line[ACCOUNT_LINES];
	uint64_t asked, given; /* given: with rounding and malloc headers; the sum of the lines */
	uint64_t stack;        /* of given: on a goroutine's stack (place=stack, variables of range loops) */
	uint64_t blocks;       /* live objects; pieces of tiny blocks are some */
	uint64_t entries;      /* full slots */
};

uint64_t account_group_sum(const struct account *a, enum account_group g);
/* given - dead: what the map needs as it stands. */
uint64_t account_live(const struct account *a);
static inline uint64_t account_dead(const struct account *a)
{
	return account_group_sum(a, ACCOUNT_DEAD);
}
/* Of given; 0 without entries. */
double account_per_entry(const struct account *a);

struct accounting;
/* Begins: the image must stay as it is until the work is done.  Of maps (maps of them, map[i].map == i + 1)
 * only the one numbered only is looked at; 0: all. */
struct accounting *accounting_begin(
	const struct image *image, const struct map_info *map, unsigned maps, unsigned only);
/* Of a step within an operation, that of the player, whose image it is: what is being moved there is counted where it
 * was. */
void accounting_at(struct accounting *a, struct player *p);
/* Does about n units of work, a bucket or a block each (some 10 to 300 ns).  false: it is done. */
bool accounting_work(struct accounting *a, uint64_t n);
/* A sync.Map and the two maps in it have one account together.  When the work is done: the account of a map,
 * or of what belongs to none (0).  Owned by a. */
const struct account *accounting_of(const struct accounting *a, unsigned map);
void accounting_free(struct accounting *a);

#endif
