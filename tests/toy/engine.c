/* How a toy map is changed, and tested; see toy.h and src/engine/engine.h. */
#include "tests/toy/toy.h"
#include "src/engine/engine.h"
#include "src/engine/random.h"
#include "trace/base/memory.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct toy_map {
	struct map map;
	struct toy_layout node;
	uint64_t header;
};

#define EMIT(m, ...) map_emit((m), (struct event){ __VA_ARGS__ })
#define EMIT_PHASE(m, p) EMIT(m, .kind = EV_PHASE, .a = (p))

extern const struct engine engine_toy;

static struct toy_map *of(struct map *m)
{
	return (struct toy_map *)m;
}

/* ---- words in memory ---- */

static uint64_t load(const struct map *m, uint64_t addr)
{
	uint64_t v;
	memcpy(&v, arena_host(m->arena, addr), 8);
	return v;
}

static uint64_t field(const struct map *m, unsigned offset)
{
	return load(m, ((const struct toy_map *)m)->header + offset);
}

static void put(struct map *m, uint64_t addr, uint64_t v)
{
	map_write(m, addr, (const uint8_t *)&v, 8);
}

static void put_pointer(struct map *m, uint64_t addr, uint64_t v)
{
	if (m->arena->marking)
		map_barrier(m, addr, v, false);
	put(m, addr, v);
}

static uint64_t new_block(struct map *m, uint64_t size, enum block_role role)
{
	return arena_alloc(m->arena, size, true, m->release->malloc_headers, role);
}

/* ---- keys ---- */

/* The key of a node. */
static struct go_value key_of(const struct map *m, uint64_t node)
{
	uint64_t at = node + 8;
	struct go_value v = { .kind = m->key.kind, .data = arena_host(m->arena, at), .len = m->key.size };
	if (v.kind == GO_STRING) {
		v.addr = load(m, at);
		v.len = load(m, at + 8);
		v.data = v.addr ? arena_host(m->arena, v.addr) : NULL;
	}
	return v;
}

static uint64_t hash(const struct map *m, const struct go_value *key)
{
	uint64_t random = 0;
	return hash_value(&m->keys, key, field(m, TOY_HASH0), &random);
}

static bool same_key(const struct map *m, uint64_t node, const struct go_value *key)
{
	struct go_value v = key_of(m, node);
	return v.len == key->len && (v.len == 0 || memcmp(v.data, key->data, v.len) == 0);
}

/* ---- looking for a key ---- */

/* The node that holds the key, 0: none.  *ret_from is the address of the pointer to it, or of the chain's
 * head. */
static uint64_t find(struct map *m, const struct go_value *key, uint64_t *ret_from)
{
	uint64_t h = hash(m, key), len = field(m, TOY_LEN), at = field(m, TOY_HEADS) + (h & (len - 1)) * 8;
	unsigned depth = 0;
	EMIT(m, .kind = EV_HASH, .a = h, .b = field(m, TOY_HASH0), .c = h >> 56);
	EMIT(m, .kind = EV_TOYHEAD, .addr = at, .size = 8, .a = load(m, at), .b = h & (len - 1), .c = len);
	*ret_from = at;
	for (uint64_t node = load(m, at); node; node = load(m, at)) {
		bool equal = same_key(m, node, key);
		EMIT(m, .kind = EV_TOYNODE, .addr = node + 8, .size = m->key.size, .a = ++depth, .b = equal);
		if (equal) {
			*ret_from = at;
			EMIT(m, .kind = EV_FOUND, .addr = node);
			return node;
		}
		at = node;
		EMIT(m, .kind = EV_TOYNEXT, .addr = at, .size = 8, .a = load(m, at));
	}
	EMIT(m, .kind = EV_ABSENT);
	return 0;
}

static bool has(struct map *m, const struct go_value *key)
{
	struct sink *sink = m->arena->sink;
	uint64_t from;
	m->arena->sink = NULL; /* nobody hears of it */
	bool there = find(m, key, &from) != 0;
	m->arena->sink = sink;
	return there;
}

static uint64_t access(struct map *m, const struct go_value *key)
{
	uint64_t from;
	EMIT_PHASE(m, PHASE_LOOKUP);
	uint64_t node = find(m, key, &from);
	return node ? node + of(m)->node.elem : 0;
}

/* ---- changing ---- */

static void move_chain(struct map *m, uint64_t old, uint64_t index)
{
	for (uint64_t node; (node = load(m, old)) != 0;) {
		struct go_value key = key_of(m, node);
		uint64_t to = hash(m, &key) & (field(m, TOY_LEN) - 1), head = field(m, TOY_HEADS) + to * 8;
		EMIT(m, .kind = EV_TOYMOVE, .addr = node, .a = index, .b = to);
		put_pointer(m, old, load(m, node));
		put_pointer(m, node, load(m, head));
		put_pointer(m, head, node);
	}
}

