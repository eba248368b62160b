/* The views: what can stand in the middle of the screen in place of the default panels, which one is open, and what its
 * user has done in it.
 *
 *     key ──▶ views_key ──▶ struct views ──▶ views_draw ──▶ grid
 *                               ▲
 *     time ──▶ views_work ──────┘   what takes long is worked out in slices, and drawn as far as it is known
 *
 * A view is a row of the table in views.c: its name, its key, and the functions that draw it and answer keys.
 */
#ifndef UI_VIEWS_H
#define UI_VIEWS_H

#include "ui/pass/cache.h"
#include "ui/pass/sharing.h"
#include "ui/pass/false_positives.h"
#include "ui/grid/grid.h"
#include "ui/pass/history.h"
#include "ui/state/keys.h"
#include "ui/pass/account.h"
#include "ui/scene/object.h"
#include "ui/pass/overview.h"
#include "ui/pass/series.h"
#include "ui/scene/scene.h"

#include "trace/heap/spanmap.h"

enum view { VIEW_DEFAULT, VIEW_OVERVIEW, VIEW_BUCKET, VIEW_BYTES, VIEW_HASH, VIEW_CODE, VIEW_EVENTS, VIEW_TIMELINE, VIEW_PLOTS,
	VIEW_MEASURE, VIEW_ACCOUNT, VIEW_SHARING, VIEW_HMAP, VIEW_CACHE, VIEW_SYNC, VIEW_SPANS, VIEW_LEGEND, VIEWS };

enum { TIMELINE_CELLS = 256 };
/* A timeline's cells, asked of the source once for a range and a width. */
struct timeline { size_t n; uint64_t lo, hi; struct timeline_cell cell[TIMELINE_CELLS]; bool ok; };

#define WHO_NOW SIZE_MAX

struct views {
	enum view open;
	/* bytes */
	enum object_kind object;
	bool byte_held;            /* else the cursor follows the step */
	uint32_t byte;             /* the cursor: offset in the object */
	bool who_focus;            /* arrows move in the list of writes */
	size_t who_row;            /* WHO_NOW: that of the step in sight */
	bool who_number;           /* the values written are read as numbers of base 10 */
	struct history history;
	struct line_history line;
	/* overview */
	struct overview overview;
	int zoom;                  /* how often + has been pressed */
	int overview_rows;         /* of the last frame, for the arrows */
	bool cell_held;            /* the bucket in focus: where its user put it, else that of the step */
	enum which_array cell_array;
	uint64_t cell;
	/* timeline */
	uint64_t op;               /* the cursor; 0: it is at the step */
	int op_zoom;
	struct timeline timeline;
	/* plots */
	struct series series[SERIES_KEPT]; /* of the maps looked at last, so that a trace with several is not worked out at each change */
	int series_at;             /* of the map in sight */
	/* memory account */
	struct ledger ledger;
	/* false sharing */
	struct coherence coherence;
	bool line_held;            /* the line in focus: where its user put it, else that of the step */
	uint32_t line_focus;       /* its number in the model */
	/* measured against theory */
	struct doubts doubts;
	/* cache */
	struct cacherun cacherun;
	/* sync.Map */
	uint64_t sync_row;         /* the first row of the table, from 1; 0: it follows the step */
	/* spans */
	struct spanmap spans;
	struct marks marks;
	uint64_t span_step;        /* that they are about */
	bool span_held;            /* the span in focus: where its user put it, else that of the step */
	uint64_t span;             /* its address */
	int span_columns;          /* cells a row of the last frame, and pages a cell: for the arrows */
	uint64_t span_each;
	/* hmap */
	int field;                 /* in focus */
	/* legend */
	int legend_from, legend_last; /* the row it begins with, and the last it can begin with */
};

struct replay;
struct frame;

void views_release(struct views *v);
/* What a key does to the view that is open.  false: it is no key of the view. */
bool views_key(struct replay *r, enum action a, uint64_t n);
/* Draws the whole frame of the open view; the scene is that of the frame. */
void views_draw(struct replay *r, struct grid *g, const struct scene *s);
/* Works for some milliseconds on what takes long.  false: nothing is left to do. */
bool views_work(struct replay *r);
bool views_busy(const struct replay *r);
/* The line map of the default panels has a cursor on a byte too, the same one: it moves; Enter opens the view of bytes there. */
void byte_move(struct replay *r, const struct scene *s, enum action a, uint64_t n);
void byte_open(struct replay *r);
struct watch;
/* What it is on, to be watched. */
void byte_watch(const struct replay *r, const struct scene *s, struct watch *ret);
/* Its offset in the bucket in focus. */
uint32_t byte_in_focus(const struct views *v, const struct scene *s);
/* The name of the open view, for the title; NULL: none is. */
const char *views_name(const struct views *v);

#endif
