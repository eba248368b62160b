/* Bookmarks: steps with words, kept in a file beside the trace.
 *
 * The file is text, a bookmark a line: the step, a blank, the words.  The line behind it tells where that is
 * in the recording, so that the bookmark keeps its place when the workload is edited:
 *
 *     390 fig is put
 *     at 390 13 insert 1 2 put fig 13      (operation 13, 2 steps behind the first phase insert of it)
 *
 * Lines that are neither (a comment, something newer) are kept as they are.  TRACE.bookmarks is written
 * beside the trace; where that cannot be, under $XDG_STATE_HOME/mapscope (~/.local/state/mapscope).  A file
 * there is read instead of the one beside the trace: it is the newer one. Files come from others too, so
 * words are anything.
 */
#ifndef UI_BOOKMARKS_H
#define UI_BOOKMARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct source;

enum { BOOKMARK_TEXT = 240, ANCHOR_TEXT = 120, BOOKMARKS_MOST = 10000, BOOKMARKS_ERROR = 400 };

/* Where a step is, in words that outlast an edit: an operation, a phase of it, and steps behind that. */
struct anchor {
	uint64_t op;         /* 0: it is not known */
	unsigned phase, nth; /* enum phase, and which one of that kind, from 1; PHASE_NONE: the operation */
	uint64_t event;
	char text[ANCHOR_TEXT]; /* of the operation: "put fig 13" */
};

struct bookmark {
	uint64_t step;
	char words[BOOKMARK_TEXT];
	struct anchor at;
};

struct bookmarks {
	struct bookmark *mark; /* in the order of steps */
	size_t count;
	char **other; /* lines that are no bookmarks */
	size_t others;
	char *beside, *state; /* paths, NULL: not there */
	char *old;            /* of an earlier version, which is read where there is no other */
	struct source
		*source; /* borrowed, set by its owner before each call; NULL: steps are what they are */
	bool unsaved;    /* some are only in memory */
	bool fleeting;   /* all stay there: the file is read, never written */
	char error[BOOKMARKS_ERROR];
};

/* trace: the path of a trace file, or NULL; name: of a recording in memory, the whole path of its workload,
 * or NULL.  With neither nothing is kept in a file. */
void bookmarks_init(struct bookmarks *n, const char *trace, const char *name);
void bookmarks_release(struct bookmarks *n);
/* Reads the file.  A missing one is empty.  false: error says why. */
bool bookmarks_load(struct bookmarks *n);
/* Sets the words of a step (NULL: deletes it) and writes the file, after reading what others have written to
 * it since. false: error says why; it is set in memory nevertheless. */
bool bookmarks_set(struct bookmarks *n, uint64_t step, const char *words);
/* The path of the file that they are in, or would be; NULL: they are in no file. */
const char *bookmarks_path(const struct bookmarks *n);
/* The bookmark of a step, or NULL. */
const struct bookmark *bookmarks_at(const struct bookmarks *n, uint64_t step);
/* The nearest one behind a step, or before it; 0: none.  (Step 0 needs no bookmark.) */
uint64_t bookmarks_near(const struct bookmarks *n, uint64_t step, bool backwards);

#endif
