/* How the memory of a toy map is read; see toy.h and trace/map/kind.h. */
#include "tests/toy/toy.h"
#include "trace/map/value.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(struct toy_state) <= MAP_STATE, "the state of a toy map has no room");

static const struct field header_fields[] = { { "count", TOY_COUNT, 8, 1, "" }, { "len", TOY_LEN, 8, 1, "" },
	{ "heads", TOY_HEADS, 8, 1, "ptr" }, { "old", TOY_OLD, 8, 1, "ptr" },
	{ "hash0", TOY_HASH0, 8, 1, "" }, { 0 } };

static uint32_t aligned(const struct go_type *t, uint32_t at)
{
	uint32_t align = t->kind == GO_BYTES || t->size == 0 ? 1 : t->size >= 8 ? 8 : t->size;
	return (at + align - 1) & ~(align - 1);
}

struct toy_layout toy_layout(const struct go_type *key, const struct go_type *elem)
{
	struct toy_layout n = { .key = 8 };
	n.elem = aligned(elem, n.key + key->size);
	n.size = (n.elem + elem->size + 7) & ~7u;
	return n;
}

static void type(const struct map_info *m, char *out, size_t cap)
{
	snprintf(out, cap, "toymap[%s]%s", m->key.name, m->elem.name);
}

static bool open(struct map_view *v)
{
	struct toy_state *s = (struct toy_state *)(void *)v->state;
	uint64_t word[TOY_SIZE / 8];
	s->node = toy_layout(&v->key, &v->elem);
	if (!v->header || !v->r->read(v->r, v->header, word, sizeof word))
		return false;
	s->count = word[TOY_COUNT / 8];
	s->len = word[TOY_LEN / 8];
	s->heads = word[TOY_HEADS / 8];
	s->old = word[TOY_OLD / 8];
	s->hash0 = word[TOY_HASH0 / 8];
	return s->len < UINT64_C(1) << 40 && (s->len & (s->len - 1)) == 0;
}

static bool object(const struct map_view *v, unsigned i, struct map_object *ret)
{
	*ret = (struct map_object){ "toymap", v->header, TOY_SIZE, header_fields };
	return i == 0;
}

static bool shape(const struct map_view *v, struct map_shape *ret)
{
	const struct toy_layout *n = &toy_state(v)->node;
	*ret = (struct map_shape){ "node", n->size, 1, v->key.size + v->elem.size,
		{ { "next", 0, 8, 1, "ptr" }, { "key", n->key, v->key.size, 1, "key" },
			{ "elem", n->elem, v->elem.size, 1, "elem" } } };
	return true;
}

/* ---- groups ---- */

static bool array(const struct map_view *v, unsigned i, struct map_array *ret)
{
	const struct toy_state *s = toy_state(v);
	uint64_t at = i == TOY_NEW ? s->heads : s->old, n = !at ? 0 : i == TOY_NEW ? s->len : s->len / 2;
	*ret = (struct map_array){ i == TOY_NEW ? "new" : "old", at, n * 8, n, i == TOY_OLD_ARRAY };
	return i <= TOY_OLD_ARRAY;
}

/* A head, with slots 0, or a node. */
static bool fill(const struct map_view *v, struct map_group *g)
{
	g->size = g->slots ? toy_state(v)->node.size : 8;
	g->next_at = g->addr;
	return v->r->read(v->r, g->addr, &g->next, 8);
}

static bool group(const struct map_view *v, unsigned a, uint64_t index, struct map_group *ret)
{
	struct map_array m;
	if (!array(v, a, &m) || index >= m.groups)
		return false;
	*ret = (struct map_group){
		.addr = m.addr + index * 8, .array = a, .index = index, .source = GROUP_MAIN
	};
	return fill(v, ret);
}

/* A chain that is longer than the map has entries is a circle. */
static bool chain(const struct map_view *v, struct map_group *g)
{
	struct map_group next = { .addr = g->next,
		.slots = 1,
		.array = g->array,
		.index = g->index,
		.depth = g->depth + 1,
		.source = GROUP_HEAP };
	if (!g->next || g->depth > toy_state(v)->count || !fill(v, &next))
		return false;
	*g = next;
	return true;
}

static bool path(const struct map_view *v, uint64_t hash, unsigned n, struct map_group *g)
{
	return n ? chain(v, g) : group(v, TOY_NEW, hash & (toy_state(v)->len - 1), g);
}

static void slot(const struct map_view *v, const struct map_group *g, unsigned i, struct map_slot *ret)
{
	const struct toy_layout *n = &toy_state(v)->node;
	(void)i;
	*ret = (struct map_slot){ .state = SLOT_FULL,
		.name = "full",
		.key = { &v->key, g->addr + n->key, v->key.size, false },
		.elem = { &v->elem, g->addr + n->elem, v->elem.size, false } };
}

/* ---- what lies where ---- */

static bool chain_has(
	const struct map_view *v, unsigned a, uint64_t index, uint64_t addr, struct map_group *g)
{
	for (bool more = group(v, a, index, g); more; more = chain(v, g))
		if (addr >= g->addr && addr - g->addr < g->size)
			return true;
	return false;
}

