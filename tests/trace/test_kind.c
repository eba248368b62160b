/* Kinds of map: what a kind says of a map's memory fits together, at many steps of random recordings.
 *
 *  - every group is found by the address of each of its bytes, and each location by its text;
 *  - every live block is something, and a map's header and groups are that map's;
 *  - a key that was found is in one of the groups that a search for its hash looks at;
 *  - the pointers that a kind names lie in its blocks;
 *  - the dump is the layout of the map's memory.
 */
#include "tests/screen/screen.h"
#include "src/engine/random.h"
#include "trace/map/classic/model.h"
#include "trace/map/locate.h"
#include "trace/map/sync/sync.h"

#include <check.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* How far a block is looked for from its end. */
enum { TEXT_MAX = 65536, NEAR_BLOCK = 4096 };

static void same_location(const struct map_view *v, uint64_t addr, const struct map_location *want)
{
	struct map_location l;
	NEED(map_locate(v, addr, NULL, 0, &l), "nothing is at %" PRIx64, addr);
	NEED(l.kind == want->kind && l.part == want->part && l.slot == want->slot && l.addr == want->addr &&
			l.field == want->field,
		"%" PRIx64 " is something else", addr);
	NEED(addr >= l.addr && addr - l.addr < l.size, "%" PRIx64 " is not in %" PRIx64 "+%" PRIu64, addr,
		l.addr, l.size);
}

/* An address, what lies there, its text, and back. */
static void round_trip(const struct map_view *v, uint64_t addr)
{
	struct map_location l, back;
	char text[128];
	NEED(map_locate(v, addr, NULL, 0, &l), "nothing is at %" PRIx64, addr);
	same_location(v, l.addr, &l);
	map_location_print(v, &l, text, sizeof text);
	if (l.kind == LOCATION_OBJECT ? !l.field : l.part == AT_PADDING)
		return; /* padding has no text */
	NEED(map_find(v, text, &back), "\"%s\" is not found", text);
	NEED(back.addr == l.addr && back.size == l.size && back.kind == l.kind && back.part == l.part &&
			back.slot == l.slot,
		"\"%s\" is %" PRIx64 "+%" PRIu64 ", not %" PRIx64 "+%" PRIu64, text, back.addr, back.size,
		l.addr, l.size);
}

static void check_objects(const struct map_view *v)
{
	struct map_object o;
	for (unsigned i = 0; v->kind->object(v, i, &o); i++)
		for (const struct field *f = o.fields; o.addr && f->name; f++) {
			NEED(f->offset + f->size * f->count <= o.size, "%s.%s lies outside", o.name, f->name);
			for (uint32_t k = 0; k < f->size * f->count; k++)
				round_trip(v, o.addr + f->offset + k);
		}
}

static void check_group(const struct map_view *v, const struct map_group *g, uint64_t *random)
{
	struct map_group at;
	struct map_slot s;
	unsigned full = 0;
	NEED(v->kind->locate(v, g->addr, NULL, 0, &at) && at.addr == g->addr && at.array == g->array &&
			at.index == g->index && at.depth == g->depth && at.source == g->source,
		"the group at %" PRIx64 " is not found", g->addr);
	NEED(v->kind->locate(v, g->addr + g->size - 1, &g->index, 1, &at) && at.addr == g->addr,
		"its last byte is not in it");
	for (unsigned i = 0; i < g->slots; i++) {
		v->kind->slot(v, g, i, &s);
		full += s.state == SLOT_FULL;
		NEED(s.key.addr >= g->addr && s.elem.addr + s.elem.size <= g->addr + g->size,
			"slot %u lies outside", i);
		NEED(!g->controls || (s.control_at >= g->addr && s.control_at < g->addr + g->size),
			"its control byte lies outside");
	}
	NEED(full == group_entries(v, g), "entries");
	for (int i = 0; i < 6; i++)
		round_trip(v, g->addr + random_next(random) % g->size);
	if (g->next_at)
		round_trip(v, g->next_at);
}

static void check_pointers(const struct map_view *v, const struct block *b)
{
	struct map_pointers p;
	if (!v->kind->pointers(v, b->role, &p))
		return;
	NEED(p.n <= MAP_POINTERS && (!p.stride || p.stride <= b->size), "%u pointers each %u bytes", p.n,
		p.stride);
	for (unsigned i = 0; i < p.n; i++)
		NEED(p.offset[i] + 8 <= (p.stride ? p.stride : b->size), "a pointer lies outside its block");
}

