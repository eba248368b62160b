/* From a recording to the screen: what the command line may ask of ui/.
 *
 * Everything below works on a struct source and knows neither engine nor SQLite.  A frame is a pure function
 * of (trace, step, step shown before, focus, size, theme); ui_show prints one without a terminal, ui_run puts
 * them on one.  The caller has called setlocale(LC_ALL, "") before: widths and the choice between UTF-8 and
 * ASCII come from the locale.
 */
#ifndef UI_UI_H
#define UI_UI_H

#include "trace/cache/cache.h"
#include "trace/record/source.h"

#include <stdio.h>

enum ui_colour {
	UI_COLOUR_AUTO, /* what the terminal has; none when NO_COLOR is set to something */
	UI_COLOUR_NONE,
	UI_COLOUR_16,
	UI_COLOUR_256
};

/* What can go on where a recording ends, or branches off: the seam to an engine, which this folder knows
 * nothing of. Functions that fail return -1 with a sentence in said. */
enum { UI_WORD = 96 };
struct ui_directive {
	const char *name, *arguments, *sentence;
};
struct ui_engine {
	struct source *source; /* what has been played so far, NULL: nothing.  It grows by run; after taking
				  back or branching off it is another one, and the one before is gone: */
	uint64_t generation;   /* has changed then */
	char saved_as[64];     /* where it will be saved */
	bool unsaved;          /* something was played that is not saved yet */
	/* Carries out a line; `evil` without a bucket means bucket.  *ret_column: where the mistake is, from
	 * 1; 0: nowhere. */
	int (*run)(struct ui_engine *e, const char *line, uint64_t bucket, char *said, size_t cap,
		unsigned *ret_column);
	/* Begins a session after operation op of a recording: runs it again up to there, to the same bytes.
	 * What had been played before is saved first; said gets what there is to say of that, or "". */
	int (*from)(struct ui_engine *e, struct source *s, uint64_t op, char *said, size_t cap);
	int (*save)(struct ui_engine *e, const char *name, char *said, size_t cap);
	/* What the word at the end of text could be, its last *ret_typed bytes: at most n words; returns how
	 * many. */
	size_t (*complete)(
		struct ui_engine *e, const char *text, char (*words)[UI_WORD], size_t n, size_t *ret_typed);
	/* When the map will grow next, in a sentence. */
	void (*growth)(struct ui_engine *e, char *out, size_t cap);
	bool (*directive)(struct ui_engine *e, size_t i, struct ui_directive *ret); /* false: no more */
};

/* All zero is a good choice: the defaults of every field. */
struct ui_options {
	bool ascii; /* only ASCII, also when the locale could do more */
	enum ui_colour colour;
	const char *theme;        /* a name of ui_theme_name(); NULL: auto */
	const char *release_note; /* for the title, as "go1.23 amd64 proved"; NULL: made from the recording */
	bool still;               /* motion=off: play shows one frame an operation */
	bool mouse;
	struct cache_shape caches; /* of the model, checked; line 0: the usual ones */
	unsigned speed;            /* steps a second that playing begins with, a power of two to 1024; 0: 4 */
	const char *
		trace; /* path of the trace's file: bookmarks are kept beside it.  NULL: recorded in memory */
	const char *name; /* of a recording in memory, whose bookmarks are kept under it; NULL: nowhere */
	bool fleeting;    /* bookmarks set are forgotten at the end: no file is written.  ui_show sets it */
	uint64_t step;    /* ui_run begins here (clamped) */
	struct ui_engine *engine; /* NULL: nothing can be played here */
	bool play;                /* begin at the prompt */
	bool history; /* keep what is typed there, and begin with what was typed in earlier sessions */
	struct source *other; /* begin by comparing with this recording; NULL: there is none */
	bool ansi;            /* ui_show puts colours out as escape sequences (colour AUTO: 256) */
};

/* Names of the themes, i from 0; NULL: no more. */
const char *ui_theme_name(int i);

/* The interactive replay, until its user quits.  Returns 0, or -1 with a sentence in s->error (no terminal; a
 * damaged trace does not end it).  The terminal is as before on every way out, signals included. */
int ui_run(struct source *s, const struct ui_options *o);

/* Prints the frame of w columns and h rows at step (clamped to the last), after the keys: their names as in
 * tmux (Right, PageDown, Enter, C-l, x), separated by blanks; NULL: none.  Exactly h lines of w columns.
 * Returns 0, or -1 with a sentence in s->error (a key that does not exist, the trace is unreadable, out
 * cannot be written).  Bookmarks that the keys set are in the frame, not in TRACE.bookmarks; only `s` and
 * `:save` write a file. */
int ui_show(struct source *s, const struct ui_options *o, uint64_t step, int w, int h, const char *keys,
	FILE *out);

/* The sentences that the replay says of steps, as lines of text; steps in order cost least. */
enum { UI_SENTENCE = 1024 };
struct ui_words *ui_words_new(struct source *s);
void ui_words_free(struct ui_words *w);
/* The sentence of a step, cut at cap bytes.  -1: s->error says what is damaged. */
int ui_words_at(struct ui_words *w, uint64_t step, char *out, size_t cap);

#endif
