/* One driver for all that is folded over the events of a recording: a model that is a function of the
 * events 1..step.
 *
 * A pass is a table of functions (struct pass_info) for a state; the driver owns the rest:
 *
 *     step 1 ──────copy──────copy──────copy────near──── at ─ ─ ─ ▶ wanted          end of the recording
 *
 *     pass_go       names the step whose state is wanted; any step, in any order, also in what has been
 *                   recorded since
 *     pass_work     a slice: one chunk, a fraction of a millisecond to some of them; between two slices the
 *                   caller does other things, or goes elsewhere, or stops for good
 *     pass_known    the state after exactly the step that is wanted, once it is there.  So a state does not
 *                   depend on the way that led to it
 *
 * A way back begins at a copy.  Copies are kept every so many steps, twice as many whenever they take too
 * much memory, and one at the beginning of the chunk that the step is in, so that single steps back are
 * cheap.  A pass that is only ever taken forwards can go without: copy is NULL, and a way back begins at
 * step 1.
 *
 * A source that fails, or memory that runs out, ends a pass: pass_work says PASS_FAILED once, and the pass
 * asks the source for nothing more; pass_failure keeps the sentence.
 */
#ifndef TRACE_PASS_H
#define TRACE_PASS_H

#include "trace/record/walk.h"

struct pass_info {
	size_t size;  /* bytes of a state */
	size_t about; /* bytes of what all states of a pass share: what was asked, and what only grows */
	/* The state before step 1; it is all zero before.  about: the pass's; a state may point to it.  NULL:
	 * the zeros will do.  false: no memory; what the state owns then is released all the same. */
	bool (*init)(void *state, struct source *source, void *about);
	/* n >= 1 events that follow on the ones before, the first at step.  Returns how many of them were
	 * taken: fewer than n when these are enough for a slice; 0: no memory. */
	uint32_t (*events)(void *state, const struct event *e, uint32_t n, uint64_t step);
	/* to (all zero, or a state) becomes what from is.  false: no memory; then to may be released, and
	 * nothing else. */
	bool (*copy)(void *to, const void *from);
	size_t (*bytes)(const void *state); /* that a copy takes; NULL: size */
	void (*release)(void *state);       /* what the state owns, not the state; NULL: it owns nothing */
	void (*end)(void *about);           /* what about owns; NULL: it owns nothing */
	uint64_t apart;                     /* steps from copy to copy, at least; 0: PASS_APART */
	/* The kinds of events that matter: chunks without them are passed over.  NULL: all. */
	struct kind_set (*kinds)(const void *about);
};

enum { PASS_COPIES = 128, PASS_BYTES = 64 << 20 /* of all copies */ };
enum { PASS_APART = 4 * 4096 /* steps from copy to copy, at least, of a pass that says nothing else */ };

enum pass_state { PASS_DONE, PASS_MORE, PASS_FAILED };

struct pass_copy {
	uint64_t step;
	void *state;
};

struct pass {
	const struct pass_info *info; /* NULL: it has not begun */
	struct walk walk;
	void *about; /* owned */
	void *state; /* after step at; owned */
	uint64_t at, wanted;
	uint64_t steps; /* that the source had when it was last asked to go anywhere */
	struct pass_copy copy[PASS_COPIES], near; /* by step; near: state NULL when there is none */
	size_t copies, bytes;                     /* how many, and what they take */
	uint64_t apart;
	struct kind_set kinds;
	bool failed;
	char error[512]; /* when failed */
};

/* Begins at step 0, with nothing wanted; p is all zero, or a pass, which is released.  info and source are
 * borrowed until pass_release, about is copied.  A struct pass may be moved. */
void pass_begin(struct pass *p, const struct pass_info *info, struct source *source, const void *about);
/* Frees what it owns and makes it all zero. */
void pass_release(struct pass *p);
/* Is it one over this source, which has not lost steps since? */
bool pass_reads(const struct pass *p, const struct source *source);
/* Wants the state after a step (clamped to the recording's), and does at most so many slices for it at once.
 */
void pass_go(struct pass *p, uint64_t step, int slices);
/* A slice.  PASS_MORE: work is left; PASS_FAILED: it failed just now. */
enum pass_state pass_work(struct pass *p);
/* Of the way to the step that is wanted, 0..100. */
unsigned pass_percent(const struct pass *p);

static inline bool pass_busy(const struct pass *p)
{
	return p->info && !p->failed && p->at != p->wanted;
}
/* The state after the step that is wanted; NULL: it is not known yet, or cannot be. */
static inline const void *pass_known(const struct pass *p)
{
	return p->info && !p->failed && p->at == p->wanted ? p->state : NULL;
}
/* The state after step p->at, wherever that is.  NULL: the pass has not begun. */
static inline const void *pass_state(const struct pass *p)
{
	return p->state;
}
/* Why it failed; NULL: it has not. */
static inline const char *pass_failure(const struct pass *p)
{
	return p->failed ? p->error : NULL;
}

#endif
