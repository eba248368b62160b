/* What the files of the views share. */
#ifndef UI_VIEWS_PRIVATE_H
#define UI_VIEWS_PRIVATE_H

#include "ui/panel/panel.h"

/* The rows between hmap and sentence. */
typedef void views_body(struct replay *r, const struct frame *f, struct rect body);
typedef bool views_keys(struct replay *r, const struct scene *s, enum action a, uint64_t n);

views_body account_draw, sync_draw, overview_draw, bucket_draw, bytes_draw, hash_draw, code_draw, events_draw, timeline_draw, plots_draw, measure_draw, sharing_draw, hmap_draw,
	cache_draw, spans_draw, legend_draw;
views_keys sync_key, overview_key, bucket_key, bytes_key, events_key, timeline_key, sharing_key, hmap_key, cache_key, spans_key, legend_key;
bool overview_work(struct replay *r), overview_view_busy(const struct replay *r);
bool bytes_work(struct replay *r), bytes_busy(const struct replay *r);
/* The list of writes to the byte that was asked about; the row that is selected; its cache line in time. */
void who_draw(const struct frame *f, struct rect r);
size_t who_row(const struct views *v, uint64_t step);
void who_line(const struct frame *f, struct rect r);
/* The bytes of the hmap or its mapextra with their fields, and a cursor (past its end: none), under a rule; returns how many rows that
 * takes, which are drawn only when r has them. */
int sheet_draw(struct replay *r, const struct frame *f, struct rect area, enum object_kind kind, uint32_t cursor);
bool plots_work(struct replay *r), plots_busy(const struct replay *r);
bool account_view_work(struct replay *r), account_view_busy(const struct replay *r);
bool sharing_work(struct replay *r), sharing_busy(const struct replay *r);
bool measure_work(struct replay *r), measure_busy(const struct replay *r);
/* One plot of so many columns of cells behind PLOT_LABEL others; now: the column of the operation in sight, -1: none. */
enum { PLOT_LABEL = 9 };
/* Makes the columns of plots in r lead to their operations, from its second row on. */
void views_plot_spots(const struct frame *f, struct rect r, int columns);
void views_plot(const struct frame *f, struct rect r, const struct series *s, enum series_kind k, int columns, int now);
bool spans_work(struct replay *r), spans_busy(const struct replay *r);
bool cache_work(struct replay *r), cache_busy(const struct replay *r);

/* A rule with a title, reverse when the arrows are here, and words at its right end. */
void views_rule(const struct frame *f, struct rect r, int y, bool focus, const char *title, const char *right);
/* The border between two columns: x is the left one's end. */
void views_border(const struct frame *f, struct rect r, int x);
/* Words wrapped into rows y.. of r, at most rows of them; returns the row after the last. */
int views_words(const struct frame *f, struct rect r, int y, int rows, style st, const char *words);
/* Makes the timeline of all operations ready for a width. */
void views_timeline(struct replay *r, int columns);
/* The column of operation op in a timeline of f drawn into r. */
int timeline_column(const struct frame *f, struct rect r, uint64_t op);
/* Pseudo-code of function fn into r; the one that runs is code_running: below CODE_FUNCTIONS, or that number, the clear,
 * which has no place of its own on a screen of all. */
enum { CODE_FUNCTIONS = 6, CODE_ROWS = 15 };
int code_running(const struct scene *s);
void code_listing(const struct frame *f, struct rect r, int fn);
/* The line that a scene stands at, "assign 12"; "" where it is at none. */
void code_stand(const struct scene *s, char *out, size_t cap);
/* The steps of the operation with the lines they stand at. */
void code_steps(struct replay *r, const struct frame *f, struct rect area);
/* Of a sync.Map: its functions and those of its maps into n rects. */
bool code_sync(const struct scene *s);
void code_sync_draw(const struct frame *f, const struct rect *r, int n);
/* The numbers of the scene's map over operations: those worked out before, else they are asked for. */
struct series *views_series(struct replay *r, const struct scene *s);
/* Digits of a number. */
int views_digits(uint64_t v);
/* The scene of the step in sight, for keys. */
void views_scene(struct replay *r, struct scene *s);

#endif
