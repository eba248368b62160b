/* The memory account: every byte that the allocator gave is in one line, the lines say what they claim, and
 * the garbage is what the collector then frees. */
#include "tests/screen/screen.h"
#include "src/engine/random.h"
#include "trace/map/classic/model.h"
#include "trace/map/kind.h"
#include "trace/heap/account.h"

#include <check.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { MAPS_MOST = 8, TEXT_MAX = 65536 };

struct totals {
	struct account map[MAPS_MOST + 1];
	uint64_t given, asked;
};

/* All accounts, worked out in pieces of n units; checks their sums against the blocks. */
static void account_all(const struct source *s, const struct image *image, uint64_t n, struct totals *ret)
{
	struct accounting *a = accounting_begin(image, s->map, s->maps, 0);
	struct block b;
	uint64_t given = 0, asked = 0;
	memset(ret, 0, sizeof *ret);
	NEED(a != NULL && s->maps <= MAPS_MOST, "no account");
	while (accounting_work(a, n)) {
	}
	for (unsigned m = 0; m <= s->maps; m++) {
		const struct account *c = accounting_of(a, m);
		uint64_t lines = 0;
		if (m && s->map[m - 1].part_of)
			continue; /* in that of the sync.Map */
		NEED(c != NULL, "map %u has no account", m);
		for (unsigned i = 0; i < c->table->rows; i++) {
			const struct account_row *r = &c->table->row[i];
			NEED(c->line[r->line] <= c->given, "map %u: %s has %" PRIu64 " of %" PRIu64 " bytes",
				m, r->info->name, c->line[r->line], c->given);
			lines += c->line[r->line];
		}
		NEED(lines == c->given, "map %u: the lines have %" PRIu64 " bytes, given are %" PRIu64, m,
			lines, c->given);
		NEED(c->asked <= c->given && c->stack <= c->given,
			"map %u: asked %" PRIu64 ", given %" PRIu64, m, c->asked, c->given);
		ret->map[m] = *c;
		given += c->given;
		asked += c->asked;
	}
	for (uint64_t cursor = 0; image_next(image, &cursor, &b);) {
		struct block
			owner; /* in the middle of a sweep a tiny block's first piece may be gone already */
		bool orphan = b.rounded == 0 &&
			!image_reader(image)->block(image_reader(image), b.addr & ~UINT64_C(15), &owner);
		ret->given += orphan ? b.size : b.rounded;
		ret->asked += b.size;
	}
	NEED(given == ret->given && asked == ret->asked,
		"accounts: %" PRIu64 " of %" PRIu64 " bytes; blocks: %" PRIu64 " of %" PRIu64, asked, given,
		ret->asked, ret->given);
	accounting_free(a);
}

/* The line with a name. */
static uint64_t line_of(const struct account *a, const char *name)
{
	for (unsigned i = 0; i < a->table->rows; i++)
		if (strcmp(a->table->row[i].info->name, name) == 0)
			return a->line[a->table->row[i].line];
	NEED(false, "no line %s", name);
	return 0;
}

static struct map_type type_of(const struct map_info *info)
{
	return map_type_make(info->key, info->elem);
}

/* Between operations the slots' line is count times a slot, and tophash bytes and pointers are 8 a bucket. */
static void check_between(const struct source *s, const struct image *image, const struct totals *t)
{
	for (unsigned i = 0; i < s->maps; i++) {
		const struct account *c = &t->map[i + 1];
		struct map_type type;
		struct hmap_view h;
		struct block b;
		if (s->map[i].kind != MAP_CLASSIC || s->map[i].part_of || !s->map[i].header ||
			!image_reader(image)->block(image_reader(image), s->map[i].header, &b) ||
			b.map != i + 1)
			continue; /* not made yet */
		type = type_of(&s->map[i]);
		NEED(hmap_read(image_reader(image), &type, s->map[i].header, &h), "hmap");
		NEED((int64_t)c->entries == h.count, "map %u: %" PRIu64 " full slots, count %" PRId64, i + 1,
			c->entries, h.count);
		NEED(c->line[ACCOUNT_SLOTS] == c->entries * (type.keysize + type.elemsize), "slots");
		NEED(line_of(c, "tophash") == line_of(c, "pointers") && line_of(c, "tophash") % 8 == 0,
			"tophash bytes");
		if (h.buckets)
			NEED(line_of(c, "tophash") >= 8 * array_buckets(&h, ARRAY_NEW),
				"8 tophash bytes a bucket");
		NEED(h.oldbuckets || !(line_of(c, "moved") | line_of(c, "to_move")),
			"an old array without growth");
		NEED(!h.oldbuckets ||
				line_of(c, "moved") + line_of(c, "to_move") >=
					(h.old_buckets_count - h.nevacuate) * 16,
			"the old array is missing");
	}
}

