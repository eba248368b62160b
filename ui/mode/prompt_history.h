/* Lines typed in earlier sessions: the history of a prompt, kept in a file of the state folder, a line each.
 *
 * Lines are added at the file's end as they are entered, so that two sessions at once, or one that is killed,
 * lose none. They may hold the keys of somebody's program: the file is for its owner only.  What cannot be
 * read or written is left out without a word: a session goes on without them.
 */
#ifndef UI_PROMPT_HISTORY_H
#define UI_PROMPT_HISTORY_H

#include "ui/state/prompt.h"

/* Puts the newest lines of the file into the prompt's history.  A file that has grown long is cut down to
 * these. */
void prompt_history_load(struct prompt *p, const char *name);
void prompt_history_add(const char *name, const char *line);

#endif
