/* Where a map's bytes are: an account of the memory at a step, in which every byte that the allocator has given stands in
 * exactly one line (account.def).
 *
 *     image + maps ──▶ accounting_begin ──▶ accounting_work ... ──▶ struct account a map
 *
 * It is worked out from the bytes alone: chains are walked from the hmap, then everything is followed that a collector
 * would follow (from hmaps, then from range loops); what it does not come to is garbage, exactly what `gc` would free,
 * but for pieces of a tiny block that has other pieces alive.
 */
#ifndef TRACE_ACCOUNT_H
#define TRACE_ACCOUNT_H

#include "trace/record/image.h"
#include "trace/map/classic/model.h"

enum account_line {
#define ACCOUNT(NAME, name, group, title, sentence) ACCOUNT_##NAME,
#include "trace/heap/account.def"
#undef ACCOUNT
	ACCOUNT_LINES
};

enum account_group { ACCOUNT_USED, ACCOUNT_BOOK, ACCOUNT_ROOM, ACCOUNT_DEAD, ACCOUNT_REST, ACCOUNT_GROUPS };

struct account_info {
	const char *name;            /* "slots": of JSON and CSV */
	enum account_group group;
	const char *title, *sentence;/* for people, to be translated */
};
extern const struct account_info account_info[ACCOUNT_LINES];
/* "used", "book", "room", "dead", "other": of JSON and CSV; and for people, to be translated. */
extern const char *const account_group_name[ACCOUNT_GROUPS], *const account_group_title[ACCOUNT_GROUPS];

/* Bytes. */
struct account {
	uint64_t line[ACCOUNT_LINES];
	uint64_t asked, given;       /* given: with rounding and malloc headers; the sum of the lines */
	uint64_t stack;              /* of given: on a goroutine's stack (place=stack, variables of range loops) */
	uint64_t blocks;             /* live objects; pieces of tiny blocks are some */
	uint64_t entries;            /* full slots */
};

uint64_t account_group_sum(const struct account *a, enum account_group g);
/* given - dead: what the map needs as it stands. */
uint64_t account_live(const struct account *a);
static inline uint64_t account_dead(const struct account *a) { return account_group_sum(a, ACCOUNT_DEAD); }
/* Of given; 0 without entries. */
double account_per_entry(const struct account *a);

struct accounting;
/* Begins: the image must stay as it is until the work is done.  Of maps (maps of them, map[i].map == i + 1) only the one
 * numbered only is looked at; 0: all.  NULL: no memory. */
struct accounting *accounting_begin(const struct image *image, const struct map_info *map, unsigned maps, unsigned only);
/* Does about n units of work, a bucket or a block each (some 10 to 300 ns).  false: it is done, or failed. */
bool accounting_work(struct accounting *a, uint64_t n);
/* A sync.Map and the two maps in it have one account together.  When the work is done: the account of a map, or of what belongs to none (0).  Owned by a.  NULL: there was no memory. */
const struct account *accounting_of(const struct accounting *a, unsigned map);
void accounting_free(struct accounting *a);

#endif
