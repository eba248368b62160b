/* The memory that engines work on: a reserved region that stands for Go's heap at 0xc000000000, with Go's size classes
 * and spans under it.  Nothing else that an engine does is visible: pictures, traces and proofs look at these bytes.
 *
 * A Go address and its host pointer differ by a constant (arena_host), so an engine may use plain loads and stores; the
 * recording engine reports every change to the sink.  What is real: the sizes given, objects' places in their spans,
 * addresses modulo the class and modulo 64.  What is a model: which span comes first, and the absolute addresses.
 */
#ifndef SRC_ARENA_H
#define SRC_ARENA_H

#include "../trace/image.h"
#include "../trace/sink.h"
#include "sizeclass.h"

#define HEAP_BASE UINT64_C(0xc000000000)

/* A run of pages that holds objects of one class, or one large object. */
struct span {
	uint64_t start;          /* Go address */
	uint64_t pages;
	uint32_t class;          /* 0: one large object */
	bool pointers, headers;
	uint64_t stride;         /* bytes from object to object */
	uint32_t objects, live;  /* how many fit, how many are allocated */
	uint32_t next;           /* no free object lies before this one */
	struct object *object;   /* objects of them */
};

struct object {
	uint64_t size;           /* asked for; 0: free */
	uint64_t rounded;
	uint16_t map;
	uint8_t role;
	bool marked;             /* by the collector */
};

enum { SPAN_KINDS = SIZE_CLASSES * 4 };

struct arena {
	uint8_t *base;           /* host address of HEAP_BASE */
	uint64_t reserved, used; /* bytes */
	struct sink *sink;       /* NULL: nothing is recorded */
	uint16_t map;            /* whose allocations follow */
	struct span **span;      /* by address */
	size_t spans, spans_cap;
	struct span *current[SPAN_KINDS];
	struct span **page;      /* page number -> span, used/PAGE_SIZE of them */
	size_t pages_cap;
	size_t free_large;       /* spans of freed large objects */
	struct memory memory;    /* for the sink's keyframes */
	struct reader reader;
	bool exhausted;          /* an allocation failed: everything after it got the same useless block */
};

/* false: no memory could be reserved.  The arena must stay where it is. */
bool arena_init(struct arena *a, struct sink *sink);
void arena_release(struct arena *a);

/* Zeroed memory for size bytes as Go's mallocgc gives it; headers: the map's release has malloc headers.  0 bytes give
 * the runtime's zerobase.  When the region is full exhausted is set and the address is 0. */
uint64_t arena_alloc(struct arena *a, uint64_t size, bool pointers, bool headers, enum block_role role);
/* The address that arena_alloc would give next for such a block. */
uint64_t arena_peek(struct arena *a, uint64_t size, bool pointers, bool headers);
/* Frees the block at addr, which arena_alloc gave. */
void arena_free(struct arena *a, uint64_t addr);
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

void arena_unmark_all(struct arena *a);
/* Marks the object that contains addr.  true: it was not marked before, and *ret (may be NULL) is its block. */
bool arena_mark(struct arena *a, uint64_t addr, struct block *ret);
/* Frees every object that is not marked; counts blocks and bytes. */
void arena_sweep(struct arena *a, uint64_t *ret_blocks, uint64_t *ret_bytes);

#endif
