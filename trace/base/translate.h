/* Texts in other languages: every text for people goes through _().
 *
 * English is the language of the sources.  A catalogue is gettext's: xgettext collects the texts, msgfmt
 * makes the .mo file that translate_open reads.  libc's gettext() is not used: it gives nothing where the
 * locale is C.UTF-8 (glibc from 2.39) or of a language that the system has not generated, which is just where
 * people name a language by --lang.
 */
#ifndef TRACE_TRANSLATE_H
#define TRACE_TRANSLATE_H

#include <stdbool.h>
#include <stdint.h>

/* The translation, or text itself.  Valid until the catalogue is closed. */
const char *translate(const char *text) __attribute__((format_arg(1)));
#define _(text) translate(text)
/* Marks a text of a table, which goes through _() where it is shown. */
#define N_(text) text

/* The text for n of something: one where n is 1, else many; both take the same arguments.  A catalogue says
 * it for all n at once: that is Chinese's way.  A language with plural forms of its own would need
 * Plural-Forms to be read here. */
const char *translate_n(const char *one, const char *many, uint64_t n)
	__attribute__((format_arg(1), format_arg(2)));
#define P_(one, many, n) translate_n(one, many, n)
/* n with its noun, "1 step", for a sentence with several numbers: one and many have a PRIu64 for n and
 * nothing else. Valid until the eighth call after it in this thread. */
const char *counted(const char *one, const char *many, uint64_t n);
#define counted_bytes(n) counted("%" PRIu64 " byte", "%" PRIu64 " bytes", n)
#define counted_buckets(n) counted("%" PRIu64 " bucket", "%" PRIu64 " buckets", n)
#define counted_steps(n) counted("%" PRIu64 " step", "%" PRIu64 " steps", n)
#define counted_operations(n) counted("%" PRIu64 " operation", "%" PRIu64 " operations", n)

/* Reads a catalogue, which takes the place of the one before.  false: there is none, or it is no catalogue.
 */
bool translate_open(const char *path);
void translate_close(void);

#endif