static void grow(struct map *m)
{
	uint64_t header = of(m)->header, len = field(m, TOY_LEN), old = field(m, TOY_HEADS);
	EMIT_PHASE(m, PHASE_GROW);
	EMIT(m, .kind = EV_TOYGROW, .a = len, .b = 2 * len);
	uint64_t heads = new_block(m, 16 * len, ROLE_TOYHEADS);
	if (!heads)
		return; /* the heap is full: the chains grow longer */
	put_pointer(m, header + TOY_HEADS, heads);
	put(m, header + TOY_LEN, 2 * len);
	put_pointer(m, header + TOY_OLD, old);
	for (uint64_t i = 0; i < len; i++)
		move_chain(m, old + 8 * i, i);
	put_pointer(m, header + TOY_OLD, 0);
}

static uint64_t insert(struct map *m, const struct go_value *key)
{
	uint8_t bytes[TOY_KEY_MOST];
	uint64_t node = new_block(m, of(m)->node.size, ROLE_TOYNODE);
	if (!node)
		return of(m)->header; /* of no use: the operation fails */
	uint64_t head = field(m, TOY_HEADS) + (hash(m, key) & (field(m, TOY_LEN) - 1)) * 8;
	EMIT_PHASE(m, PHASE_INSERT);
	value_bytes(&m->key, key, bytes);
	if (m->arena->marking)
		map_barrier_value(m, &m->key, false, true, node + 8, bytes);
	map_write(m, node + 8, bytes, m->key.size);
	put_pointer(m, node, load(m, head));
	put_pointer(m, head, node);
	put(m, of(m)->header + TOY_COUNT, field(m, TOY_COUNT) + 1);
	EMIT(m, .kind = EV_INSERT, .addr = node);
	return node;
}

static uint64_t assign(struct map *m, const struct go_value *key)
{
	uint64_t from;
	EMIT_PHASE(m, PHASE_LOOKUP);
	uint64_t node = find(m, key, &from);
	if (!node && field(m, TOY_COUNT) >= field(m, TOY_LEN))
		grow(m);
	return (node ? node : insert(m, key)) + of(m)->node.elem;
}

static bool drop(struct map *m, const struct go_value *key)
{
	uint64_t from;
	EMIT_PHASE(m, PHASE_LOOKUP);
	uint64_t node = find(m, key, &from);
	if (!node)
		return false;
	EMIT_PHASE(m, PHASE_DELETE);
	EMIT(m, .kind = EV_REMOVE, .addr = node);
	put_pointer(m, from, load(m, node));
	put(m, of(m)->header + TOY_COUNT, field(m, TOY_COUNT) - 1);
	return true;
}

static void clear(struct map *m)
{
	EMIT_PHASE(m, PHASE_CLEAR);
	for (uint64_t i = 0; i < field(m, TOY_LEN); i++)
		if (load(m, field(m, TOY_HEADS) + 8 * i))
			put_pointer(m, field(m, TOY_HEADS) + 8 * i, 0);
	put(m, of(m)->header + TOY_COUNT, 0);
}

/* A whole range loop, by chains; the other operations are done by map_calls. */
static int operate(struct map *m, const struct map_operation *o, struct map_result *ret)
{
	(void)ret;
	if (o->kind != OP_RANGE)
		return -1;
	EMIT_PHASE(m, PHASE_ITERATE);
	for (uint64_t i = 0, at = field(m, TOY_HEADS); i < field(m, TOY_LEN); i++, at += 8)
		for (uint64_t node = load(m, at); node; node = load(m, node)) {
			EMIT(m, .kind = EV_ITEM, .addr = node + 8, .a = node + of(m)->node.elem);
			o->item(o->arg, node + 8, node + of(m)->node.elem);
		}
	EMIT(m, .kind = EV_END);
	return OUTCOME_END;
}

/* ---- making ---- */

static bool accepts(const struct map_options *o, unsigned *ret_which, char *out, size_t cap)
{
	enum go_kind k = o->key.kind;
	bool fine = k <= GO_UINTPTR || k == GO_STRING;
	*ret_which = 1;
	if (!fine)
		snprintf(out, cap, "the keys of a toymap are whole numbers or strings");
	return fine;
}

static bool fits(const struct arena *a, const struct map_options *o)
{
	(void)o;
	return arena_fits(a, TOY_SIZE + 8 * TOY_FIRST_LEN);
}

static uint64_t peek(struct arena *a, const struct map_options *o)
{
	return arena_peek(a, TOY_SIZE, true, o->release->malloc_headers);
}

static const struct map_calls calls = { .assign = assign, .access = access, .remove = drop, .clear = clear };

static struct map *new_map(struct arena *a, const struct map_options *o, uint64_t header)
{
	struct toy_map *m = memory_get(sizeof *m);
	map_init(&m->map, &engine_toy, a, o);
	m->map.call = &calls;
	m->node = toy_layout(&o->key, &o->elem);
	m->header = header;
	return &m->map;
}

