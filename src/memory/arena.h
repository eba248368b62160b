/* The memory that engines work on: a reserved region that stands for Go's heap at 0xc000000000, with Go's
 * size classes and spans under it.  Nothing else that an engine does is visible: pictures, traces and proofs
 * look at these bytes.
 *
 * A Go address and its host pointer differ by a constant (arena_host), so an engine may use plain loads and
 * stores; the recording engine reports every change to the sink.  What is real: the sizes given, objects'
 * places in their spans, addresses modulo the class and modulo 64.  What is a model: which span comes first,
 * and the absolute addresses.
 */
#ifndef SRC_ARENA_H
#define SRC_ARENA_H

#include "trace/record/image.h"
#include "trace/record/sink.h"
#include "src/memory/heap.h"

#include <setjmp.h>

#define HEAP_BASE UINT64_C(0xc000000000)

struct arena {
	uint8_t *base;     /* host address of HEAP_BASE */
	uint64_t reserved; /* bytes */
	struct sink *sink; /* NULL: nothing is recorded */
	uint32_t map;      /* whose allocations follow */
	struct heap heap;
	struct block *grey; /* marked and not scanned yet (collect.c); greys of them */
	size_t greys, greys_cap;
	bool marking;         /* the collector's mark phase goes on: what is allocated is born marked */
	struct memory memory; /* for the sink's keyframes */
	struct reader reader;
	jmp_buf *full; /* where to go on when the region is full: see arena_try */
};

/* false: no memory could be reserved.  The arena must stay where it is. */
bool arena_init(struct arena *a, struct sink *sink);
void arena_release(struct arena *a);

/* Runs work(arg).  false: the region was full in the middle of it, and there it was left, as Go leaves a
 * program that is out of memory: what has been written and emitted stays, nothing comes after it.  What work
 * has allocated for itself is lost.  Where nobody tries, a full region ends the program. */
bool arena_try(struct arena *a, void (*work)(void *arg), void *arg);

/* Zeroed memory for size bytes as Go's mallocgc gives it; headers: the map's release has malloc headers.  0
 * bytes give the runtime's zerobase; less than 16 without pointers share a block of the tiny allocator.
 * Never 0: when the region is full, it does not return (see arena_try). */
uint64_t arena_alloc(struct arena *a, uint64_t size, bool pointers, bool headers, enum block_role role);
/* The address that arena_alloc would give next for such a block (at least 16 bytes, at most a small
 * object's). */
uint64_t arena_peek(struct arena *a, uint64_t size, bool pointers, bool headers);

/* A variable on a goroutine's stack: zeroed, aligned to 8 bytes, as deep as it must lie.  The collector does
 * not free it.  That the frames of all of a workload lie on one stack of 32 KiB, and then on another, is a
 * model: Go's stacks begin with 2 KiB and are copied when they grow. */
uint64_t arena_push(struct arena *a, uint64_t size, enum block_role role);
/* Where arena_push would put it. */
uint64_t arena_push_peek(const struct arena *a, uint64_t size);
/* The variable at addr is gone. */
void arena_pop(struct arena *a, uint64_t addr);
bool arena_on_stack(const struct arena *a, uint64_t addr);
/* true when size bytes more would fit. */
bool arena_fits(const struct arena *a, uint64_t size);

static inline void *arena_host(const struct arena *a, uint64_t addr)
{
	return a->base + (addr - HEAP_BASE);
}

static inline uint64_t arena_address(const struct arena *a, const void *host)
{
	return HEAP_BASE + (uint64_t)((const uint8_t *)host - a->base);
}

/* ---- the collector ---- */

/* A mark phase begins: nothing is marked, and what is allocated from now on is. */
void arena_mark_begin(struct arena *a);
/* Marks the object that contains addr.  true: it was not marked before, and *ret (may be NULL) is its block,
 * or the piece of a tiny block that addr is in. */
bool arena_mark(struct arena *a, uint64_t addr, struct block *ret);
/* Would arena_mark mark the object that contains addr?  Never on a stack. */
bool arena_is_white(const struct arena *a, uint64_t addr);
/* The mark phase is over: every span is swept, what is not marked is freed (not on stacks); counts objects
 * and the bytes they were asked for. */
void arena_sweep(struct arena *a, uint64_t *ret_blocks, uint64_t *ret_bytes);

#endif
