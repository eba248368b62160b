/* The memory account; see account.h.
 *
 *     GROUPS   every group of every array: its kind says which bytes are what; what full slots point to is
 *              in use
 *     REACH    what a collector would come to from the headers, LOOPS: from range loops
 *     SUM      every live block goes to its lines
 *
 * The only memory it takes is a set of addresses with marks, and a list of what is still to be scanned.
 * Nothing that is read is trusted: a group counts only where one can be, and only once, so the sum is exact
 * for damaged memory too.
 */
#include "trace/base/grown.h"
#include "trace/heap/account.h"

#include "trace/go/sizeclass.h"
#include "trace/base/translate.h"

#include <stdlib.h>
#include <string.h>

const struct account_info account_shared[ACCOUNT_SHARED] = {
#define ACCOUNT(NAME, name, group, title, sentence) { #name, ACCOUNT_##group, title, sentence },
#include "trace/map/account.def"
#undef ACCOUNT
};
const char *const account_group_name[ACCOUNT_GROUPS] = { "used", "book", "room", "dead", "other" };
const char *const account_group_title[ACCOUNT_GROUPS] = { N_("in use"), N_("bookkeeping"), N_("room"),
	N_("dead"), N_("other") };

/* Marks of an address, in the bits that no address has. */
#define MARK_USED (UINT64_C(1) << 61)    /* a full slot points to it */
#define MARK_COUNTED (UINT64_C(1) << 62) /* a group, or an array, that has been counted */
#define MARK_REACHED (UINT64_C(1) << 63) /* a collector comes to it */
#define MARKS (MARK_USED | MARK_COUNTED | MARK_REACHED)

enum stage { STAGE_LIST, STAGE_GROUPS, STAGE_REACH, STAGE_LOOPS, STAGE_SUM, STAGE_DONE };

struct subject {
	const struct map_info *info;
	unsigned root; /* whose account its bytes are in: its own, or that of the map that it is a part of */
	bool ok, headers; /* headers: its release has malloc headers */
	struct map_view view;
};

/* What is to be scanned; scanned up to at. */
struct gray {
	struct block b;
	uint64_t at;
};
struct span_of {
	uint64_t addr, size;
};

struct accounting {
	const struct image *image;
	const struct reader *r;
	unsigned maps, only;
	uint64_t moving; /* a group that an operation is moving */
	struct subject *subject; /* maps of them */
	struct account *account; /* maps + 1 */
	enum stage stage;
	unsigned map, array;    /* GROUPS: the map, array, group to go on with */
	uint64_t index, groups; /* groups: of the array */
	uint64_t counted;       /* bytes of its block that are in lines */
	unsigned scan_map;      /* REACH: pointers is that of such blocks */
	enum block_role scan_role;
	bool scan_known;
	struct map_pointers pointers;
	uint64_t cursor;             /* LIST, SUM: of the image */
	uint64_t *set, mask, in_set; /* addresses with marks; 0: empty */
	struct gray *gray;
	size_t grays, grays_cap;
	struct span_of *holder; /* arrays and overflow buckets, into which loops may point */
	size_t holders, holders_cap;
	bool holders_sorted;
	struct block *loop; /* hiters */
	size_t loops, loops_cap;
};

/* ---- sums ---- */

uint64_t account_group_sum(const struct account *a, enum account_group g)
{
	uint64_t sum = 0;
	for (unsigned i = 0; a->table && i < a->table->rows; i++)
		if (a->table->row[i].info->group == g)
			sum += a->line[a->table->row[i].line];
	return sum;
}

uint64_t account_live(const struct account *a)
{
	return a->given - account_dead(a);
}

double account_per_entry(const struct account *a)
{
	return a->entries ? (double)a->given / (double)a->entries : 0;
}

/* ---- the set of addresses ----
 *
 * A table of its own beside trace/base/addresses.h: with the marks in the addresses' free bits it is half as
 * large, and the account of a map with many entries is bound by the caches.  Measured with 40,000 entries of
 * map[string]int64: 20 % slower with the other.
 */

static uint64_t *set_slot(uint64_t *set, uint64_t mask, uint64_t addr)
{
	uint64_t i = (addr * UINT64_C(0x9e3779b97f4a7c15) >> 20) & mask;
	while (set[i] && (set[i] & ~MARKS) != addr)
		i = (i + 1) & mask;
	return &set[i];
}