/* Every live block is something, and what belongs to a map that is there. */
static void check_blocks(const struct source *s, const struct image *image, const struct locator *l)
{
	const struct reader *r = image_reader(image);
	struct location at;
	struct map_view v;
	struct block b;
	char text[LOCATION_TEXT];
	for (uint64_t cursor = 0; image_next(image, &cursor, &b);) {
		NEED(!b.size || locator_find(l, r, b.addr, &at), "the block at %" PRIx64 " is not located",
			b.addr);
		NEED(!b.size || b.size > NEAR_BLOCK ||
				(locator_print(l, r, b.addr + b.size - 1, text, sizeof text) && *text),
			"its last byte has no words");
		NEED(!b.size || at.map || b.role == ROLE_COUNTER || !b.map || at.block.addr == b.addr,
			"block %" PRIx64 " is nobody's", b.addr);
		if (b.size && (b.role == ROLE_BUCKETS || b.role == ROLE_OVERFLOW))
			NEED(at.at.kind == LOCATION_GROUP, "%" PRIx64 " has groups, but none was located",
				b.addr);
		if (!b.map || b.map > s->maps)
			continue;
		map_open(&v, s->map, b.map, r);
		check_pointers(&v, &b);
	}
}

static char *dump_of(const struct map_view *v, bool by_kind)
{
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);
	struct map_type t = map_type_make(v->key, v->elem);
	bool good = by_kind      ? v->kind->dump(v, f)
		: v->kind->parts ? sync_print(f, v->r, v->go, v->header)
				 : layout_print(f, v->r, &t, v->header);
	fclose(f);
	NEED(good, "the memory cannot be dumped");
	return text;
}

static void check_map(
	const struct source *s, const struct reader *r, unsigned number, bool between, uint64_t *random)
{
	struct map_view v;
	struct map_group g;
	struct map_object o;
	bool open = map_open(&v, s->map, number, r);
	NEED(v.kind == map_kinds[s->map[number - 1].kind], "kind");
	if (open) {
		NEED(v.kind->object(&v, 0, &o) && o.addr == v.header && o.size,
			"a map begins with its header");
		check_objects(&v);
		uint64_t entries = 0;
		int64_t count = 0;
		for (bool more = map_first(&v, &g); more; more = map_next(&v, &g)) {
			check_group(&v, &g, random);
			entries += group_entries(&v, &g);
		}
		NEED(!between || v.kind->parts ||
				(r->read(r, v.header, &count, 8) && (uint64_t)count == entries),
			"%" PRIu64 " full slots, count is %" PRId64, entries, count);
	}
	if (between && (open || !v.header)) {
		char *a = dump_of(&v, true), *b = v.header ? dump_of(&v, false) : strdup("nil\n");
		NEED(strcmp(a, b) == 0, "the dumps differ:\n%s\n%s", a, b);
		free(a);
		free(b);
	}
}

/* The elem that get found is in a group that a search for its hash looks at. */
static void check_path(struct player *p, const struct source *s, uint64_t first, uint64_t last)
{
	const struct reader *r = image_reader(p->image);
	const struct event *hash = NULL, *got = NULL;
	struct map_view v;
	struct map_location l;
	struct map_group g;
	for (uint64_t step = first; step <= last; step++) {
		const struct event *e = player_event(p, step);
		hash = e->kind == EV_HASH && !hash ? e : hash;
		got = e->kind == EV_GOT && e->a ? e : got;
	}
	if (!hash || !got || hash->map != got->map || !map_open(&v, s->map, got->map, r) ||
		!map_locate(&v, got->addr, NULL, 0, &l))
		return; /* an indirect elem is in no group */
	for (unsigned n = 0; v.kind->path(&v, hash->a, n, &g); n++)
		if (g.addr == l.group.addr)
			return;
	NEED(false, "the group at %" PRIx64 " is not on the key's path", l.group.addr);
}

