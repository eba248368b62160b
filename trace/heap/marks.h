/* The collector's colours: which objects it has marked at a step, out of the events of its cycle.
 *
 *     white   not reached yet; once marking is over: dead, and about to be swept
 *     grey    marked, and not scanned yet
 *     black   scanned, or born while the collector marks
 *
 * Grey turns black when another object's scan begins: Go's workers take the object that was marked last, and
 * the events `shade` tell in which object the pointer lay that led to each.  Cycles are found, and the marks
 * of the one around a step are read, piece by piece.
 */
#ifndef TRACE_MARKS_H
#define TRACE_MARKS_H

#include "trace/base/addresses.h"
#include "trace/record/walk.h"

enum colour { COLOUR_NONE, COLOUR_WHITE, COLOUR_GREY, COLOUR_BLACK, COLOUR_DEAD };
extern const char *const colour_name[]; /* "none", "white", ...: of JSON */

/* Bytes from object to object; a word for a stack. */
uint64_t span_stride(const struct span_row *s);
/* Where the place of the object begins that addr, in the span, belongs to. */
uint64_t span_object_base(const struct span_row *s, uint64_t addr);

struct gc_cycle {
	uint64_t on, off, end;
}; /* steps: marking begins, ends; the sweep is over.  0: not yet */

struct mark {
	uint64_t base;        /* of the object: where its place in the span begins */
	uint64_t step, black; /* marked; scanned, UINT64_MAX: not yet */
	bool stack;           /* a variable there */
	uint32_t heap;        /* marks up to this one that are not on a stack */
};

struct marks {
	struct source *source; /* borrowed */
	uint64_t steps;        /* that the source had */
	struct gc_cycle *cycle;
	size_t cycles, cycles_cap;
	uint64_t next; /* the step from which on cycles are looked for; 0: all are known */
	/* of one cycle */
	size_t at;             /* which; SIZE_MAX: none */
	uint64_t at_next;      /* the step from which on its events are read; 0: all are */
	struct span_row *span; /* live in it, by address */
	size_t spans;
	struct mark *mark; /* in the order of their steps */
	size_t marks, marks_cap;
	struct addresses index; /* of a mark, + 1, by the object's base */
	uint64_t *black;        /* steps at which one became black, in order */
	size_t blacks, blacks_cap;
	uint32_t *grey; /* stack of marks: those that wait */
	size_t greys, greys_cap;
	struct {
		uint64_t addr, size;
		uint32_t mark;
		bool on;
	} scanned;      /* the object that is being scanned */
	uint64_t *size; /* of each mark's object, for `scanned` */
	size_t size_cap;
	struct walk walk;
	bool failed; /* source->error says why */
};

void marks_init(struct marks *m, struct source *s);
void marks_release(struct marks *m);
/* Works for some milliseconds on what is to be known at step.  false: it is known, or failed. */
bool marks_work(struct marks *m, uint64_t step);
bool marks_busy(const struct marks *m, uint64_t step);
/* The cycle that step is in (its marking has begun and its sweep is not over), or NULL.  What follows is
 * about it. */
const struct gc_cycle *marks_cycle(const struct marks *m, uint64_t step);
enum colour marks_colour(const struct marks *m, uint64_t step, uint64_t base);
/* Objects marked and scanned up to step; stack variables are not counted. */
void marks_count(const struct marks *m, uint64_t step, uint64_t *ret_marked, uint64_t *ret_black);

#endif