static uint64_t marks(const struct accounting *a, uint64_t addr)
{
	return *set_slot(a->set, a->mask, addr) & MARKS;
}

static void set_grow(struct accounting *a)
{
	uint64_t mask = a->mask * 2 + 1, *set = memory_array(mask + 1, sizeof *set);
	for (uint64_t i = 0; i <= a->mask; i++)
		if (a->set[i])
			*set_slot(set, mask, a->set[i] & ~MARKS) = a->set[i];
	free(a->set);
	a->set = set;
	a->mask = mask;
}

/* false: it has the mark already. */
static bool mark(struct accounting *a, uint64_t addr, uint64_t m)
{
	uint64_t *s = set_slot(a->set, a->mask, addr);
	if (*s & m)
		return false;
	if (!*s) {
		if (a->in_set * 2 > a->mask) {
			set_grow(a);
			s = set_slot(a->set, a->mask, addr);
		}
		a->in_set++;
	}
	*s |= addr | m;
	return true;
}

/* ---- LIST: which blocks loops may point into ---- */

static unsigned root_of(const struct accounting *a, unsigned map)
{
	return map && map <= a->maps ? a->subject[map - 1].root : 0;
}

static bool is_mine(const struct accounting *a, const struct block *b)
{
	return b->map <= a->maps && (!a->only || root_of(a, b->map) == root_of(a, a->only));
}

static void list_block(struct accounting *a, const struct block *b)
{
	if (block_role_holds[b->role] == HOLDS_LOOP) {
		a->loop = grown(a->loop, &a->loops_cap, a->loops, sizeof *a->loop);
		a->loop[a->loops++] = *b;
	} else if (block_role_holds[b->role] == HOLDS_GROUPS) {
		a->holder = grown(a->holder, &a->holders_cap, a->holders, sizeof *a->holder);
		a->holder[a->holders++] = (struct span_of){ b->addr, b->size };
	}
}

static uint64_t list(struct accounting *a, uint64_t n)
{
	struct block b;
	for (; n > 0; n--) {
		if (!image_next(a->image, &a->cursor, &b)) {
			a->stage = STAGE_GROUPS;
			a->cursor = 0;
			return n;
		}
		if (is_mine(a, &b))
			list_block(a, &b);
	}
	return 0;
}

static int by_address(const void *x, const void *y)
{
	uint64_t a = ((const struct span_of *)x)->addr, b = ((const struct span_of *)y)->addr;
	return a < b ? -1 : a > b;
}

