/* The data of a Go program beside its heap; see data.h. */
#include "trace/go/data.h"

#include <string.h>

enum { STATIC_WORDS = 256, ZERO_VALUE_SIZE = 1024 };

#define WORDS_4(n) n, n + 1, n + 2, n + 3
#define WORDS_16(n) WORDS_4(n), WORDS_4(n + 4), WORDS_4(n + 8), WORDS_4(n + 12)
#define WORDS_64(n) WORDS_16(n), WORDS_16(n + 16), WORDS_16(n + 32), WORDS_16(n + 48)
static const uint64_t static_words[STATIC_WORDS] = { WORDS_64(0), WORDS_64(64), WORDS_64(128),
	WORDS_64(192) };
static const uint8_t zero_value[ZERO_VALUE_SIZE];

uint64_t go_data_value(enum go_kind kind, const uint8_t *value, uint64_t len)
{
	uint64_t bits = 0;
	switch (kind) {
	case GO_EMPTY: return GO_ZEROBASE;
	case GO_STRING: return len == 0 ? GO_ZERO_VALUE : 0;
	case GO_COMPLEX64:
	case GO_COMPLEX128:
	case GO_SLICE /* []int{} is empty, but not nil */: return 0;
	default: memcpy(&bits, value, len); return bits < STATIC_WORDS ? GO_STATIC_WORDS + 8 * bits : 0;
	}
}

const uint8_t *go_data_bytes(uint64_t address, uint64_t n)
{
	uint64_t word = address - GO_STATIC_WORDS, zero = address - GO_ZERO_VALUE;
	if (word < sizeof static_words && n <= sizeof static_words - word)
		return (const uint8_t *)static_words + word;
	if (zero < sizeof zero_value && n <= sizeof zero_value - zero)
		return zero_value + zero;
	return NULL;
}