static void check_workload(const char *text, uint64_t random)
{
	struct source *s = record(text);
	struct player p;
	struct locator l;
	struct operation o;
	uint64_t fed = 0;
	player_init(&p, s);
	locator_init(&l, s);
	for (uint64_t op = 1; op <= s->ops; op++) {
		NEED(s->operation(s, op, &o) == 0, "%s", s->error);
		uint64_t first = o.first_step, last = s->steps;
		bool get = o.kind == OP_GET;
		if (op < s->ops && s->operation(s, op + 1, &o) == 0)
			last = o.first_step - 1;
		if (op % 8 && !get && op < s->ops)
			continue;
		uint64_t at = op % 3 ? last : first + random_next(&random) % (last - first + 1);
		NEED(player_seek(&p, at) == 0, "%s", p.error);
		struct chunk c = { 0 };
		while (fed < at) {
			NEED(s->chunk(s, fed + 1, &c) == 0, "%s", s->error);
			for (uint32_t i = 0; i < c.count && fed < at; i++)
				if (c.first + i == fed + 1) {
					locator_event(&l, &c.events[i]);
					fed++;
				}
		}
		chunk_release(&c);
		for (unsigned m = 1; m <= s->maps; m++)
			check_map(s, image_reader(p.image), m, at == last, &random);
		check_blocks(s, p.image, &l);
		if (get && at == last)
			check_path(&p, s, first, last);
	}
	locator_release(&l);
	player_release(&p);
	s->close(s);
}

/* ---- recordings ---- */

static const char *const keys[] = { "string", "int64", "uint32", "any", "[200]byte", "float64", "struct{}" };
static const char *const elems[] = { "int64", "string", "[300]byte", "any", "[16]byte", "struct{}" };

static const char *word(uint64_t *random, const char *type, char *out, size_t cap)
{
	unsigned v = (unsigned)(random_next(random) % 200);
	snprintf(out, cap,
		strcmp(type, "string") == 0             ? "k%u"
			: strcmp(type, "struct{}") == 0 ? "{}"
							: "%u",
		v);
	return out;
}

START_TEST(random_recordings)
{
	static char text[TEXT_MAX];
	static const char *const ways[] = { "", " hint=100", " place=stack", " go=1.19" };
	uint64_t random = 77 + (uint64_t)_i;
	const char *key = keys[random_next(&random) % 7], *elem = elems[random_next(&random) % 6];
	char *at = text, *end = text + sizeof text, k[32], e[32];
	at += snprintf(at, (size_t)(end - at), "map %s %s name=m seed=%d%s\n", key, elem, _i + 1,
		ways[random_next(&random) % 4]);
	for (int n = 0; n < 400; n++)
		switch (random_next(&random) % 12) {
		case 0: at += snprintf(at, (size_t)(end - at), "iter i\nnext i 2\n"); break;
		case 1:
			at += snprintf(
				at, (size_t)(end - at), random_next(&random) % 20 ? "range\n" : "clear\n");
			break;
		case 2: at += snprintf(at, (size_t)(end - at), "gc\n"); break;
		case 3:
		case 4:
			at += snprintf(at, (size_t)(end - at), "get %s\n", word(&random, key, k, sizeof k));
			break;
		case 5:
		case 6:
			at += snprintf(at, (size_t)(end - at), "del %s\n", word(&random, key, k, sizeof k));
			break;
		default:
			at += snprintf(at, (size_t)(end - at), "put %s %s\n", word(&random, key, k, sizeof k),
				word(&random, elem, e, sizeof e));
		}
	check_workload(text, random);
}
END_TEST

START_TEST(growths_chains_and_parts)
{
	check_workload("map int64 int64 seed=3\nfill 0 200\nget 3\ndrain 0 190\niter a\nnext a 3\nfill 300 "
		       "420\nget 310\ngc\nnext a all\ngc\nclear\ngc\n",
		1);
	check_workload("map string int64 seed=2\ncounter c\nadd c\ncounter d pad=64\nadd d\nfill 0 30\nget "
		       "k3\nnilmap int64 int64 name=n\nget 3\n",
		2);
	check_workload("syncmap string int64 seed=5\nfill 0 30\nprobe 0 60\ndrain 0 20\ngc\nfill 50 90\nget "
		       "k60\nrange\ngc\nput a 1\nclear\n",
		3);
	check_workload("syncmap int64 string seed=5 go=1.19\nfill 0 30\nprobe 0 60\ndrain 0 20\nfill 50 "
		       "90\nrange\ngc\n",
		4);
}
END_TEST

/* ---- texts that name a place ---- */