static void make(struct arena *a, const struct map_options *o, struct map **ret)
{
	struct map *m = *ret = new_map(a, o, 0);
	of(m)->header = new_block(m, TOY_SIZE, ROLE_TOYMAP);
	put(m, of(m)->header + TOY_HASH0, (uint32_t)random_next(&m->random));
	put_pointer(m, of(m)->header + TOY_HEADS, new_block(m, 8 * TOY_FIRST_LEN, ROLE_TOYHEADS));
	put(m, of(m)->header + TOY_LEN, TOY_FIRST_LEN);
}

static void release(struct map *m)
{
	free(m);
}

/* ---- what is there, and will be ---- */

static uint64_t address(const struct map *m)
{
	return ((const struct toy_map *)m)->header;
}

static uint64_t count(const struct map *m)
{
	return address(m) ? field(m, TOY_COUNT) : 0;
}

static void forecast(const struct map *m, char *out, size_t cap)
{
	snprintf(out, cap, "next growth: when %" PRIu64 " entries become more", field(m, TOY_LEN));
}

static uint64_t groups(const struct map *m, const struct reader *r, uint64_t more)
{
	struct map_view v;
	if (!map_look(m, r, &v))
		return 0;
	uint64_t n = toy_state(&v)->len;
	while (n && n < toy_state(&v)->count + more)
		n *= 2;
	return n;
}

static uint64_t group(const struct map *m, uint64_t n, const struct go_value *key)
{
	return hash(m, key) & (n - 1);
}

/* ---- maps of a recording ---- */

static struct map *recorded(const struct map_options *o, uint64_t header)
{
	return new_map(NULL, o, header);
}

struct checker {
	char *message;
	unsigned faults;
};

__attribute__((format(printf, 2, 3))) static void fault(struct checker *c, const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	if (c->faults++ == 0)
		vsnprintf(c->message, CHECK_MESSAGE, format, ap);
	va_end(ap);
}

/* Is the key of node g in the chain that its hash chooses? */
static void check_node(
	struct checker *c, const struct map *m, const struct map_view *v, const struct map_group *g)
{
	enum { TEXT = 4096 };
	uint8_t bytes[TOY_KEY_MOST], text[TEXT];
	uint64_t word[2] = { 0 }, random = 0;
	struct go_value key = { .kind = v->key.kind, .data = bytes, .len = v->key.size };
	bool read = v->r->read(v->r, g->addr + 8, bytes, v->key.size);
	if (read && v->key.kind == GO_STRING) {
		memcpy(word, bytes, 16);
		key.data = text;
		key.len = word[1];
		if (key.len > TEXT)
			return;
		read = !key.len || v->r->read(v->r, word[0], text, key.len);
	}
	if (!read)
		fault(c, "chain %" PRIu64 ": the key of entry %u cannot be read", g->index, g->depth);
	else if ((hash_value(&m->keys, &key, toy_state(v)->hash0, &random) & (toy_state(v)->len - 1)) !=
		g->index)
		fault(c, "chain %" PRIu64 ": entry %u belongs in another chain", g->index, g->depth);
}

/* Between two operations: every key is in its chain, there are count of them, and all arrays but one are
 * gone. */
static unsigned check(const struct map *m, const struct reader *r, bool between_operations, char *message)
{
	struct checker c = { message, 0 };
	struct map_view v;
	struct map_group g;
	uint64_t entries = 0, heads = 0;
	if (!map_look(m, r, &v)) {
		fault(&c, "the header cannot be read");
		return c.faults;
	}
	for (bool more = map_first(&v, &g); more; more = map_next(&v, &g)) {
		heads += !g.slots;
		entries += g.slots;
		if (g.slots && between_operations)
			check_node(&c, m, &v, &g);
	}
	if (between_operations && entries != toy_state(&v)->count)
		fault(&c, "the chains have %" PRIu64 " entries, count is %" PRIu64, entries,
			toy_state(&v)->count);
	if (between_operations && (toy_state(&v)->old || heads != toy_state(&v)->len))
		fault(&c, "there are %" PRIu64 " chains, len is %" PRIu64, heads, toy_state(&v)->len);
	return c.faults;
}

const struct engine engine_toy = {
	.name = "toy",
	.noun = "toymap",
	.kind = MAP_TOY,
	.oldest = "1.18",
	.newest = "1.23",
	.make_word = "toymap",
	.options = "name seed go hash",
	.accepts = accepts,
	.fits = fits,
	.peek = peek,
	.make = make,
	.release = release,
	.operate = operate,
	.address = address,
	.count = count,
	.has = has,
	.forecast = forecast,
	.groups = groups,
	.group = group,
	.recorded = recorded,
	.check = check,
};