/* What a gc takes is what was garbage: nothing else changes but the rounding of tiny blocks.  all: nothing
 * that was garbage stays either (there are no tiny blocks). */
static void check_gc(const struct totals *before, const struct totals *after, unsigned maps, bool all)
{
	uint64_t garbage = 0, left = 0, rounding = 0, rounded = 0;
	for (unsigned m = 0; m <= maps; m++) {
		const struct account *b = &before->map[m], *a = &after->map[m];
		for (unsigned i = 0; i < ACCOUNT_LINES; i++)
			NEED(i == ACCOUNT_GARBAGE || i == ACCOUNT_ROUNDING || a->line[i] == b->line[i],
				"map %u: gc changes line %u from %" PRIu64 " to %" PRIu64, m, i, b->line[i],
				a->line[i]);
		garbage += b->line[ACCOUNT_GARBAGE];
		left += a->line[ACCOUNT_GARBAGE];
		rounding += b->line[ACCOUNT_ROUNDING];
		rounded += a->line[ACCOUNT_ROUNDING];
	}
	NEED(rounding == rounded, "gc changes rounding from %" PRIu64 " to %" PRIu64, rounding, rounded);
	NEED(before->given - after->given == garbage - left,
		"gc frees %" PRIu64 " bytes, garbage goes from %" PRIu64 " to %" PRIu64,
		before->given - after->given, garbage, left);
	NEED(!all || left == 0, "%" PRIu64 " bytes of garbage stay after gc", left);
}

/* Plays a workload and checks the accounts after every operation and at some steps between. */
static void check_workload(const char *text, bool no_tiny, uint64_t random)
{
	struct source *s = record(text);
	struct player p;
	struct totals t, before = { .given = 0 };
	struct operation o, next;
	player_init(&p, s);
	for (uint64_t op = 1; op <= s->ops; op++) {
		NEED(s->operation(s, op, &o) == 0, "%s", s->error);
		enum op_kind kind = o.kind;
		uint64_t first = o.first_step, last = s->steps;
		if (op < s->ops && s->operation(s, op + 1, &next) == 0)
			last = next.first_step - 1;
		if (random_next(&random) % 4 == 0) {
			NEED(player_seek(&p, first + random_next(&random) % (last - first + 1)) == 0, "%s",
				p.error);
			account_all(s, p.image, 7, &t);
		}
		if (kind == OP_GC) {
			NEED(player_seek(&p, first) == 0, "%s", p.error);
			account_all(s, p.image, 1000, &before);
			for (uint64_t step = first; step < last; step++) /* maps may be made after it */
				if (player_event(&p, step)->kind == EV_GC)
					last = step;
		}
		NEED(player_seek(&p, last) == 0, "%s", p.error);
		account_all(s, p.image, 1 + op % 50, &t);
		check_between(s, p.image, &t);
		if (kind == OP_GC)
			check_gc(&before, &t, s->maps, no_tiny);
	}
	player_release(&p);
	s->close(s);
}

/* ---- random workloads ---- */

static const char *const keys[] = { "string", "int64", "uint32", "any", "[200]byte", "float64" };
static const char *const elems[] = { "int64", "string", "[300]byte", "any", "[16]byte", "struct{}" };
static const char *const releases[] = { "1.19", "1.21", "1.22", "1.23" };

