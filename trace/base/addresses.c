/* Numbers by address; see addresses.h. */
#include "trace/base/addresses.h"

#include "trace/base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST = 64 };

void addresses_release(struct addresses *m)
{
	free(m->at);
	*m = (struct addresses){ 0 };
}

void addresses_clear(struct addresses *m)
{
	if (m->at && m->count > m->has_zero)
		memset(m->at, 0, (m->mask + 1) * sizeof *m->at);
	m->count = 0;
	m->has_zero = false;
}

void addresses_copy(struct addresses *to, const struct addresses *from)
{
	struct address_value *at = to->at;
	size_t bytes = addresses_bytes(from);
	if (!bytes) {
		free(at);
		at = NULL;
	} else {
		if (addresses_bytes(to) != bytes)
			at = memory_resize(at, bytes);
		memcpy(at, from->at, bytes);
	}
	*to = *from;
	to->at = at;
}

/* The place of an address, or the free one where it would stand. */
static struct address_value *place_of(const struct addresses *m, uint64_t addr)
{
	size_t i = addresses_home(m, addr);
	while (m->at[i].addr && m->at[i].addr != addr)
		i = (i + 1) & m->mask;
	return &m->at[i];
}

static void grow(struct addresses *m)
{
	struct addresses larger = *m;
	larger.mask = m->at ? m->mask * 2 + 1 : FIRST - 1;
	larger.at = memory_array(larger.mask + 1, sizeof *larger.at);
	for (size_t i = 0; m->at && i <= m->mask; i++)
		if (m->at[i].addr)
			*place_of(&larger, m->at[i].addr) = m->at[i];
	free(m->at);
	*m = larger;
}

uint64_t *addresses_add(struct addresses *m, uint64_t addr)
{
	if (addr == 0) {
		m->count += !m->has_zero;
		m->zero = m->has_zero ? m->zero : 0;
		m->has_zero = true;
		return &m->zero;
	}
	if (!m->at || m->count * 2 > m->mask)
		grow(m);
	struct address_value *p = place_of(m, addr);
	if (!p->addr) {
		*p = (struct address_value){ addr, 0 };
		m->count++;
	}
	return &p->value;
}

bool addresses_remove(struct addresses *m, uint64_t addr, uint64_t *ret_value)
{
	uint64_t *value = addresses_find(m, addr);
	if (!value)
		return false;
	if (ret_value)
		*ret_value = *value;
	m->count--;
	if (addr == 0) {
		m->has_zero = false;
		return true;
	}
	size_t hole = (size_t)(place_of(m, addr) - m->at);
	for (size_t i = (hole + 1) & m->mask; m->at[i].addr; i = (i + 1) & m->mask) {
		/* What follows moves into the hole, unless its home lies behind the hole. */
		if (((i - addresses_home(m, m->at[i].addr)) & m->mask) >= ((i - hole) & m->mask)) {
			m->at[hole] = m->at[i];
			hole = i;
		}
	}
	m->at[hole] = (struct address_value){ 0 };
	return true;
}

bool addresses_each(const struct addresses *m, size_t *at, struct address_value *ret)
{
	if (*at == 0) {
		*at = 1;
		if (m->has_zero) {
			*ret = (struct address_value){ 0, m->zero };
			return true;
		}
	}
	while (m->at && *at - 1 <= m->mask) {
		*ret = m->at[(*at)++ - 1];
		if (ret->addr)
			return true;
	}
	return false;
}
