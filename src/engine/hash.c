/* The runtime's hash functions; see hash.h.  The AES round is done in software: a trace must give the same
 * bytes on a machine without the instructions, and hash=aes is for exactness, not for speed. */
#include "src/engine/hash.h"

#include "src/engine/random.h"

void hash_keys_draw(struct hash_keys *h, uint64_t *random, const struct release *r, bool aes)
{
	static const uint64_t constant[4] = { 0xa0761d6478bd642fu, 0xe7037ed1a0b428dbu, 0x8ebc6af09c88c6e3u,
		0x589965cc75374cc3u };
	*h = (struct hash_keys){ .aes = aes, .nan_32_bits = r->nan_32_bits };
	for (int i = 0; i < 4; i++) {
		uint64_t hashkey = random_next(random) | 1;
		if (!r->hash_constants)
			h->k[i] = hashkey;
		else
			h->k[i] = i == 0 ? hashkey ^ constant[0] : constant[i];
	}
	for (int i = 0; aes && i < 16; i++) {
		uint64_t word = random_next(random);
		memcpy(h->schedule + 8 * i, &word, 8);
	}
}

static uint64_t r4(const uint8_t *p)
{
	uint32_t v;
	memcpy(&v, p, 4);
	return v;
}

static uint64_t r8(const uint8_t *p)
{
	uint64_t v;
	memcpy(&v, p, 8);
	return v;
}

static uint64_t portable(const struct hash_keys *h, const uint8_t *p, uint64_t n, uint64_t seed)
{
	uint64_t a, b = 0, left = n;
	seed ^= h->k[0];
	if (n == 0)
		return seed;
	if (n < 4) {
		a = p[0] | (uint64_t)p[n >> 1] << 8 | (uint64_t)p[n - 1] << 16;
	} else if (n <= 8) {
		a = n == 8 ? r8(p) : r4(p);
		b = n == 8 ? a : r4(p + n - 4);
	} else if (n <= 16) {
		a = r8(p);
		b = r8(p + n - 8);
	} else {
		if (left > 48) {
			uint64_t lane1 = seed, lane2 = seed;
			for (; left > 48; left -= 48, p += 48) {
				seed = hash_mix(r8(p) ^ h->k[1], r8(p + 8) ^ seed);
				lane1 = hash_mix(r8(p + 16) ^ h->k[2], r8(p + 24) ^ lane1);
				lane2 = hash_mix(r8(p + 32) ^ h->k[3], r8(p + 40) ^ lane2);
			}
			seed ^= lane1 ^ lane2;
		}
		for (; left > 16; left -= 16, p += 16)
			seed = hash_mix(r8(p) ^ h->k[1], r8(p + 8) ^ seed);
		a = r8(p + left - 16);
		b = r8(p + left - 8);
	}
	return hash_mix(HASH_M5 ^ n, hash_mix(a ^ h->k[1], b ^ seed));
}

/* ---- AES ---- */

typedef struct {
	uint8_t b[16];
} aes_block;

static uint8_t sbox[256];

static uint8_t gf_double(uint8_t x)
{
	return (uint8_t)(x << 1 ^ (x >> 7) * 0x1b);
}

/* The S-box from its definition: the inverse in GF(2^8), then an affine map. */
__attribute__((constructor)) static void sbox_make(void)
{
	uint8_t p = 1, q = 1; /* p runs through the powers of 3, q through those of its inverse */
	do {
		p = p ^ gf_double(p);
		q ^= (uint8_t)(q << 1);
		q ^= (uint8_t)(q << 2);
		q ^= (uint8_t)(q << 4);
		if (q & 0x80)
			q ^= 9;
		uint8_t x = q;
		for (int i = 1; i < 5; i++)
			x ^= (uint8_t)(q << i | q >> (8 - i));
		sbox[p] = x ^ 0x63;
	} while (p != 1);
	sbox[0] = 0x63;
}

/* AESENC: ShiftRows, SubBytes, MixColumns, xor with the round key. */
static aes_block aes_round(aes_block x, aes_block key)
{
	aes_block y;
	for (int col = 0; col < 4; col++) {
		uint8_t s[4];
		for (int row = 0; row < 4; row++)
			s[row] = sbox[x.b[(col + row) % 4 * 4 + row]];
		uint8_t all = s[0] ^ s[1] ^ s[2] ^ s[3];
		for (int row = 0; row < 4; row++)
			y.b[col * 4 + row] = s[row] ^ all ^ gf_double(s[row] ^ s[(row + 1) % 4]) ^
				key.b[col * 4 + row];
	}
	return y;
}

static aes_block aes_xor(aes_block x, const uint8_t *p)
{
	for (int i = 0; i < 16; i++)
		x.b[i] ^= p[i];
	return x;
}

static aes_block aes_load(const uint8_t *p)
{
	aes_block x;
	memcpy(x.b, p, 16);
	return x;
}

static uint64_t aes_low(aes_block x)
{
	return r8(x.b);
}