/* A word of a value; long ones do not share tiny blocks. */
static void random_key(uint64_t *random, const char *type, bool long_texts, char *out, size_t cap)
{
	unsigned v = (unsigned)(random_next(random) % 90);
	if (strcmp(type, "string") == 0)
		snprintf(out, cap, "%s%u", long_texts ? "a-long-text-that-has-a-block-of-its-own-" : "k", v);
	else if (strcmp(type, "any") == 0 && v % 3)
		snprintf(out, cap, v % 3 == 1 ? "int64(%u)" : "\"text%u\"", v);
	else if (strcmp(type, "struct{}") == 0)
		snprintf(out, cap, "{}");
	else
		snprintf(out, cap, "%u", v);
}

static void random_workload(uint64_t *random, bool no_tiny, char *out)
{
	char *at = out, *end = out + TEXT_MAX, key[96], elem[96];
	unsigned maps = 1 + (unsigned)(random_next(random) % 3);
	const char *kt[3], *et[3];
	for (unsigned i = 0; i < maps; i++) {
		do {
			kt[i] = keys[random_next(random) % 6];
			et[i] = elems[random_next(random) % 6];
		} while (no_tiny && (strcmp(kt[i], "any") == 0 || strcmp(et[i], "any") == 0));
		at += snprintf(at, (size_t)(end - at), "map %s %s name=m%u seed=%" PRIu64 " go=%s%s%s\n",
			kt[i], et[i], i, random_next(random) % 1000, releases[random_next(random) % 4],
			random_next(random) % 3 ? "" : " place=stack",
			random_next(random) % 4 ? "" : " hint=40");
	}
	unsigned m = maps - 1;
	bool marking = false;
	for (int n = 0; n < 240; n++) {
		switch (random_next(random) % 24) {
		case 0:
			m = (unsigned)(random_next(random) % maps);
			at += snprintf(at, (size_t)(end - at), "use m%u\n", m);
			break;
		case 1:
			marking = false;
			at += snprintf(at, (size_t)(end - at), "gc\n");
			break;
		case 2:
			at += snprintf(
				at, (size_t)(end - at), random_next(random) % 6 ? "range\n" : "clear\n");
			break;
		case 3: at += snprintf(at, (size_t)(end - at), "iter i%u\nnext i%u 3\n", m, m); break;
		case 4: /* what dies while it marks may stay until the next gc */
			if (!marking && !no_tiny)
				at += snprintf(at, (size_t)(end - at), "gc mark\n");
			marking = !no_tiny;
			break;
		case 5:
		case 6:
		case 7:
		case 8:
		case 9:
			random_key(random, kt[m], no_tiny, key, sizeof key);
			at += snprintf(at, (size_t)(end - at), "del %s\n", key);
			break;
		default:
			random_key(random, kt[m], no_tiny, key, sizeof key);
			random_key(random, et[m], no_tiny, elem, sizeof elem);
			at += snprintf(at, (size_t)(end - at), "put %s %s\n", key, elem);
		}
	}
}

START_TEST(every_byte_is_in_one_line)
{
	static char text[TEXT_MAX];
	uint64_t random = 1000 + (uint64_t)_i;
	random_workload(&random, _i % 2, text);
	if (getenv("MAPSCOPE_PRINT"))
		puts(text);
	check_workload(text, _i % 2, random);
}
END_TEST

