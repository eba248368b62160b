/* A search that is under way: for a marker, for words, for a change of what is watched.  It goes on piece by
 * piece while its user does other things, and ends in a step or in none.
 */
#ifndef UI_JOB_H
#define UI_JOB_H

#include "ui/find/marker.h"
#include "ui/find/bookmarks.h"
#include "ui/find/search.h"
#include "ui/find/watch.h"

enum job_kind { JOB_NONE, JOB_MARKER, JOB_SEARCH, JOB_WATCH };

struct job {
	enum job_kind kind;
	struct source *source; /* borrowed */
	bool backwards;
	uint64_t start; /* where it began */
	uint64_t left;  /* matches to find, this one included */
	uint64_t at;    /* the match before, or start */
	uint64_t best;  /* a match that was found without scanning, 0: none */
	uint64_t op;    /* JOB_SEARCH: the next operation to look at, 0: that is done */
	uint64_t op_from;
	bool scanning; /* the scan has been started for this match */
	uint64_t found;
	struct scan scan;
	unsigned markers;
	const struct bookmarks *bookmarks; /* borrowed */
	struct search search;
	struct watch watch;
};

void job_release(struct job *j);
/* Each begins at a step, for the n-th match from there, and forgets what was under way. */
void job_marker(struct job *j, struct source *s, unsigned markers, const struct bookmarks *bookmarks,
	uint64_t from, uint64_t n, bool backwards);
void job_search(
	struct job *j, struct source *s, const struct search *q, uint64_t from, uint64_t n, bool backwards);
void job_watch(
	struct job *j, struct source *s, const struct watch *w, uint64_t from, uint64_t n, bool backwards);
void job_stop(struct job *j);
static inline bool job_busy(const struct job *j)
{
	return j->kind != JOB_NONE;
}
/* A piece of some milliseconds at most.  SCAN_FOUND: found is the step; SCAN_END: there is none; SCAN_FAILED:
 * source->error says why.  Then it is over. */
enum scan_state job_piece(struct job *j);
/* 0..99 */
unsigned job_percent(const struct job *j);

#endif
