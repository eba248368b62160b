/* Values as a workload writes them: words to Go values.
 *
 * Numbers are read as Go's strconv reads them (ParseInt, ParseFloat, ParseComplex).
 */
#ifndef SRC_LITERAL_H
#define SRC_LITERAL_H

#include "trace/base/pool.h"
#include "trace/go/type.h"
#include "src/engine/hash.h"

/* A word of a workload's line: text is what it stands for (escapes undone), raw as it was written. */
struct token {
	char *text;
	size_t len;
	const char *raw;
	size_t raw_len;
	bool quoted;
	unsigned column; /* from 1 */
};

/* Reads a word as a value of type t; its bytes go into pool.  Returns NULL, or what is wrong with it, as the
 * end of a sentence that begins with the word. */
const char *literal_parse(
	struct pool *pool, const struct go_type *t, const struct token *w, struct go_value *ret);

/* Element i of fill, probe, drain.  buffer (LITERAL_BUFFER bytes, or t->size if larger) holds its bytes;
 * prefix is 'k' or 'v' for strings.  text (32 bytes, may be NULL) gets the word that a workload would have.
 */
enum { LITERAL_BUFFER = 32 };
void literal_element(
	const struct go_type *t, int64_t i, char prefix, uint8_t *buffer, struct go_value *ret, char *text);

/* Signed and unsigned 64-bit numbers, decimal or with Go's prefixes 0x 0o 0b; false: not one, or too large.
 */
bool literal_int64(const char *text, int64_t *ret);
bool literal_uint64(const char *text, uint64_t *ret);

#endif