/* Growth by load and same-size growth of every shape, with loops on the array. */
START_TEST(growths_and_loops)
{
	check_workload("syncmap string int64 seed=5\nfill 0 30\nprobe 0 60\ndrain 0 20\ngc\nfill 50 "
		       "90\nprobe 0 90\nrange\ngc\ndrain 0 90\n"
		       "put a 1\ngc\nclear\ngc\nmap any string name=o\nfill 0 9\ngc\n",
		false, 3);
	check_workload("syncmap int64 string seed=5 go=1.19\nfill 0 30\nprobe 0 60\ndrain 0 20\ngc\nfill 50 "
		       "90\nprobe 0 90\nrange\ngc\n",
		false, 4);
	check_workload("map int64 int64 seed=3\nfill 0 200\ndrain 0 190\niter a\nnext a 3\nfill 300 "
		       "420\ngc\nnext a all\ngc\nclear\ngc\n"
		       "map [200]byte string seed=4\nfill 0 120\niter b\nnext b 2\nfill 120 300\ndrain 100 "
		       "290\ngc\nfill 100 200\nrange\ngc\n",
		false, 1);
	check_workload("map string int64 seed=2\ncounter c\nadd c\nfill 0 30\ngc mark\ndrain 0 25\nfill 100 "
		       "140\ngc\ncounter d pad=64\ngc\n",
		false, 2);
}
END_TEST

/* ---- numbers that can be worked out by hand ---- */

static struct account account_at_end(const char *workload, unsigned map)
{
	struct source *s = record(workload);
	struct player p;
	struct totals t;
	player_init(&p, s);
	NEED(player_seek(&p, s->steps) == 0, "%s", p.error);
	account_all(s, p.image, 1 << 20, &t);
	player_release(&p);
	s->close(s);
	return t.map[map];
}

START_TEST(a_small_map_by_hand)
{
	/* hmap 48; a bucket 8 + 8 * 16 + 8 = 144 = its class; nothing else */
	struct account c = account_at_end("map int64 int64\nfill 0 5\n", 1);
	ck_assert_uint_eq(c.given, 48 + 144);
	ck_assert_uint_eq(c.line[ACCOUNT_SLOTS], 80);
	ck_assert_uint_eq(line_of(&c, "free"), 48);
	ck_assert_uint_eq(line_of(&c, "tophash"), 8);
	ck_assert_uint_eq(line_of(&c, "pointers"), 8);
	ck_assert_uint_eq(line_of(&c, "heads"), 48);
	ck_assert_uint_eq(c.stack, 0);
	ck_assert_uint_eq(account_live(&c), c.given);
	c = account_at_end("map int64 int64 place=stack\nfill 0 5\n", 1);
	ck_assert_uint_eq(c.given, 48 + 144);
	ck_assert_uint_eq(c.stack, 48 + 144);
	/* outgrown: the stack's bucket is of no use, two on the heap: 288 = its class */
	c = account_at_end("map int64 int64 place=stack\nfill 0 13\nprobe 0 9\n", 1);
	ck_assert_uint_eq(c.given, 48 + 144 + 288);
	ck_assert_uint_eq(c.line[ACCOUNT_KEPT] + line_of(&c, "moved") + line_of(&c, "to_move") > 0, 1);
}
END_TEST

START_TEST(headers_and_rounding_by_hand)
{
	/* map[string]int64, B 2: 4 * 208 = 832 bytes with pointers: from 1.22 on 8 more for the header, class
	 * 896 */
	struct account c = account_at_end("map string int64 hint=20 go=1.22\n", 1);
	ck_assert_uint_eq(c.given, 48 + 896);
	ck_assert_uint_eq(c.line[ACCOUNT_HEADERS], 8);
	ck_assert_uint_eq(c.line[ACCOUNT_ROUNDING], 896 - 832 - 8);
	ck_assert_uint_eq(line_of(&c, "empty"), 4 * 8 * 24);
	c = account_at_end("map string int64 hint=20 go=1.19\n", 1);
	ck_assert_uint_eq(c.line[ACCOUNT_HEADERS], 0);
	ck_assert_uint_eq(c.line[ACCOUNT_ROUNDING], 896 - 832);
}
END_TEST