/* The block that addr is in: it starts there, or is an array or overflow bucket. */
static bool block_at(struct accounting *a, uint64_t addr, struct block *ret)
{
	size_t lo = 0, hi = a->holders;
	if (a->r->block(a->r, addr, ret))
		return true;
	if (!a->holders_sorted && a->holders > 0)
		qsort(a->holder, a->holders, sizeof *a->holder, by_address);
	a->holders_sorted = true;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (a->holder[mid].addr <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo > 0 && addr - a->holder[lo - 1].addr < a->holder[lo - 1].size &&
		a->r->block(a->r, a->holder[lo - 1].addr, ret);
}

/* ---- what a collector follows ---- */

/* Does the kind of the block's map know its pointers?  They are in a->pointers then. */
static bool known_pointers(struct accounting *a, const struct block *b)
{
	if (!b->map)
		return false;
	if (a->scan_map != b->map || a->scan_role != b->role) {
		const struct map_view *v = &a->subject[b->map - 1].view;
		a->scan_map = b->map;
		a->scan_role = b->role;
		a->scan_known = v->kind->pointers(v, b->role, &a->pointers);
	}
	return a->scan_known;
}

static void reach_block(struct accounting *a, const struct block *b)
{
	if (!is_mine(a, b) || !mark(a, b->addr, MARK_REACHED))
		return;
	enum block_holds holds = block_role_holds[b->role];
	if (holds == HOLDS_BYTES || (holds == HOLDS_BOX && b->size != 16) ||
		(holds == HOLDS_GROUPS && !b->map))
		return;
	if (known_pointers(a, b) && a->pointers.n == 0)
		return; /* noscan */
	a->gray = grown(a->gray, &a->grays_cap, a->grays, sizeof *a->gray);
	a->gray[a->grays++] = (struct gray){ *b, b->addr };
}

static void reach(struct accounting *a, uint64_t addr)
{
	struct block b;
	if (addr && !(addr & MARKS) && !(marks(a, addr) & MARK_REACHED) && block_at(a, addr, &b))
		reach_block(a, &b);
}

static uint64_t word(const uint8_t *at)
{
	uint64_t v;
	memcpy(&v, at, 8);
	return v;
}

enum { SCAN_BYTES = 2112, SCAN_WORDS = 64 };

/* The pointers in the piece of size bytes at addr. */
static void scan_piece(struct accounting *a, uint64_t addr, uint64_t size)
{
	const struct map_pointers p = a->pointers; /* what is reached may need others */
	uint8_t bytes[SCAN_BYTES];
	bool whole = size <= sizeof bytes;
	if (whole && !a->r->read(a->r, addr, bytes, size))
		return;
	for (unsigned i = 0; i < p.n; i++) {
		uint64_t v;
		if (whole)
			reach(a, word(bytes + p.offset[i]));
		else if (a->r->read(a->r, addr + p.offset[i], &v, 8))
			reach(a, v);
	}
}

/* A piece of the object that was found last.  Pushes others onto it, so g is taken anew each time. */
static void scan(struct accounting *a)
{
	struct gray *g = &a->gray[a->grays - 1];
	const struct block b = g->b;
	bool known = known_pointers(a, &b);
	uint64_t at = g->at, end = b.addr + (block_role_holds[b.role] == HOLDS_BOX ? 8 : b.size);
	uint64_t step = !known ? 8 : a->pointers.stride ? a->pointers.stride : b.size;
	if (at + step > end) {
		a->grays--;
		return;
	}
	g->at += known ? step : SCAN_WORDS * 8;
	if (known) {
		scan_piece(a, at, step);
		return;
	}
	for (int i = 0; i < SCAN_WORDS && at + 8 <= end; i++, at += 8) {
		uint64_t v;
		if (a->r->read(a->r, at, &v, 8))
			reach(a, v);
	}
}

/* ---- GROUPS ---- */

static void use(struct accounting *a, uint64_t addr)
{
	struct block b;
	for (bool more = true;
		more && addr && !(addr & MARKS) && a->r->block(a->r, addr, &b) && is_mine(a, &b);)
		more = mark(a, addr, MARK_USED) && block_role_holds[b.role] == HOLDS_BOX &&
			b.size == 16 && /* a string in an interface has a text */
			a->r->read(a->r, addr, &addr, 8);
}

/* What a kind's functions are given. */
struct counting {
	struct books books;
	struct accounting *a;
	const struct subject *s;
};

static bool books_block(struct books *k, uint64_t addr, struct block *ret)
{
	const struct counting *c = (const struct counting *)k;
	return c->a->r->block(c->a->r, addr, ret) && root_of(c->a, ret->map) == c->s->root;
}

static bool books_first(struct books *k, uint64_t addr)
{
	return mark(((struct counting *)k)->a, addr, MARK_COUNTED);
}

static void books_use(struct books *k, uint64_t addr)
{
	use(((struct counting *)k)->a, addr);
}

/* The array that a->array is: how much of it is to be counted.  false: the map has no more. */
static bool array_begin(struct counting *c, struct map_array *ret)
{
	struct accounting *a = c->a;
	const struct map_view *v = &c->s->view;
	if (!c->s->ok || !v->kind->array || !v->kind->array(v, a->array, ret))
		return false;
	if (a->index == 0) {
		a->groups = v->kind->countable(v, &c->books, a->array);
		a->counted = 0;
	}
	return true;
}

/* The array's bytes that are in no group that was counted. */
static void array_end(struct counting *c, const struct map_array *array)
{
	const struct map_view *v = &c->s->view;
	struct block b;
	if (c->a->groups && books_block(&c->books, array->addr, &b) && mark(c->a, b.addr, MARK_COUNTED))
		c->books.line[v->kind->array_line(v, c->a->array)] += b.size - c->a->counted;
	c->a->array++;
	c->a->index = 0;
}

static uint64_t groups(struct accounting *a, uint64_t n)
{
	while (n > 0) {
		const struct subject *s = a->map < a->maps ? &a->subject[a->map] : NULL;
		uint64_t took = 1;
		struct map_array array;
		if (!s) {
			a->stage = STAGE_REACH;
			return n;
		}
		struct account *to = &a->account[s->root];
		struct counting c = { { to->line, &to->entries, a->moving, 0, books_block, books_first, books_use }, a,
			s };
		if (!array_begin(&c, &array)) {
			a->map++;
			a->array = 0;
			a->index = 0;
		} else if (a->index >= a->groups) {
			array_end(&c, &array);
		} else {
			took = s->view.kind->count(&s->view, &c.books, a->array, a->index++);
			a->counted += c.books.counted;
		}
		n -= took < n ? took : n;
	}
	return 0;
}

/* ---- SUM ---- */

/* Only what is said of the map tells what of it lies on a stack; loops' variables always do. */
static bool on_stack(const struct subject *s, const struct block *b)
{
	return block_role_holds[b->role] == HOLDS_LOOP || (s && s->view.kind->on_stack(&s->view, s->info, b));
}

static bool has_pointers(struct accounting *a, const struct block *b)
{
	return block_role_holds[b->role] == HOLDS_POINTERS || (known_pointers(a, b) && a->pointers.n > 0);
}

static unsigned line_of(const struct accounting *a, const struct block *b, uint64_t m, bool stack)
{
	unsigned root = root_of(a, b->map);
	if (block_role_holds[b->role] == HOLDS_LOOP)
		return ACCOUNT_LOOPS;
	if (!(m & MARKS) && !stack)
		return ACCOUNT_GARBAGE;
	return root ? a->subject[root - 1].view.kind->block_line(b->role, m & MARK_USED) : ACCOUNT_OTHER;
}

/* Whose account a block is in: counters belong to no map. */
static unsigned owner_of(const struct accounting *a, const struct block *b)
{
	return b->role == ROLE_COUNTER ? 0 : root_of(a, b->map);
}

/* A piece that shares a tiny block takes of the rounding of the one that took it. */
static bool tiny_owner(const struct accounting *a, const struct block *b, struct block *ret)
{
	return b->rounded == 0 && a->r->block(a->r, b->addr & ~UINT64_C(15), ret) && ret->rounded == 16 &&
		ret->map <= a->maps;
}

/* Where the bytes over what was asked for go, of a block whose bytes have these marks. */
static enum account_line rest_line(const struct accounting *a, const struct block *b)
{
	return owner_of(a, b) == 0          ? ACCOUNT_OTHER
		: marks(a, b->addr) & MARKS ? ACCOUNT_ROUNDING
					    : ACCOUNT_GARBAGE;
}

static void sum_block(struct accounting *a, const struct block *b)
{
	struct subject *s = b->map ? &a->subject[b->map - 1] : NULL;
	struct account *c = &a->account[owner_of(a, b)];
	struct block owner;
	bool stack = on_stack(s, b);
	c->blocks++;
	c->asked += b->size;
	if (owner_of(a, b) == 0)
		c->line[ACCOUNT_OTHER] += b->size;
	else if (!(marks(a, b->addr) &
			 MARK_COUNTED)) /* groups and arrays that were counted are in their lines already */
		c->line[line_of(a, b, marks(a, b->addr), stack)] += b->size;
	if (tiny_owner(a, b, &owner)) {
		c->given += b->size;
		a->account[owner_of(a, &owner)].given -= b->size;
		a->account[owner_of(a, &owner)].line[rest_line(a, &owner)] -= b->size;
		return;
	}
	uint64_t given = b->rounded < b->size ? b->size : b->rounded, rest = given - b->size;
	enum account_line line = stack ? ACCOUNT_ROUNDING : rest_line(a, b);
	c->given += given;
	c->stack += stack ? given : 0;
	if (line == ACCOUNT_ROUNDING && s && rest >= MALLOC_HEADER &&
		has_malloc_header(b->size, has_pointers(a, b), s->headers)) {
		c->line[ACCOUNT_HEADERS] += MALLOC_HEADER;
		rest -= MALLOC_HEADER;
	}
	c->line[line] += rest;
}

static uint64_t sum(struct accounting *a, uint64_t n)
{
	struct block b;
	for (; n > 0; n--) {
		if (!image_next(a->image, &a->cursor, &b)) {
			a->stage = STAGE_DONE;
			return n;
		}
		/* a tiny block's rounding is the owner's, also when another map asks */
		if (b.map <= a->maps && (is_mine(a, &b) || b.rounded == 0 || b.rounded == 16))
			sum_block(a, &b);
	}
	return 0;
}

/* ---- the work ---- */

static bool subject_make(
	struct subject *s, const struct map_info *maps, unsigned number, const struct reader *r)
{
	const struct map_info *info = &maps[number - 1];
	struct block b;
	s->info = info;
	s->root = info->part_of ? info->part_of : info->map;
	s->headers = strncmp(info->go, "1.", 2) == 0 && atoi(info->go + 2) >= 22;
	return map_open(&s->view, maps, number, r) && r->block(r, s->view.header, &b) &&
		b.role == s->view.kind->header_role && (b.map == info->map || info->part_of);
}

struct accounting *accounting_begin(
	const struct image *image, const struct map_info *map, unsigned maps, unsigned only)
{
	struct accounting *a = memory_get(sizeof *a);
	*a = (struct accounting){ .image = image,
		.r = image_reader(image),
		.maps = maps,
		.only = only,
		.mask = 1023,
		.subject = memory_array(maps + 1, sizeof *a->subject),
		.account = memory_array(maps + 1, sizeof *a->account),
		.set = memory_array(1024, sizeof *a->set) };
	for (unsigned i = 0; i < maps; i++)
		a->subject[i].ok = subject_make(&a->subject[i], map, i + 1, a->r);
	for (unsigned i = 0; i <= maps; i++)
		a->account[i].table = map_kinds[maps ? map[i ? i - 1 : 0].kind : 0]->account;
	for (unsigned i = 0; only && i < maps; i++)
		a->subject[i].ok = a->subject[i].ok && a->subject[i].root == root_of(a, only);
	return a;
}

void accounting_at(struct accounting *a, struct player *p)
{
	enum { BACK_MOST = 65536 };
	uint64_t from = p->step, least = p->step > BACK_MOST ? p->step - BACK_MOST : 1;
	const struct event *e = NULL;
	while (from > least && (e = player_event(p, from)) && e->kind != EV_OP && e->kind != EV_PHASE)
		from--;
	a->moving = 0;
	for (uint64_t step = from; step && step <= p->step && (e = player_event(p, step)); step++) {
		const struct subject *s = e->map && e->map <= a->maps ? &a->subject[e->map - 1] : NULL;
		if (s && map_kinds[s->info->kind]->moving)
			a->moving = map_kinds[s->info->kind]->moving(e, a->moving);
	}
}

void accounting_free(struct accounting *a)
{
	if (!a)
		return;
	free(a->subject);
	free(a->account);
	free(a->set);
	free(a->gray);
	free(a->holder);
	free(a->loop);
	free(a);
}

/* The objects from which the next stage goes out. */
static void begin_reach(struct accounting *a)
{
	for (unsigned i = 0; i < a->maps; i++) {
		const struct subject *s = &a->subject[i];
		if (!s->info->part_of && (s->ok || s->view.kind->parts))
			reach(a, s->view.header);
	}
}

static void begin_loops(struct accounting *a)
{
	for (size_t i = 0; i < a->loops; i++)
		reach_block(a, &a->loop[i]);
}

bool accounting_work(struct accounting *a, uint64_t n)
{
	while (n > 0 && a->stage != STAGE_DONE)
		switch (a->stage) {
		case STAGE_LIST: n = list(a, n); break;
		case STAGE_GROUPS:
			n = groups(a, n);
			if (a->stage == STAGE_REACH)
				begin_reach(a);
			break;
		case STAGE_REACH:
		case STAGE_LOOPS:
			if (a->grays) {
				scan(a);
				n--;
			} else if (a->stage == STAGE_REACH) {
				a->stage = STAGE_LOOPS;
				begin_loops(a);
			} else {
				a->stage = STAGE_SUM;
			}
			break;
		case STAGE_SUM: n = sum(a, n); break;
		case STAGE_DONE: break;
		}
	return a->stage != STAGE_DONE;
}

const struct account *accounting_of(const struct accounting *a, unsigned map)
{
	return a->stage == STAGE_DONE && map <= a->maps ? &a->account[root_of(a, map)] : NULL;
}
