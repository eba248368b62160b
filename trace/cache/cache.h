/* A model of two levels of data cache, with cachegrind's rules.
 *
 *     access ──▶ L1 ──hit──▶ CACHE_L1
 *                └─miss──▶ L2 ──hit──▶ CACHE_L2
 *                          └─miss──▶ CACHE_MEMORY
 *
 * It is a model: one core, no prefetching, no translation of addresses, no time.  What it says is exact for
 * these rules, which are those of valgrind's tool cachegrind (tests/trace/cache.sh compares the counts,
 * access by access: they are equal):
 *
 * - A level has size / (ways * line) sets; a line goes to the set of the low bits of its number.  In a set
 * the line used longest ago makes room (LRU).
 * - A read and a write are alike: either brings the line into both levels (write-allocate).  Nothing is
 * written back.
 * - L2 is asked only when L1 misses, so a hit in L1 does not make the line young in L2.  The levels are
 * neither inclusive nor exclusive: a line that leaves L2 stays in L1, and one that leaves L1 is not put into
 * L2 again.
 * - An access over the border of two lines touches both, the lower first, in each level that is asked.  It is
 * one miss at a level when either line misses there; and L2 is asked for both lines, also when only one of
 * them missed in L1.
 *
 * An access has 1 to CACHE_WORD bytes: who has more to read divides it (trace/cache/access.h says how).
 */
#ifndef TRACE_CACHE_H
#define TRACE_CACHE_H

#include "trace/go/line.h"

#include <stddef.h>

enum { CACHE_WORD = 8, CACHE_WAYS_MOST = 64, CACHE_SIZE_MOST = 256 << 20, CACHE_ERROR = 200 };

struct cache_level {
	uint32_t size, ways;
}; /* bytes, lines a set */
struct cache_shape {
	uint32_t line;
	struct cache_level l1, l2;
};
/* 64-byte lines, 32 KiB of 8 ways, 1 MiB of 16 ways: a core of a current server. */
struct cache_shape cache_shape_usual(void);
/* Reads "32K,8": a size in bytes (K and M are 2^10 and 2^20) and ways.  false: *ret is as before. */
bool cache_level_parse(const char *text, struct cache_level *ret);
/* "32K,8" */
void cache_level_print(struct cache_level l, char *out, size_t cap);
/* Can there be such caches?  Line and sets are powers of two, a set fits, L2 is no smaller than L1.  false:
 * error (CACHE_ERROR bytes) has a sentence that names the level. */
bool cache_shape_check(const struct cache_shape *s, char *error);

enum cache_place { CACHE_L1, CACHE_L2, CACHE_MEMORY };

struct cache_sets {
	uint64_t *tag;
	uint32_t sets, ways;
}; /* in each set the line used last comes first; 0: empty */
struct cache {
	struct cache_shape shape;
	unsigned shift; /* log2 of the line */
	struct cache_sets l1, l2;
};

/* An empty cache of a shape that has been checked.  false: no memory; c is then released. */
bool cache_init(struct cache *c, const struct cache_shape *s);
void cache_release(struct cache *c);
/* to becomes what from is; to is zeroed or was a cache before.  false: no memory. */
bool cache_copy(struct cache *to, const struct cache *from);
/* Reads or writes size bytes (1..CACHE_WORD) at addr, which is not 0; says where they were found: of two
 * lines, where the farther one was. */
enum cache_place cache_access(struct cache *c, uint64_t addr, unsigned size);
/* Where the line that holds addr is, without touching it. */
enum cache_place cache_where(const struct cache *c, uint64_t addr);
/* Bytes that a cache of this shape takes in the host. */
size_t cache_bytes(const struct cache_shape *s);

#endif