START_TEST(dead_bytes_by_hand)
{
	/* a text of 20 bytes is of class 24: overwritten, it is garbage until gc */
	struct account c = account_at_end(
		"map int64 string\nput 1 aaaaaaaaaaaaaaaaaaaa\nput 1 bbbbbbbbbbbbbbbbbbbb\n", 1);
	ck_assert_uint_eq(c.line[ACCOUNT_OUTSIDE], 20);
	ck_assert_uint_eq(c.line[ACCOUNT_GARBAGE], 24);
	ck_assert_uint_eq(account_dead(&c), 24);
	c = account_at_end(
		"map int64 string\nput 1 aaaaaaaaaaaaaaaaaaaa\nput 1 bbbbbbbbbbbbbbbbbbbb\ngc\n", 1);
	ck_assert_uint_eq(c.line[ACCOUNT_GARBAGE], 0);
	/* a tiny block: 16 bytes given, 3 + 5 asked */
	c = account_at_end("map int64 string\nput 1 abc\nput 2 abcde\n", 1);
	ck_assert_uint_eq(c.line[ACCOUNT_OUTSIDE], 8);
	ck_assert_uint_eq(c.line[ACCOUNT_ROUNDING], 8);
}
END_TEST

/* Damaged memory: chains in a circle, pointers anywhere.  The sum stays exact and the work ends. */
START_TEST(damaged_memory)
{
	static uint8_t bytes[64 * 144];
	struct map_info info = { .map = 1,
		.name = "m",
		.key = go_type_basic(GO_INT64),
		.elem = go_type_basic(GO_INT64),
		.go = "1.23",
		.place = "heap",
		.hint = -1,
		.header = 0xc000010000 };
	uint64_t random = 77 + (uint64_t)_i;
	struct image *image = image_new();
	uint8_t hmap[48] = { [HMAP_B] = (uint8_t)(random_next(&random) % 9),
		[HMAP_FLAGS] = (uint8_t)(random_next(&random) % 16) };
	uint64_t buckets = 0xc000020000, old = random_next(&random) % 2 ? 0xc000030000 : buckets + 144,
		 total = 0, lines = 0;
	memcpy(hmap + HMAP_BUCKETS, &buckets, 8);
	memcpy(hmap + HMAP_OLDBUCKETS, &old, 8);
	for (size_t i = 0; i < sizeof bytes; i += 8) {
		uint64_t r = random_next(&random),
			 v = r % 3 == 0 ? buckets + r % (sizeof bytes) / 8 * 8
			: r % 3 == 1    ? 0xc000040000 + r % 64 * 144
					: r;
		memcpy(bytes + i, &v, 8);
	}
	struct block blocks[] = { { 0xc000010000, 48, 48, ROLE_HMAP, 1, hmap },
		{ buckets, sizeof bytes, sizeof bytes, ROLE_BUCKETS, 1, bytes },
		{ 0xc000030000, 4 * 144, 600, ROLE_BUCKETS, 1, bytes } };
	for (int i = 0; i < 3; i++) {
		ck_assert(image_add(image, &blocks[i]));
		total += blocks[i].rounded;
	}
	for (uint64_t i = 0; i < 64; i++, total += 144)
		ck_assert(image_add(image,
			&(struct block){ 0xc000040000 + i * 144, 144, 144,
				i % 9 ? ROLE_OVERFLOW : (enum block_role)(i % ROLES), 1, bytes }));
	struct accounting *a = accounting_begin(image, &info, 1, 0);
	while (accounting_work(a, 10)) {
	}
	const struct account *c = accounting_of(a, 1);
	const struct account *rest = accounting_of(a, 0);
	for (int i = 0; i < ACCOUNT_LINES; i++)
		lines += c->line[i] + rest->line[i];
	ck_assert_uint_eq(c->given + rest->given, total);
	ck_assert_uint_eq(lines, total);
	accounting_free(a);
	image_free(image);
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("account");
	Suite *s = suite_create("account");
	tcase_set_timeout(t, 240);
	tcase_add_loop_test(t, every_byte_is_in_one_line, 0, 160);
	tcase_add_test(t, growths_and_loops);
	tcase_add_test(t, a_small_map_by_hand);
	tcase_add_test(t, headers_and_rounding_by_hand);
	tcase_add_test(t, dead_bytes_by_hand);
	tcase_add_loop_test(t, damaged_memory, 0, 50);
	suite_add_tcase(s, t);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
