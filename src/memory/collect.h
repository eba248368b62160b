/* The collector: marks what can be reached from the program's variables, frees the rest.
 *
 *     collect_begin ─▶ operations, whose pointer writes pass the write barrier ─▶ collect_end
 *
 * Real: what is a root, what is reached, what the barrier shades, that new objects are born marked, which
 * objects are freed and in which order spans are swept.  A model: Go's mark workers run beside the program;
 * here they do all their work at the end, as late as they may, so that all shading in between is the
 * barrier's.  And Go's barrier puts the two pointers into a buffer of its P (512 words), to be shaded when it
 * is full or marking ends; here they are shaded at once.
 *
 * Which stores pass the barrier was read off the compiled runtime of each release (go tool objdump:
 * gcWriteBarrier, typedmemmove, memclrHasPointers in map*.go): all stores of pointers but those to a frame of
 * the storing function.
 *
 * Facts: runtime/mgc.go, mgcmark.go, mbarrier.go, mwbbuf.go of Go 1.19.8, 1.22.12 and 1.23.5.
 */
#ifndef SRC_COLLECT_H
#define SRC_COLLECT_H

#include "src/memory/arena.h"

/* What the program's variables refer to, besides frames on the stack (hmaps and hiters there), which are
 * roots by themselves. */
struct roots {
	const uint64_t *object; /* addresses, 0 for none */
	size_t objects;
	/* Visits the address of each pointer in a block, whatever its kind of map has in it.  false: it is no
	 * block of a map's own, and its role tells all (a text, a box, a struct of pointers). */
	bool (*points)(void *arg, const struct block *b, void (*pointer)(void *to, uint64_t addr), void *to);
	void *arg;
};

/* The mark phase begins: nothing is marked but the roots, which are emitted and wait to be scanned. */
void collect_begin(struct arena *a, const struct roots *r);
/* Marks everything that can be reached and sweeps; without collect_begin that comes first.  Counts the
 * objects freed and the bytes they were asked for. */
void collect_end(struct arena *a, const struct roots *r, uint64_t *ret_blocks, uint64_t *ret_bytes);

/* Marks the object that addr points into, if it is white and not on a stack; it is emitted, with the
 * pointer's address `from`, and will be scanned.  true: it was white. */
bool collect_shade(struct arena *a, uint64_t addr, uint64_t from, enum shade_reason reason);

#endif
