/* What is worked out in the background.  A view names the passes that it needs, and what it asks of them;
 * control asks before it draws, gives them time between frames, and releases them.  While something is drawn
 * nothing is asked.
 *
 *     struct question ──passes_ask──▶ struct passes ◀──passes_work, slice by slice── control
 *                                          │
 *                                          └── const, as far as it is known ──▶ what is drawn
 */
#ifndef UI_PASSES_H
#define UI_PASSES_H

#include "ui/pass/account.h"
#include "ui/pass/cache.h"
#include "ui/pass/false_positives.h"
#include "ui/pass/history.h"
#include "ui/pass/overview.h"
#include "ui/pass/series.h"
#include "ui/pass/sharing.h"
#include "ui/pass/timeline.h"
#include "ui/pass/words.h"

#include "trace/heap/spanmap.h"

enum pass_id {
#define PASS(NAME, name) PASS_##NAME,
#include "ui/pass/passes.def"
#undef PASS
	PASSES
};
/* Sets of passes: bits. */
enum {
#define PASS(NAME, name) NEEDS_##NAME = 1 << PASS_##NAME,
#include "ui/pass/passes.def"
#undef PASS
	NEEDS_NOTHING = 0
};

struct scene;
/* What is to be known.  Control fills in the first part for every frame, a view the second. */
struct question {
	struct player *player; /* at the step in sight; the recording is its source */
	const struct scene *scene;
	const struct cache_shape *caches;
	uint64_t before; /* the step before the operation; the step itself where there is none */
	uint32_t map;    /* in sight, 0: none */

	unsigned passes; /* a set of them */
	struct {
		uint64_t addr;
		unsigned size;
		bool number;
	} history; /* size 0: not asked; number: values are read in base 10 */
	struct {
		uint64_t lo;
		uint32_t size;
		int columns;
	} line; /* size 0: not asked */
	struct {
		uint64_t lo, hi;
		int columns;
	} timeline;                       /* hi 0: all operations */
	const struct series_kind *series; /* of the kind of the map; NULL: those of all kinds */
	const struct control_kind
		*controls; /* of the map, whose false positives are counted; NULL: not asked */
	const struct overview_kind *overview; /* NULL: not asked */
	struct words_question words;
};

struct passes {
	struct timeline timeline;
	struct overview overview;
	struct history history;
	bool history_number;
	struct pass line, cache, sharing, false_positives;
	struct pass series[SERIES_KEPT]; /* of the maps looked at last, so that a trace with several is not
					    worked out at each change */
	int series_at;                   /* of the map in sight */
	struct account_time account;
	struct spanmap spans;
	struct marks marks;
	uint64_t marks_step; /* that they are about */
	struct words words;
};

void passes_release(struct passes *p);
void passes_ask(struct passes *p, const struct question *q);
/* Works for some milliseconds on one of a set; the scene is that of the step in sight.  false: nothing is
 * left to do. */
bool passes_work(struct passes *p, unsigned set, const struct scene *s);
bool passes_busy(const struct passes *p, unsigned set);
/* What was asked for is not wanted any more, as far as it can be stopped. */
void passes_stop(struct passes *p, unsigned set);
static inline const struct pass *passes_series(const struct passes *p)
{
	return &p->series[p->series_at];
}

#endif
