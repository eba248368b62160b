/* The heap at a step: its spans, how full each is, what is wasted where, and in which list of the allocator
 * it is.
 *
 *     rows of spans (source) ──┐
 *     live blocks (image)   ───┴▶ spanmap_at ──▶ span[0..spans-1] by address, spanmap_sum
 *
 * A move by a few steps changes what their events say; a far one counts all live blocks anew.  Which list a
 * span is in follows from the allocator's rules: the one that mcache took last of its class, while it keeps
 * it; else mcentral's full list when no object is free, its partial list when a sweep has freed some.
 */
#ifndef TRACE_SPANMAP_H
#define TRACE_SPANMAP_H

#include "trace/heap/marks.h"
#include "trace/record/player.h"

enum span_place { SPAN_IN_MCACHE, SPAN_IN_PARTIAL, SPAN_IN_FULL, SPAN_IN_STACK, SPAN_PLACES };
extern const char *const span_place_name[SPAN_PLACES]; /* "mcache", "partial", ... */

/* A span at the step. */
struct span_now {
	struct span_row row;
	uint64_t stride;         /* bytes from object to object */
	uint32_t live;           /* objects; stack: variables */
	uint64_t asked, given;   /* bytes of them; given less asked and headers: lost to rounding */
	uint64_t headers;        /* bytes of malloc headers */
	uint32_t by_role[ROLES]; /* live blocks, pieces of tiny ones too */
};

struct spanmap {
	struct source *source; /* borrowed */
	uint64_t steps;        /* that it had when its rows were read */
	uint64_t step;         /* that the rest is about */
	const struct span_row *row;
	const struct mcache_row *mcache;
	size_t rows, mcaches;
	struct span_now *span;
	size_t spans, spans_cap;
	uint64_t cached[2 * 68]; /* by span class: the span that mcache has; 0: none */
	bool ready, failed;      /* failed: source->error, or there was no memory */
};

void spanmap_init(struct spanmap *m, struct source *s);
void spanmap_release(struct spanmap *m);
/* Brings it to the player's step.  -1: failed. */
int spanmap_at(struct spanmap *m, struct player *p);
/* The span that addr lies in; SIZE_MAX: none. */
size_t spanmap_find(const struct spanmap *m, uint64_t addr);
enum span_place spanmap_place(const struct spanmap *m, const struct span_now *s);
/* What most of its live blocks are for; ROLE_NONE: it has none. */
enum block_role span_role(const struct span_now *s);
/* Bytes behind the last object; of them, since 1.22, those of the heap bitmap that a span of small objects
 * with pointers has. */
uint64_t span_tail(const struct span_now *s);
uint64_t span_bitmap(const struct span_now *s);
/* Bytes that objects were given and did not ask for, headers not counted. */
uint64_t span_rounding(const struct span_now *s);

/* An object of a span, or on a stack the variable that begins or goes on in a word. */
struct span_object {
	bool live, continued; /* continued: of a variable that began before */
	uint8_t role;         /* of its first piece */
	uint32_t map;
	unsigned pieces;     /* live ones, of a block of the tiny allocator; else 1 */
	uint64_t base;       /* where its place begins */
	uint64_t addr, size; /* of the block, or of the first piece; size of all pieces */
};
/* Those from..from+n-1 of row.objects. */
void span_objects(const struct span_now *s, const struct reader *mem, uint32_t from, uint32_t n,
	struct span_object *ret);

struct span_sum {
	uint64_t spans, pages, free_pages;          /* free: between the others */
	uint64_t objects, live, place[SPAN_PLACES]; /* objects that fit, stacks not counted; spans by place */
	uint64_t asked, given, rounding, headers, tail, bitmap,
		free;   /* bytes; free: of objects that are not live */
	uint64_t stack; /* bytes of the pages of stacks; asked and so on are without them */
};
void spanmap_sum(const struct spanmap *m, struct span_sum *ret);

#endif
