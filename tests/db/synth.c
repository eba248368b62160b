/* See synth.h. */
#include "tests/db/synth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint64_t synth_random(struct synth *y)
{
	uint64_t z = y->random += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static uint64_t below(struct synth *y, uint64_t n)
{
	return synth_random(y) % n;
}

/* A number of any length, so that each length of a varint occurs; now and then an extreme. */
static uint64_t number(struct synth *y)
{
	switch (below(y, 8)) {
	case 0: return UINT64_MAX;
	case 1: return 0;
	case 2: return UINT64_C(1) << 63;
	default: return synth_random(y) >> below(y, 64);
	}
}

static bool next_block(const struct memory *m, uint64_t *cursor, struct block *ret)
{
	const struct synth *y = (const struct synth *)(const void *)m;
	for (; *cursor < SYNTH_SLOTS; ++*cursor)
		if (y->slot[*cursor].block.size) {
			*ret = y->slot[(*cursor)++].block;
			return true;
		}
	return false;
}

static void emit(struct synth *y, const struct event *e)
{
	y->sink->steps++;
	y->sink->event(y->sink, e);
}

static union event_bytes bytes_of(const uint8_t *p, uint64_t size)
{
	union event_bytes b = { .v = 0 };
	if (size <= 8)
		memcpy(&b.v, p, size);
	else
		b.p = p;
	return b;
}

static void block_alloc(struct synth *y, struct synth_slot *s)
{
	uint64_t size = 1 + (below(y, 3) ? below(y, s->room < 300 ? s->room : 300) : below(y, s->room));
	s->block = (struct block){ .addr = s->addr,
		.size = size,
		.rounded = size + below(y, 64),
		.role = (enum block_role)(1 + below(y, ROLES - 1)),
		.map = (uint32_t)(1 + below(y, y->maps)),
		.bytes = s->bytes };
	memset(s->bytes, 0, size);
	emit(y,
		&(struct event){ .kind = EV_ALLOC,
			.map = s->block.map,
			.addr = s->addr,
			.size = size,
			.a = s->block.rounded,
			.b = s->block.role });
}

static void block_free(struct synth *y, struct synth_slot *s)
{
	struct block b = s->block;
	s->block.size = 0;
	emit(y,
		&(struct event){ .kind = EV_FREE,
			.map = b.map,
			.addr = b.addr,
			.size = b.size,
			.a = b.rounded,
			.b = b.role,
			.old = bytes_of(s->bytes, b.size) });
}

static void block_write(struct synth *y, struct synth_slot *s)
{
	uint8_t was[4096], is[4096];
	uint64_t most = s->block.size < 8 || below(y, 4) ? 8 : 4096, off = below(y, s->block.size);
	uint64_t n = 1 + below(y, most);
	if (n > s->block.size - off)
		n = s->block.size - off;
	memcpy(was, s->bytes + off, n);
	memset(is, 0, n);
	uint64_t how = below(y, 4), v;
	if (how == 0)
		for (uint64_t i = 0; i < n; i++)
			is[i] = (uint8_t)synth_random(y);
	else if (how < 3 && n <= 8) { /* one more or one less than what is there */
		memcpy(&v, was, 8);
		v += how == 1 ? 1 : -1;
		memcpy(is, &v, n);
	}
	memcpy(s->bytes + off, is, n);
	struct event e = { .kind = EV_WRITE,
		.addr = s->addr + off,
		.size = n,
		.old = bytes_of(was, n),
		.new = bytes_of(is, n) };
	static const uint8_t zeros[4096];
	if (n > 8 && memcmp(is, zeros, n) == 0 && below(y, 2))
		e.new.p = NULL;
	emit(y, &e);
}

static void fact(struct synth *y)
{
	struct synth_slot *s = &y->slot[below(y, SYNTH_SLOTS)];
	if (s->block.size == 0)
		block_alloc(y, s);
	else if (below(y, 10) == 0)
		block_free(y, s);
	else
		block_write(y, s);
}

/* Any kind that narrates, with any numbers; only what rows and maps depend on keeps within reason. */
static void note(struct synth *y)
{
	static const char text[] = "a note with \t and \033 and \xff in it, longer than eight bytes";
	struct event e = { .kind = (uint16_t)(EV_FREE + 1 + below(y, EV_COUNT - EV_FREE - 1)) };
	const char *f = event_info[e.kind].fields;
	if (e.kind == EV_OP || e.kind == EV_DONE || e.kind == EV_GROWTH || e.kind == EV_GROWN)
		return;
	uint64_t *v[4] = { &e.a, &e.b, &e.c, &e.d };
	for (int i = 0; i < 4; i++)
		if (strchr(f, "abcd"[i]))
			*v[i] = below(y, 2) ? number(y) : below(y, 10);
	if (strchr(f, 'A'))
		e.addr = below(y, 4) ? y->slot[below(y, SYNTH_SLOTS)].addr + below(y, 100) : number(y);
	if (strchr(f, 'S'))
		e.size = below(y, 100);
	if (strpbrk(f, "PH"))
		e.a = below(y, 4) ? e.addr + below(y, 3) : number(y);
	if (strchr(f, 'Q'))
		e.b = below(y, 2) ? number(y) : 0;
	if (e.kind == EV_MAP || e.kind == EV_USE)
		e.a = 1 + below(y, y->maps);
	if (e.kind == EV_OVERFLOW)
		e.b = below(y, 2);
	if (e.kind == EV_SAY) {
		e.size = below(y, sizeof text);
		e.new = bytes_of((const uint8_t *)text, e.size);
	}
	if (e.kind == EV_MOVED || e.kind == EV_OVERFLOW) { /* numbers that become rows: SQL's are signed */
		e.a >>= e.kind == EV_MOVED ? 2 : 0, e.b >>= 2, e.c >>= 2, e.d >>= 2;
	}
	emit(y, &e);
}

static void operation(struct synth *y)
{
	char key[32], elem[300];
	struct operation o = {
		.op = ++y->ops, .map = (uint32_t)below(y, y->maps + 1), .first_step = y->sink->steps + 1
	};
	o.kind = (enum op_kind)(1 + below(y, OP_KINDS - 1));
	snprintf(key, sizeof key, "k%u", (unsigned)below(y, 1000));
	memset(elem, 'e', sizeof elem - 1);
	elem[below(y, sizeof elem)] = 0;
	elem[sizeof elem - 1] = 0;
	o.key = below(y, 3) ? key : NULL;
	o.elem = below(y, 3) ? elem : NULL;
	y->sink->operation(y->sink, &o);
	emit(y, &(struct event){ .kind = EV_OP, .a = o.map, .b = o.kind });
	if (o.map && below(y, 20) == 0)
		emit(y,
			&(struct event){
				.kind = EV_GROWTH, .a = below(y, 2), .b = below(y, 20), .c = below(y, 20) });
	for (uint64_t n = below(y, 60); n > 0; n--)
		below(y, 3) ? note(y) : fact(y);
	if (below(y, 20) == 0)
		emit(y, &(struct event){ .kind = EV_GROWN });
	emit(y, &(struct event){ .kind = EV_DONE, .a = below(y, OUTCOMES), .b = number(y) });
}

void synth_init(struct synth *y, struct sink *sink, uint64_t seed)
{
	uint64_t addr = UINT64_C(0xc000000000);
	memset(y, 0, sizeof *y);
	y->memory.next = next_block;
	y->sink = sink;
	y->random = seed;
	y->maps = 3;
	for (int i = 0; i < SYNTH_SLOTS;
		i++) { /* some touch their neighbour, some lie across pages, some are large */
		struct synth_slot *s = &y->slot[i];
		s->addr = addr;
		s->room = i % 16 == 0 ? 70000 : 1 + below(y, 3000);
		s->bytes = calloc(1, s->room);
		addr += s->room + (below(y, 2) ? below(y, 20000) : 0);
	}
	sink->memory = &y->memory;
	for (unsigned i = 1; i <= y->maps; i++) {
		struct map_info m = { .map = (uint32_t)i,
			.key = go_type_basic(GO_STRING),
			.elem = go_type_basic(GO_INT64),
			.go = "1.23",
			.arch = "amd64",
			.place = "heap",
			.hash = "mem",
			.seed = synth_random(y),
			.hint = (int64_t)i - 2,
			.header = UINT64_C(0xc000000000) };
		snprintf(m.name, sizeof m.name, "m%u", i);
		sink->map(sink, &m);
		emit(y, &(struct event){ .kind = EV_MAP, .a = i, .addr = m.header });
	}
}

void synth_release(struct synth *y)
{
	for (int i = 0; i < SYNTH_SLOTS; i++)
		free(y->slot[i].bytes);
}

void synth_run(struct synth *y, uint64_t steps)
{
	while (y->sink->steps < steps && !y->sink->failed)
		operation(y);
}

bool synth_equals(const struct synth *y, const struct image *m)
{
	struct block b;
	uint64_t cursor = 0, live = 0;
	static uint8_t have[70000];
	while (next_block(&y->memory, &cursor, &b)) {
		struct block other;
		live += b.size;
		if (!image_reader(m)->block(image_reader(m), b.addr, &other) || other.size != b.size ||
			other.rounded != b.rounded || other.role != b.role || other.map != b.map ||
			!image_read(m, b.addr, have, b.size) || memcmp(have, b.bytes, b.size) != 0)
			return false;
	}
	return live == image_live_bytes(m);
}
