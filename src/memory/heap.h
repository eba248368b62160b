/* Go's allocator under the arena: pages, spans, mcentral, mcache, as Go 1.18 to 1.23 have them.
 *
 *     mallocgc ─▶ mcache (one cached span a span class)
 *              ─▶ mcentral (swept spans: partial, full) ─▶ mheap (pages)
 *
 * Real, and tested against Go (tests/engine/heap.sh): the class a size gets, where objects lie in their span,
 * how many fit, the next free object, the tiny allocator's blocks, malloc headers.  A model: there is one P
 * and one thread; pages are taken address-ordered first fit, without the page cache of a P; sweeping is done
 * at once when the collector ends, in the order in which sweepone takes spans.  So which span comes first,
 * and absolute addresses, are only likely ones.
 *
 * Facts: runtime/malloc.go, mcache.go, mcentral.go, mheap.go, mgcsweep.go, stack.go of Go 1.19.8, 1.22.12
 * and 1.23.5.
 */
#ifndef SRC_HEAP_H
#define SRC_HEAP_H

#include "trace/record/event.h"
#include "trace/go/sizeclass.h"

/* A span class is a size class * 2, + 1 for objects without pointers (noscan), as in the runtime. */
enum { SPAN_CLASSES = SIZE_CLASSES * 2, TINY_CLASS = 5, TINY_SIZE = 16, STACK_PAGES = 4, STACK_WORD = 8 };

struct object {
	uint64_t size; /* bytes asked for; 0: free.  Of a tiny block: TINY_SIZE */
	uint32_t map;  /* whose */
	uint8_t role;  /* enum block_role */
	bool marked;   /* by the collector */
};

/* What lies in a 16-byte block of the tiny allocator's span class: pieces by the offset of their first byte.
 */
struct tiny_block {
	uint8_t size[TINY_SIZE]; /* 0: none starts here */
	uint8_t role[TINY_SIZE];
	uint32_t map[TINY_SIZE];
};

/* A run of pages that holds objects of one class, or one large object, or frames of a goroutine's stack. */
struct mspan {
	uint64_t start, pages;  /* Go address */
	uint8_t spanclass;      /* SPAN_STACK: objects are runs of 8-byte words, object[i] stands for one that
				   starts at i */
	bool headers;           /* its release has malloc headers */
	bool cached;            /* in mcache */
	uint64_t stride;        /* bytes from object to object */
	uint32_t objects, live; /* nelems; allocCount */
	uint32_t next;          /* freeindex: no free object lies before it.  Of a stack: so many free words are
				   not there side by side, 0: not known */
	struct object *object;  /* objects of them */
	struct tiny_block *tiny; /* objects of them, for TINY_CLASS; else NULL */
};

struct span_list {
	struct mspan **item;
	size_t count, cap;
};

struct heap {
	struct mspan **page; /* page number -> span, NULL: free; used of them */
	size_t pages_cap;
	uint64_t used;   /* pages that were ever in use */
	uint64_t search; /* no free page lies before this one */
	uint64_t limit;  /* pages there are */
	/* By span class; [1] for releases with malloc headers: their spans hold other numbers of objects. */
	struct mspan *mcache[2][SPAN_CLASSES];
	struct {
		struct span_list partial, full;
	} mcentral[2][SPAN_CLASSES];
	struct span_list stacks;
	uint64_t tiny,
		tiny_used; /* mcache.tiny, tinyoffset: the block that small noscan objects share; 0: none */
};

void heap_init(struct heap *h, uint64_t bytes);
void heap_release(struct heap *h);

/* Pages for a new span, address-ordered first fit; the caller emits it.  NULL: none are left. */
struct mspan *heap_span_new(struct heap *h, uint64_t pages, uint8_t spanclass, bool headers);
/* A span without live objects gives its pages back; s is freed. */
void heap_span_free(struct heap *h, struct mspan *s);

/* The cached span of a class when it has a free object, else NULL: heap_refill is due. */
struct mspan *heap_cached(const struct heap *h, uint8_t spanclass, bool headers);
/* mcache.refill: the full cached span goes to mcentral, and a span with room comes: a swept one that mcentral
 * has, or a new one.  NULL: no pages are left. */
struct mspan *heap_refill(struct heap *h, uint8_t spanclass, bool headers, enum span_source *ret_source);
/* Where the next object of this class would start, without taking it. */
uint64_t heap_peek(const struct heap *h, uint8_t spanclass, bool headers);
/* Where the next span of so many pages would start. */
uint64_t heap_peek_pages(const struct heap *h, uint64_t pages);
/* nextFreeIndex: the first free object; s->objects when it is full. */
uint32_t mspan_next(struct mspan *s);

/* The span that addr lies in, or NULL. */
struct mspan *heap_span(const struct heap *h, uint64_t addr);
/* The number of the object of s that contains addr.  false: none lives there.  In a tiny block, *ret_piece is
 * the offset of its piece; else 0. */
bool mspan_object(const struct mspan *s, uint64_t addr, uint32_t *ret_i, unsigned *ret_piece);
uint64_t mspan_address(const struct mspan *s, uint32_t i);
bool mspan_is_stack(const struct mspan *s);

/* Sweeping: all spans in the order in which a program with one P was seen to take them
 * (tests/engine/heap.sh): by span class the full ones and the partial ones, the one that came last first, and
 * those in mcache after them.  mcache is empty then and mcentral too: each span that is given must go back by
 * heap_swept or heap_span_free.  The list is the caller's to free. */
struct span_list heap_sweep_begin(struct heap *h);
/* A swept span with live objects goes to mcentral.  true: to its partial list. */
bool heap_swept(struct heap *h, struct mspan *s);

#endif
