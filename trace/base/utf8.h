/* UTF-8: the one decoder and encoder of the program.
 *
 * Valid is what RFC 3629 says: 1 to 4 bytes, the shortest form, no surrogates (U+D800 to U+DFFF), at most
 * U+10FFFF.
 */
#ifndef TRACE_UTF8_H
#define TRACE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of the longest character. */
enum { UTF8_MOST = 4 };

/* Bytes of the valid character at p, of which n >= 1 bytes are there; *ret is its code point.  0: there is
 * none, and *ret stays as it is. */
unsigned utf8_decode(const void *p, size_t n, uint32_t *ret);
/* The character at *s, which ends with a zero byte, and moves *s behind it; U+FFFD for each byte that belongs
 * to no valid character.  0 at the end, where *s stays. */
uint32_t utf8_next(const char **s);
/* The bytes of a code point that is valid, to out; returns how many (1 to UTF8_MOST).  No zero byte follows.
 */
unsigned utf8_encode(uint32_t ch, char *out);

#endif