uint64_t hash_aes_word(const struct hash_keys *h, uint64_t word, unsigned bytes, uint64_t seed)
{
	aes_block x = { { 0 } };
	memcpy(x.b, &seed, 8);
	memcpy(x.b + 8, &word, bytes);
	for (int i = 0; i < 3; i++)
		x = aes_round(x, aes_load(h->schedule + 16 * i));
	return aes_low(x);
}

/* Three rounds of every lane, each its own key; then the upper half of the lanes is folded onto the lower. */
static uint64_t aes_finish(aes_block *x, int lanes)
{
	for (int r = 0; r < 3; r++)
		for (int i = 0; i < lanes; i++)
			x[i] = aes_round(x[i], x[i]);
	for (; lanes > 1; lanes /= 2)
		for (int i = 0; i < lanes / 2; i++)
			x[i] = aes_xor(x[i], x[i + lanes / 2].b);
	return aes_low(x[0]);
}

static uint64_t aes_memory(const struct hash_keys *h, const uint8_t *p, uint64_t n, uint64_t seed)
{
	aes_block base, x[8];
	uint16_t n16 = (uint16_t)n;
	memcpy(base.b, &seed, 8);
	for (int i = 0; i < 4; i++)
		memcpy(base.b + 8 + 2 * i, &n16, 2);
	int lanes = n <= 16 ? 1 : n <= 32 ? 2 : n <= 64 ? 4 : 8;
	for (int i = 0; i < lanes; i++) {
		x[i] = aes_xor(base, h->schedule + 16 * i);
		x[i] = aes_round(x[i], x[i]);
	}
	if (n == 0)
		return aes_low(aes_round(x[0], x[0]));
	if (n <= 16) {
		uint8_t padded[16] = { 0 };
		memcpy(padded, p, n);
		x[0] = aes_xor(x[0], padded);
		return aes_finish(x, 1);
	}
	if (n <= 128) { /* half the lanes from the start, half that end at the end */
		for (int i = 0; i < lanes / 2; i++)
			x[i] = aes_xor(x[i], p + 16 * i);
		for (int i = lanes / 2; i < lanes; i++)
			x[i] = aes_xor(x[i], p + n - 16 * (uint64_t)(lanes - i));
		return aes_finish(x, lanes);
	}
	for (int i = 0; i < 8; i++)
		x[i] = aes_xor(x[i], p + n - 128 + 16 * (uint64_t)i);
	for (uint64_t block = (n - 1) / 128; block > 0; block--, p += 128) {
		for (int i = 0; i < 8; i++)
			x[i] = aes_round(x[i], x[i]);
		for (int i = 0; i < 8; i++)
			x[i] = aes_round(x[i], aes_load(p + 16 * i));
	}
	return aes_finish(x, 8);
}

uint64_t hash_memory(const struct hash_keys *h, const uint8_t *p, uint64_t n, uint64_t seed)
{
	return h->aes ? aes_memory(h, p, n, seed) : portable(h, p, n, seed);
}

/* ---- values ---- */

static const uint64_t c0 = 33054211828000289u, c1 = 23344194077549503u;

static uint64_t hash_float(
	const struct hash_keys *h, const uint8_t *p, unsigned size, uint64_t seed, uint64_t *random)
{
	double f;
	if (size == 4) {
		float f4;
		memcpy(&f4, p, 4);
		f = f4;
	} else {
		memcpy(&f, p, 8);
	}
	if (f == 0) /* +0 and -0 are equal */
		return c1 * (c0 ^ seed);
	if (f != f) { /* no NaN equals another, so each gets its own hash */
		uint64_t draw = random_next(random);
		return c1 * (c0 ^ seed ^ (h->nan_32_bits ? (uint32_t)draw : draw));
	}
	return hash_memory(h, p, size, seed);
}

static uint64_t hash_plain(const struct hash_keys *h, const uint8_t *p, uint64_t n, uint64_t seed)
{
	if (n == 0)
		return seed; /* memhash0 */
	if (n == 4)
		return hash_word32(h, (uint32_t)r4(p), seed);
	if (n == 8)
		return hash_word64(h, r8(p), seed);
	return hash_memory(h, p, n, seed);
}

uint64_t hash_value(const struct hash_keys *h, const struct go_value *v, uint64_t seed, uint64_t *random)
{
	if (v->is_any) { /* nilinterhash */
		if (v->nil)
			return seed;
		if (v->kind ==
			GO_EMPTY) /* typehash, unlike the compiler, hashes no bytes as any number of them */
			return c1 * hash_memory(h, v->data, 0, seed ^ c0);
		struct go_value inside = *v;
		inside.is_any = false;
		return c1 * hash_value(h, &inside, seed ^ c0, random);
	}
	switch (v->kind) {
	case GO_STRING: return hash_memory(h, v->data, v->len, seed);
	case GO_FLOAT32:
	case GO_FLOAT64: return hash_float(h, v->data, (unsigned)v->len, seed, random);
	case GO_COMPLEX64:
	case GO_COMPLEX128: {
		unsigned half = (unsigned)v->len / 2;
		uint64_t real = hash_float(h, v->data, half, seed, random);
		return hash_float(h, v->data + half, half, real, random);
	}
	default: return hash_plain(h, v->data, v->len, seed);
	}
}
