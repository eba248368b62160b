/* The runtime's hash functions, exactly.
 *
 * Facts: runtime/hash64.go, alg.go and asm_amd64.s of Go 1.19, 1.22 and 1.23.  The portable hash is the
 * default; aes is what amd64 programs normally use.
 */
#ifndef SRC_HASH_H
#define SRC_HASH_H

#include "trace/go/type.h"
#include "trace/go/release.h"

#include <string.h>

struct hash_keys {
	uint64_t k[4]; /* what the release mixes in: hashkey[0..3], or hashkey[0] and constants */
	bool aes;
	bool nan_32_bits;
	uint8_t schedule[128]; /* aeskeysched, when aes */
};

/* Draws hashkey (and the AES schedule) from the map's stream, in the order that the workload language
 * promises. */
void hash_keys_draw(struct hash_keys *h, uint64_t *random, const struct release *r, bool aes);

/* runtime.memhash and strhash of n bytes. */
uint64_t hash_memory(const struct hash_keys *h, const uint8_t *p, uint64_t n, uint64_t seed);
/* memhash64 and memhash32 with aes. */
uint64_t hash_aes_word(const struct hash_keys *h, uint64_t word, unsigned bytes, uint64_t seed);

/* A value of a type as the hash functions see it.  For strings data is the text; for an `any` the value
 * inside. */
struct go_value {
	enum go_kind kind;   /* GO_ANY never: the kind inside.  */
	bool is_any;         /* the value sits in an any; kind then is the dynamic type */
	bool nil;            /* a nil any */
	const uint8_t *data; /* len bytes */
	uint64_t len;
	uint64_t addr; /* Go address of a string's text, or of the box inside an any; 0: none */
};

/* The hash of a key of any hashable type; random supplies the hash of a NaN. */
uint64_t hash_value(const struct hash_keys *h, const struct go_value *v, uint64_t seed, uint64_t *random);

static inline uint64_t hash_mix(uint64_t a, uint64_t b)
{
	unsigned __int128 p = (unsigned __int128)a * b;
	return (uint64_t)(p >> 64) ^ (uint64_t)p;
}

#define HASH_M5 0x1d8e4e27c47d124fu

static inline uint64_t hash_word64(const struct hash_keys *h, uint64_t a, uint64_t seed)
{
	if (__builtin_expect(h->aes, 0))
		return hash_aes_word(h, a, 8, seed);
	return hash_mix(HASH_M5 ^ 8, hash_mix(a ^ h->k[1], a ^ seed ^ h->k[0]));
}

static inline uint64_t hash_word32(const struct hash_keys *h, uint32_t a, uint64_t seed)
{
	if (__builtin_expect(h->aes, 0))
		return hash_aes_word(h, a, 4, seed);
	return hash_mix(HASH_M5 ^ 4, hash_mix(a ^ h->k[1], a ^ seed ^ h->k[0]));
}

/* Short strings, the usual keys, without a call. */
static inline uint64_t hash_text(const struct hash_keys *h, const uint8_t *p, uint64_t n, uint64_t seed)
{
	uint64_t a, b;
	if (h->aes || n > 16 || n < 4)
		return hash_memory(h, p, n, seed);
	if (n >= 8) {
		memcpy(&a, p, 8);
		memcpy(&b, p + n - 8, 8);
	} else {
		uint32_t x, y;
		memcpy(&x, p, 4);
		memcpy(&y, p + n - 4, 4);
		a = x, b = y;
	}
	return hash_mix(HASH_M5 ^ n, hash_mix(a ^ h->k[1], b ^ seed ^ h->k[0]));
}

#endif
