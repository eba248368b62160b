/* The memory accesses that a step stands for, word by word: what a cache sees of it.
 *
 * - An event of the role read is a read of its size bytes at addr; `write` is a write of them.
 * - `move` reads the slot that moves: its key, then its elem, as they stand in the bucket.
 * - `alloc` and `free` are none: whether the allocator zeroes a block then, or got it zeroed from the system,
 * is not the map's business; who counts may count the bytes apart (trace/cache/traffic.h does).
 * - A machine loads and stores 1, 2, 4 or 8 bytes.  What is larger, or between, is divided from its first
 * byte on: as many words of 8 as there are, then 4, 2, 1.  So an hmap of 48 bytes is six accesses, a string
 * key two, 7 bytes three; and only a word itself can lie over the border of two cache lines, as some of a
 * [5]byte key's do.
 *
 * Code compiled for amd64 may copy 16 or 32 bytes at once and keep in registers what the model reads again:
 * this is a model of the algorithm's accesses, not of a compiler's.
 */
#ifndef TRACE_ACCESS_H
#define TRACE_ACCESS_H

#include "trace/record/source.h"
#include "trace/map/kind.h"

enum {
	ACCESS_WORD = 8,
	ACCESS_MOST = 1 << 20 /* bytes of a type, at most: an event of more is of a damaged trace, and none */
};

/* One word: size is 1, 2, 4 or 8. */
typedef void access_take(void *context, uint64_t addr, unsigned size, bool write);

/* For the types of moved slots.  All zero but the source (borrowed) at first. */
struct access_types {
	const struct source *source;
	uint32_t map; /* that view is of; 0: none yet */
	struct map_view view;
	unsigned slots; /* of a group */
};

/* Calls take for each word of the event, in order. */
void access_each(struct access_types *t, const struct event *e, access_take *take, void *context);

#endif
