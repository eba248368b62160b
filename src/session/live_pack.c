/* A piece of a live recording, packed: a session of many million steps has to fit into memory.
 *
 * An event is kind, map, a byte that says which of its eight numbers are not zero, and these as varints of 7 bits, the
 * lowest first; the address as the difference from the one before, signed by its lowest bit:
 *
 *     kind  map  mask  [addr]  [size]  [a]  [b]  [c]  [d]  [old]  [new]
 *
 * 72 bytes become some 12.  Bytes that old and new point to stay where they are; the pointers are numbers here.
 */
#include "src/session/live.h"

#include "trace/base/memory.h"

#include <stdlib.h>

enum { NUMBERS = 8, PACKED_MOST = 1 + 10 * (1 + NUMBERS) + 1 };

static uint8_t *put(uint8_t *p, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		*p++ = (uint8_t)(v | 0x80);
	*p++ = (uint8_t)v;
	return p;
}

static const uint8_t *get(const uint8_t *p, uint64_t *ret)
{
	uint64_t v = 0;
	for (unsigned shift = 0;; shift += 7) {
		v |= (uint64_t)(*p & 0x7f) << shift;
		if (!(*p++ & 0x80))
			break;
	}
	*ret = v;
	return p;
}

/* The event's numbers one after the other, the address as a difference. */
static void numbers(const struct event *e, uint64_t before, uint64_t n[NUMBERS])
{
	uint64_t apart = e->addr - before;
	n[0] = apart << 1 ^ (apart >> 63 ? UINT64_MAX : 0);
	n[1] = e->size;
	n[2] = e->a;
	n[3] = e->b;
	n[4] = e->c;
	n[5] = e->d;
	n[6] = e->old.v;
	n[7] = e->new.v;
}

uint8_t *live_pack(const struct event *e, uint32_t count, size_t *ret_size)
{
	uint8_t *data = memory_need(malloc((size_t)count * PACKED_MOST)), *p = data;
	uint64_t before = 0, n[NUMBERS];
	for (uint32_t i = 0; i < count; i++, before = e->addr, e++) {
		numbers(e, before, n);
		*p++ = (uint8_t)e->kind;
		p = put(p, e->map);
		uint8_t *mask = p++;
		*mask = 0;
		for (unsigned k = 0; k < NUMBERS; k++)
			if (n[k]) {
				*mask |= (uint8_t)(1u << k);
				p = put(p, n[k]);
			}
	}
	*ret_size = (size_t)(p - data);
	return memory_resize(data, *ret_size);
}

void live_unpack(const uint8_t *p, struct event *e, uint32_t count)
{
	uint64_t before = 0;
	for (uint32_t i = 0; i < count; i++, e++) {
		uint64_t n[NUMBERS] = { 0 }, map;
		*e = (struct event){ .kind = *p++ };
		p = get(p, &map);
		unsigned mask = *p++;
		for (unsigned k = 0; k < NUMBERS; k++)
			if (mask >> k & 1)
				p = get(p, &n[k]);
		e->map = (uint32_t)map;
		e->addr = before += n[0] >> 1 ^ (n[0] & 1 ? UINT64_MAX : 0);
		e->size = n[1];
		e->a = n[2];
		e->b = n[3];
		e->c = n[4];
		e->d = n[5];
		e->old.v = n[6];
		e->new.v = n[7];
	}
}
