/* Looks through a recording for an event, piece by piece, so that whoever has the keys can look at them in
 * between.
 *
 * A piece is at most one decoded chunk, about a millisecond.  Chunks that cannot hold a match are passed over
 * by the numbers of their kinds, and where only facts can match the rest of a chunk is not decoded until one
 * does.
 */
#ifndef UI_SCAN_H
#define UI_SCAN_H

#include "trace/record/player.h"
#include "trace/record/walk.h"

struct scan;
/* Is event i of the scan's chunk what is looked for? */
typedef bool scan_match(const void *context, struct scan *s, uint32_t i);
/* May a fact match, whatever else the chunk holds? */
typedef bool scan_match_fact(const void *context, const struct event *e);

struct scan_query {
	struct kind_set kinds; /* a match, or an event right before it, is of one of these */
	scan_match *match;
	scan_match_fact *fact; /* NULL: not only facts can match */
	const void *context;   /* borrowed */
};

enum scan_state { SCAN_MORE, SCAN_FOUND, SCAN_END, SCAN_FAILED };

struct scan {
	struct source *source; /* borrowed */
	struct scan_query query;
	bool backwards;
	uint64_t from, limit; /* steps behind from, before limit are looked at; both are left out */
	uint64_t at;          /* the next step to look at */
	uint64_t found;
	struct player memory; /* of matches that ask for it; source NULL before */
	struct walk walk, before; /* before: at the chunk before walk's, when a match depended on it */
};

/* Begins behind step from (before it, when backwards) and ends before limit is reached. */
void scan_start(struct scan *s, struct source *source, const struct scan_query *q, uint64_t from,
	uint64_t limit, bool backwards);
/* Goes on with the same, from a step further on. */
void scan_again(struct scan *s, uint64_t from, uint64_t limit);
void scan_release(struct scan *s);
/* Does a piece.  SCAN_FOUND: s->found is the step; SCAN_FAILED: source->error says why. */
enum scan_state scan_piece(struct scan *s);
/* How much is done, 0..1. */
double scan_done(const struct scan *s);
/* For matches: memory after event i of the chunk; steps near the one before cost least.  NULL: it cannot be
 * read. */
const struct reader *scan_memory(struct scan *s, uint32_t i);
/* For matches: the event n before event i of the chunk; NULL: there is none. */
const struct event *scan_before(struct scan *s, uint32_t i, unsigned n);

#endif
