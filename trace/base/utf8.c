/* UTF-8; see utf8.h. */
#include "trace/base/utf8.h"

#include <string.h>

/* By the first byte: bytes, the bits that are the character's, the least character that needs so many bytes.
 */
static inline unsigned form_of(unsigned char first, unsigned char *ret_bits, uint32_t *ret_least)
{
	if (first < 0xc2 ||
		first > 0xf4) /* a byte that goes on; c0 and c1 would begin what one byte can say */
		return 0;
	unsigned n = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	*ret_bits = (unsigned char)(0x7f >> n);
	*ret_least = n == 2 ? 0x80 : n == 3 ? 0x800 : 0x10000;
	return n;
}

static inline unsigned decode(const unsigned char *p, size_t n, uint32_t *ret)
{
	unsigned char bits;
	uint32_t least;
	if (p[0] < 0x80) {
		*ret = p[0];
		return 1;
	}
	unsigned length = form_of(p[0], &bits, &least);
	if (length == 0 || length > n)
		return 0;
	uint32_t ch = p[0] & bits;
	for (unsigned i = 1; i < length; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		ch = ch << 6 | (p[i] & 0x3f);
	}
	if (ch < least || ch > 0x10ffff || (ch >= 0xd800 && ch < 0xe000))
		return 0;
	*ret = ch;
	return length;
}

unsigned utf8_decode(const void *bytes, size_t n, uint32_t *ret)
{
	return decode(bytes, n, ret);
}

uint32_t utf8_next(const char **s)
{
	uint32_t ch = 0xfffd;
	unsigned char first = (unsigned char)**s;
	if (first < 0x80) { /* nearly all text is this */
		*s += first != 0;
		return first;
	}
	/* The zero byte at the end goes on with no character, so nothing behind it is read. */
	unsigned n = decode((const unsigned char *)*s, UTF8_MOST, &ch);
	*s += n ? n : 1;
	return ch;
}

unsigned utf8_encode(uint32_t ch, char *out)
{
	if (ch < 0x80) {
		out[0] = (char)ch;
		return 1;
	}
	unsigned n = ch < 0x800 ? 2 : ch < 0x10000 ? 3 : 4;
	for (unsigned i = n - 1; i > 0; i--, ch >>= 6)
		out[i] = (char)(0x80 | (ch & 0x3f));
	out[0] = (char)((0xf00 >> n & 0xff) | ch);
	return n;
}
