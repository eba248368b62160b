/* A line being typed: the small editor of every prompt.  Pure: keys in, text and cursor out.
 *
 * Keys: characters, Left Right Home End (C-b C-f C-a C-e), BSpace Delete (C-h C-d), C-w word, C-u to the
 * start, C-k to the end, Up Down (C-p C-n) history, Enter, Escape (C-c C-g), Tab is left to the owner.
 */
#ifndef UI_PROMPT_H
#define UI_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

enum { PROMPT_MAX = 400, PROMPT_HISTORY = 100 };

struct prompt {
	char text[PROMPT_MAX]; /* UTF-8, always terminated */
	size_t length, cursor; /* bytes */
	char *history[PROMPT_HISTORY];
	int lines, line;       /* history: how many, the one shown (lines: the new one) */
	bool fresh;            /* the line entered last was new to it */
	char kept[PROMPT_MAX]; /* what was typed before Up */
};

enum prompt_result { PROMPT_MORE, PROMPT_DONE, PROMPT_LEFT, PROMPT_TAB };

void prompt_init(struct prompt *p);
void prompt_release(struct prompt *p);
/* Begins with text. */
void prompt_start(struct prompt *p, const char *text);
/* PROMPT_DONE: the text is what was entered and has been added to the history. */
enum prompt_result prompt_key(struct prompt *p, int key);
/* Puts UTF-8 text in at the cursor; what does not fit is left out whole. */
void prompt_insert(struct prompt *p, const char *text);
/* The same in place of the n bytes before the cursor. */
void prompt_replace(struct prompt *p, size_t n, const char *text);
/* Adds a line to the history, unless it is empty or the newest one already.  true: it was added. */
bool prompt_remember(struct prompt *p, const char *line);

#endif
