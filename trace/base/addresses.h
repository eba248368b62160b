/* Numbers by address: a hash table with open addressing, for blocks, lines and pages that come and go.
 *
 * An address may be any 64-bit number.  Without memory the program ends (see memory.h).  A pointer to a value
 * is valid until the next add or remove.
 */
#ifndef TRACE_ADDRESSES_H
#define TRACE_ADDRESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct address_value {
	uint64_t addr, value;
}; /* addr 0: free */
struct addresses {
	struct address_value
		*at; /* a power of two of them, at most half in use; NULL as long as it is empty */
	size_t mask, count;
	bool has_zero; /* address 0 has its value here */
	uint64_t zero;
};

/* All zero is an empty table.  release empties it and gives its memory back; clear keeps the memory, and copy
 * uses it again. */
void addresses_release(struct addresses *m);
void addresses_clear(struct addresses *m);
void addresses_copy(struct addresses *to, const struct addresses *from);
/* That the table takes, beside the struct. */
static inline size_t addresses_bytes(const struct addresses *m)
{
	return m->at ? (m->mask + 1) * sizeof *m->at : 0;
}

/* The value of an address that is new, 0, or the one that it has. */
uint64_t *addresses_add(struct addresses *m, uint64_t addr);
/* Takes an address out; false: it is not there.  ret_value may be NULL. */
bool addresses_remove(struct addresses *m, uint64_t addr, uint64_t *ret_value);
/* In no order: *at is 0 for the first call; false: there are no more. */
bool addresses_each(const struct addresses *m, size_t *at, struct address_value *ret);

/* Objects and lines begin at multiples of powers of two: the product's middle bits depend on all bits that
 * differ. */
static inline size_t addresses_home(const struct addresses *m, uint64_t addr)
{
	return (size_t)(addr * UINT64_C(0x9e3779b97f4a7c15) >> 20) & m->mask;
}

/* Its value, NULL: it is not there. */
static inline uint64_t *addresses_find(const struct addresses *m, uint64_t addr)
{
	if (addr == 0)
		return m->has_zero ? (uint64_t *)&m->zero : NULL;
	if (!m->at)
		return NULL;
	for (size_t i = addresses_home(m, addr); m->at[i].addr; i = (i + 1) & m->mask)
		if (m->at[i].addr == addr)
			return &m->at[i].value;
	return NULL;
}

#endif
