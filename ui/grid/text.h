/* Text in columns: UTF-8, widths, cutting, wrapping.
 */
#ifndef UI_TEXT_H
#define UI_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/base/translate.h"
#include "trace/base/utf8.h"

/* Columns of a character: 0 for combining marks, 1 for what the locale does not know. */
int char_width(uint32_t ch);
int text_width(const char *text);

/* Copies text to out so that it takes at most width columns, ending in `…` when it had to be cut. */
void text_fit(const char *text, int width, char *out, size_t cap);
/* As text_fit, but the cut is in the middle: for neighbours with the same beginning. */
void text_fit_middle(const char *text, int width, char *out, size_t cap);
/* As many of the text's sentences as fit; of the first one, when it is too long, whole words and ` …`. */
void text_fit_sentences(const char *text, int width, char *out, size_t cap);
/* Length in bytes of the first line of text when it is wrapped at blanks to width columns; *next is where the
 * next line begins. */
size_t text_wrap(const char *text, int width, const char **next);

#endif
