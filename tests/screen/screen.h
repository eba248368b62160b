/* What the suites of the replay share: recordings made in memory, and a replay of one on a grid, driven by
 * keys.
 */
#ifndef TESTS_SCREEN_H
#define TESTS_SCREEN_H

#include "ui/control/replay.h"

/* Check writes to a pipe at every assertion, passed or not; loops over millions of cells ask this way. */
#define NEED(condition, ...) \
	do { \
		if (!(condition)) \
			ck_abort_msg(__VA_ARGS__); \
	} while (0)

/* The workload of the mock frames. */
extern const char fruit[];

/* A recording of a workload in memory; its caller closes it. */
struct source *record(const char *workload);
/* Records into a trace at path, which is replaced; returns NULL. */
struct source *record_to(const char *path, const char *workload);

struct screen {
	struct source *source, *owned;
	struct replay replay;
	struct grid grid;
};

/* A replay over a recording that stays its caller's; options NULL: none. */
void screen_open(struct screen *c, struct source *s, const struct ui_options *options, int w, int h);
/* The same over a recording of its own. */
void screen_record(struct screen *c, const char *workload, const struct ui_options *options, int w, int h);
void screen_close(struct screen *c);

/* Keys by name, each followed by the work that it has made due and a frame. */
void press(struct screen *c, const char *keys);
/* Types text as it stands, and then keys. */
void type(struct screen *c, const char *text, const char *keys);
/* Does all work that is due, and draws. */
void work(struct screen *c);
/* The step in sight. */
uint64_t at(const struct screen *c);
/* The frame, printed; its caller frees it. */
char *screen_text(const struct screen *c);
bool on_screen(const struct screen *c, const char *words);
/* Forward through all steps and back, with the view's keys: the same cells, whichever way one came. */
void both_ways(const char *workload, int w, int h, const char *view);
/* Where an English text has one of something in the plural, "1 buckets", "1 entries are"; NULL: nowhere. */
const char *wrong_plural(const char *text);
/* Compares a frame, printed, with tests/screen/frames/NAME-WxH.txt; with MAPSCOPE_REGENERATE in the
 * environment writes it there (look at the difference before committing it). */
void golden_text(const char *name, int w, int h, const char *frame);
void golden(const struct screen *c, const char *name);

#endif