static bool locate(
	const struct map_view *v, uint64_t addr, const uint64_t *near, unsigned n, struct map_group *ret)
{
	struct map_array m;
	for (unsigned a = 0; array(v, a, &m); a++) {
		if (m.addr && addr >= m.addr && addr - m.addr < m.size)
			return group(v, a, (addr - m.addr) / 8, ret);
		for (uint64_t i = 0; m.groups && i < (near ? n : m.groups); i++)
			if (chain_has(v, a, near ? near[i] & (m.groups - 1) : i, addr, ret))
				return true;
	}
	return false;
}

static bool stray(const struct map_view *v, const struct block *b, uint64_t addr, struct map_group *ret)
{
	uint64_t i = b->role == ROLE_TOYHEADS ? (addr - b->addr) / 8 : 0;
	*ret = (struct map_group){ .addr = b->addr + i * 8,
		.slots = b->role == ROLE_TOYNODE,
		.number = i,
		.source = b->role == ROLE_TOYNODE ? GROUP_HEAP : GROUP_DROPPED };
	return (b->role == ROLE_TOYHEADS || b->role == ROLE_TOYNODE) && fill(v, ret) &&
		ret->size + i * 8 <= b->size;
}

static bool block(const struct map_view *v, const struct block *b, struct map_object *ret)
{
	(void)v, (void)b, (void)ret;
	return false;
}

/* ---- words ---- */

static const char *const part_name[LOCATION_PARTS] = { "", "", "key", "elem", "next" };

static void describe(const struct map_view *v, const char *name, const struct map_location *l, bool whole,
	char *out, size_t cap)
{
	const struct map_group *g = &l->group;
	const char *blank = whole ? "" : " ", *part = whole ? "" : l->part ? part_name[l->part] : "padding";
	(void)v;
	if (g->source == GROUP_DROPPED)
		snprintf(out, cap, "%s dropped head %" PRIu64 "%s%s", name, g->number, blank, part);
	else if (g->slots && !g->depth)
		snprintf(out, cap, "%s entry%s%s", name, blank, part);
	else if (g->slots)
		snprintf(
			out, cap, "%s chain %" PRIu64 " entry %u%s%s", name, g->index, g->depth, blank, part);
	else
		snprintf(out, cap, "%s chain %" PRIu64 " head%s%s", name, g->index, blank, part);
}

static void label(const struct map_view *v, const struct map_group *g, char *out, size_t cap)
{
	(void)v;
	snprintf(out, cap, "%" PRIu64 ".%u", g->index, g->depth);
}

static bool find(
	const struct map_view *v, unsigned a, const char *text, struct map_group *ret, const char **ret_end)
{
	char *end;
	unsigned long depth = 0;
	if (*text < '0' || *text > '9')
		return false;
	uint64_t index = strtoull(text, &end, 10);
	if (*end == '.')
		depth = strtoul(end + 1, &end, 10);
	*ret_end = end;
	bool found = group(v, a, index, ret);
	for (; found && depth > 0; depth--)
		found = chain(v, ret);
	return found;
}

static void print_value(const struct map_view *v, const struct map_value *x, FILE *out)
{
	size_t n = map_value_print(v->r, x, VALUE_EXACT, NULL, 0) + 1;
	char *text = malloc(n);
	if (text)
		map_value_print(v->r, x, VALUE_EXACT, text, n);
	fprintf(out, " %s", text ? text : "?");
	free(text);
}

static bool dump(const struct map_view *v, FILE *out)
{
	const struct toy_state *s = toy_state(v);
	struct map_group g;
	struct map_slot x;
	fprintf(out, "toymap count=%" PRIu64 " len=%" PRIu64 " hash0=%016" PRIx64 "\n", s->count, s->len,
		s->hash0);
	for (bool more = map_first(v, &g); more; more = map_next(v, &g)) {
		if (!g.slots)
			continue;
		fprintf(out, "%s %" PRIu64 ".%u", g.array ? "old" : "new", g.index, g.depth);
		slot(v, &g, 0, &x);
		print_value(v, &x.key, out);
		print_value(v, &x.elem, out);
		fputc('\n', out);
	}
	return true;
}

/* ---- the collector ---- */

/* Adds where the pointer of a value of type t is that begins at offset at. */
static void add_pointer(struct map_pointers *p, const struct go_type *t, uint32_t at)
{
	if (t->pointers)
		p->offset[p->n++] = t->kind == GO_ANY ? at + 8 : at;
}

static bool pointers(const struct map_view *v, enum block_role role, struct map_pointers *ret)
{
	const struct toy_layout *n = &toy_state(v)->node;
	*ret = (struct map_pointers){ .stride = role == ROLE_TOYHEADS ? 8 : 0, .n = 1 };
	if (role == ROLE_TOYMAP) {
		ret->offset[0] = TOY_HEADS;
		ret->offset[ret->n++] = TOY_OLD;
	} else if (role == ROLE_TOYNODE) {
		add_pointer(ret, &v->key, n->key);
		add_pointer(ret, &v->elem, n->elem);
	}
	return role == ROLE_TOYMAP || role == ROLE_TOYHEADS || role == ROLE_TOYNODE;
}

