/* Texts in other languages: every text for people goes through _().
 *
 * English is the language of the sources.  A catalogue is gettext's: xgettext collects the texts, msgfmt makes the .mo
 * file that translate_open reads.  libc's gettext() is not used: it gives nothing where the locale is C.UTF-8 (glibc from
 * 2.39) or of a language that the system has not generated, which is just where people name a language by --lang.
 */
#ifndef TRACE_TRANSLATE_H
#define TRACE_TRANSLATE_H

#include <stdbool.h>

/* The translation, or text itself.  Valid until the catalogue is closed. */
const char *translate(const char *text) __attribute__((format_arg(1)));
#define _(text) translate(text)
/* Marks a text of a table, which goes through _() where it is shown. */
#define N_(text) text

/* Reads a catalogue, which takes the place of the one before.  false: there is none, or it is no catalogue. */
bool translate_open(const char *path);
void translate_close(void);

#endif
