/* Bookmarks: steps with words, kept in a file beside the trace.
 *
 * The file is text, a note a line: the step, a blank, the words.  Lines that are none (a comment, something newer) are
 * kept as they are.  TRACE.notes is written beside the trace; where that cannot be, under
 * $XDG_STATE_HOME/mapscope (~/.local/state/mapscope).  A file there is read instead of the one beside the trace: it is the newer one.
 * Files come from others too, so words are anything.
 */
#ifndef UI_NOTES_H
#define UI_NOTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NOTE_WORDS = 240, NOTES_MOST = 10000, NOTES_ERROR = 400 };

struct note { uint64_t step; char words[NOTE_WORDS]; };

struct notes {
	struct note *note;           /* in the order of steps */
	size_t count;
	char **other;                /* lines that are no notes */
	size_t others;
	char *beside, *state;        /* paths, NULL: not there */
	bool unsaved;                /* some are only in memory */
	bool fleeting;               /* all stay there: the file is read, never written */
	char error[NOTES_ERROR];
};

/* trace: the path of a trace file, or NULL; name: of a recording in memory, or NULL.  With neither nothing is kept in
 * a file. */
void notes_init(struct notes *n, const char *trace, const char *name);
void notes_release(struct notes *n);
/* Reads the file.  A missing one is empty.  false: error says why. */
bool notes_load(struct notes *n);
/* Sets the words of a step (NULL: deletes it) and writes the file, after reading what others have written to it since.
 * false: error says why; it is set in memory nevertheless. */
bool notes_set(struct notes *n, uint64_t step, const char *words);
/* The note of a step, or NULL. */
const struct note *notes_at(const struct notes *n, uint64_t step);
/* The nearest one behind a step, or before it; 0: none.  (Step 0 needs no bookmark.) */
uint64_t notes_near(const struct notes *n, uint64_t step, bool backwards);

#endif