/* ---- the memory account ---- */

enum line {
	LINE_BEFORE = ACCOUNT_SHARED - 1,
#define SHARED(NAME)
#define ACCOUNT(NAME, name, group, title, sentence) LINE_##NAME,
#include "tests/toy/account.def"
#undef SHARED
#undef ACCOUNT
};

static const struct account_info own[] = {
#define SHARED(NAME)
#define ACCOUNT(NAME, name, group, title, sentence) { #name, ACCOUNT_##group, title, sentence },
#include "tests/toy/account.def"
#undef SHARED
#undef ACCOUNT
};

static const struct account_table account = { sizeof own / sizeof *own + ACCOUNT_SHARED,
	{
#define SHARED(NAME) { ACCOUNT_##NAME, &account_shared[ACCOUNT_##NAME] },
#define ACCOUNT(NAME, name, group, title, sentence) { LINE_##NAME, &own[LINE_##NAME - ACCOUNT_SHARED] },
#include "tests/toy/account.def"
#undef SHARED
#undef ACCOUNT
	} };

static uint64_t countable(const struct map_view *v, struct books *k, unsigned a)
{
	struct map_array m;
	struct block b;
	return array(v, a, &m) && m.addr && k->block(k, m.addr, &b) && b.role == ROLE_TOYHEADS &&
			b.size == m.size
		? m.groups
		: 0;
}

static void use_value(const struct map_view *v, struct books *k, const struct map_value *x)
{
	uint64_t p;
	if (x->type->pointers && v->r->read(v->r, x->addr + (x->type->kind == GO_ANY ? 8 : 0), &p, 8))
		k->use(k, p);
}

static uint64_t count(const struct map_view *v, struct books *k, unsigned a, uint64_t index)
{
	struct map_group g;
	struct map_slot s;
	struct block b;
	uint64_t n = 1, entry = v->key.size + v->elem.size;
	bool there = group(v, a, index, &g);
	k->line[there && g.next ? LINE_HEADS : LINE_EMPTY] += 8;
	k->counted += 8;
	for (; there && chain(v, &g) && k->block(k, g.addr, &b) && b.role == ROLE_TOYNODE &&
		b.size == g.size && k->first(k, g.addr);
		n++) {
		slot(v, &g, 0, &s);
		use_value(v, k, &s.key);
		use_value(v, k, &s.elem);
		++*k->entries;
		k->line[ACCOUNT_SLOTS] += entry;
		k->line[LINE_NEXT] += g.size - entry;
	}
	return n;
}

static unsigned array_line(const struct map_view *v, unsigned a)
{
	(void)v, (void)a;
	return LINE_EMPTY;
}

static unsigned block_line(enum block_role role, bool used)
{
	return role == ROLE_TOYMAP ? LINE_HEADER : used ? ACCOUNT_OUTSIDE : ACCOUNT_KEPT;
}

static bool on_stack(const struct map_view *v, const struct map_info *m, const struct block *b)
{
	(void)v, (void)m, (void)b;
	return false;
}

/* ---- rows: one for each node that is unlinked ---- */

enum { UNLINK };

/* Where the search for the key is. */
struct search {
	uint64_t chain, depth;
};

static struct kind_set row_kinds(void)
{
	return KINDS(EV_TOYHEAD, EV_TOYNODE, EV_TOYGROW, EV_REMOVE);
}

static unsigned row_event(void *state, const struct event *e, struct row_maker *k)
{
	struct search *s = state;
	if (e->kind == EV_TOYHEAD)
		*s = (struct search){ .chain = e->b };
	else if (e->kind == EV_TOYNODE)
		s->depth = e->a;
	else if (e->kind == EV_REMOVE)
		k->insert(k, UNLINK,
			(struct row_value[]){ k->step, k->op, k->map, row_number(e->addr),
				row_number(s->chain), row_number(s->depth) });
	return e->kind == EV_TOYGROW ? OPERATION_GROWING : 0;
}

static const struct map_rows rows = {
	.tables = { "unlink" }, .state = sizeof(struct search), .kinds = row_kinds, .event = row_event
};

const struct map_kind_ops map_kind_toy = { .name = "toy",
	.state = sizeof(struct toy_state),
	.part_name = { "", "", "key", "elem", "next" },
	.type = type,
	.open = open,
	.object = object,
	.shape = shape,
	.array = array,
	.group = group,
	.chain = chain,
	.path = path,
	.slot = slot,
	.locate = locate,
	.stray = stray,
	.block = block,
	.describe = describe,
	.label = label,
	.find = find,
	.dump = dump,
	.pointers = pointers,
	.header_role = ROLE_TOYMAP,
	.account = &account,
	.countable = countable,
	.count = count,
	.array_line = array_line,
	.block_line = block_line,
	.on_stack = on_stack,
	.rows = &rows };