START_TEST(texts)
{
	static const struct {
		const char *text;
		bool there;
		enum location_part part;
		int slot;
	} places[] = { { "count", true, AT_PADDING, -1 }, { "hmap.B", true, AT_PADDING, -1 },
		{ "hmap.nothing", false, 0, 0 }, { "0", true, AT_PADDING, -1 },
		{ "new 1.0", true, AT_PADDING, -1 }, { "1.0:7", true, AT_PADDING, 7 },
		{ "1.0:8", false, 0, 0 }, { "1:2 elem", true, AT_ELEM, 2 },
		{ "1:2 tophash", true, AT_CONTROL, 2 }, { "1 overflow", true, AT_NEXT, -1 },
		{ "1:2 overflow", false, 0, 0 }, { "1 key", false, 0, 0 }, { "4", false, 0, 0 },
		{ "1.1", false, 0, 0 }, { "old 0", false, 0, 0 }, { "", false, 0, 0 },
		{ "1:-1", false, 0, 0 }, { "1:", false, 0, 0 }, { "spare 0", false, 0, 0 },
		{ "mapextra.overflow", false, 0, 0 }, { "99999999999999999999", false, 0, 0 } };
	struct source *s = record("map int64 int64 seed=1 hint=20\nfill 0 20\n");
	struct map_view v;
	struct map_location l;
	struct player p;
	player_init(&p, s);
	ck_assert_int_eq(player_seek(&p, s->steps), 0);
	ck_assert(map_open(&v, s->map, 1, image_reader(p.image)));
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		bool there = map_find(&v, places[i].text, &l);
		ck_assert_msg(there == places[i].there, "\"%s\"", places[i].text);
		ck_assert_msg(!there || (l.part == places[i].part && l.slot == places[i].slot), "\"%s\"",
			places[i].text);
	}
	player_release(&p);
	s->close(s);
}
END_TEST

/* ---- rows ---- */

/* Misses promote dirty while it grows: that growth never ends, and the next dirty's is another. */
/* Numbers as Go's fmt.Println prints them: these are its words (Go 1.19). */
START_TEST(floats)
{
	static const char *const words[][2] = { { "10.0", "10" }, { "-20.0", "-20" }, { "100000.0", "100000" },
		{ "1000000.0", "1e+06" }, { "1234567.0", "1.234567e+06" }, { "1234567.50", "1.2345675e+06" },
		{ "123456.7890", "123456.789" }, { "1e-4", "0.0001" }, { "0.00001", "1e-05" },
		{ "1e20", "1e+20" }, { "-0.0", "-0" }, { "4.94065645841246544e-324", "5e-324" } };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		char text[128];
		struct operation o;
		snprintf(text, sizeof text, "map float64 int64\nput %s 1\n", words[i][0]);
		struct source *s = record(text);
		ck_assert_int_eq(s->operation(s, 1, &o), 0);
		ck_assert_str_eq(o.key_value ? o.key_value : o.key, words[i][1]);
		s->close(s);
	}
}
END_TEST

START_TEST(a_growth_is_left_open_by_a_promotion)
{
	struct source *s = record("syncmap string int64\nfill 0 54\nprobe 0 54\nput x 1\nfill 100 250\n");
	const struct growth_row *g;
	size_t n;
	ck_assert_int_eq(s->growths(s, &g, &n), 0);
	ck_assert_uint_eq(n, 5);
	for (size_t i = 0; i < n; i++) {
		ck_assert_uint_eq(g[i].map, 3);
		ck_assert_uint_eq(g[i].old_B, i);
		ck_assert_int_eq(g[i].last_step == 0, i == 3);
	}
	s->close(s);
}
END_TEST

START_TEST(names)
{
	enum map_kind k = MAP_KINDS;
	ck_assert(map_kind_find("classic", &k) && k == MAP_CLASSIC);
	ck_assert(map_kind_find("sync", &k) && k == MAP_SYNC);
	ck_assert(!map_kind_find("Classic", &k) && !map_kind_find("", &k) && k == MAP_SYNC);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("kind");
	TCase *t = tcase_create("kind");
	tcase_set_timeout(t, 300);
	tcase_add_loop_test(t, random_recordings, 0, 24);
	tcase_add_test(t, growths_chains_and_parts);
	tcase_add_test(t, texts);
	tcase_add_test(t, floats);
	tcase_add_test(t, a_growth_is_left_open_by_a_promotion);
	tcase_add_test(t, names);
	suite_add_tcase(suite, t);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
