/* A third kind of map through all of the program: recorded, read back, located, checked, shown.  See toy.h.
 */
#include "tests/screen/screen.h"
#include "tests/toy/toy.h"
#include "db/store.h"
#include "src/engine/engine.h"
#include "trace/base/memory.h"
#include "trace/heap/account.h"
#include "trace/map/locate.h"
#include "ui/mode/predict.h"
#include "ui/scene/object.h"
#include "ui/scene/sentence.h"

#include <check.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char words[] = "toymap string int64 seed=7\nput apple 1\nput plum 2\nput pear 3\nput fig 4\nput "
			    "kiwi 5\nput plum 6\nget pear\nget lemon\n"
			    "del fig\nrange\ngc\nput lime 7\n";
static const char numbers[] =
	"toymap int64 string name=n\nfill 0 100\ndrain 20 40\nput 3 three\nclear\nfill 5 15\n";

/* ---- what the tests share ---- */

static struct map *map_of(const struct source *s)
{
	const struct map_info *i = &s->map[0];
	struct map_options o = { .release = release_find(i->go),
		.seed = i->seed,
		.number = i->map,
		.key = i->key,
		.elem = i->elem };
	struct map *m = engine_of((enum map_kind)i->kind)->recorded(&o, i->header);
	ck_assert_str_eq(m->engine->name, "toy");
	return m;
}

static void seek(struct player *p, uint64_t step)
{
	ck_assert_msg(player_seek(p, step) == 0, "step %lu", (unsigned long)step);
}

/* ---- from workload to rows of the recording ---- */

START_TEST(a_workload_is_recorded)
{
	struct source *s = record(words);
	struct operation o;
	ck_assert_uint_eq(s->maps, 1);
	ck_assert_str_eq(map_kinds[s->map[0].kind]->name, "toy");
	ck_assert_uint_eq(s->ops, 12);
	ck_assert_int_eq(s->operation(s, 5, &o), 0);
	ck_assert_int_eq(o.kind, OP_PUT);
	ck_assert_str_eq(o.key, "kiwi");
	s->close(s);
}
END_TEST

START_TEST(events_are_kept)
{
	struct source *s = record(words);
	struct player p;
	unsigned seen[EV_COUNT] = { 0 };
	char text[256];
	player_init(&p, s);
	for (uint64_t step = 1; step <= s->steps; step++) {
		seek(&p, step);
		const struct event *e = player_event(&p, step);
		seen[e->kind]++;
		if (e->kind == EV_TOYGROW) {
			event_print(e, step, text, sizeof text);
			ck_assert_msg(strstr(text, " toygrow from=4 to=8") != NULL, "%s", text);
		}
	}
	ck_assert_uint_eq(seen[EV_TOYGROW], 1);
	ck_assert_uint_eq(seen[EV_TOYMOVE], 4);
	ck_assert_uint_eq(seen[EV_INSERT], 6);
	ck_assert_uint_eq(seen[EV_REMOVE], 1);
	ck_assert_uint_eq(seen[EV_ITEM], 4);
	ck_assert_uint_eq(seen[EV_TOYHEAD], 10);
	player_release(&p);
	s->close(s);
}
END_TEST

START_TEST(the_way_back_has_the_same_memory)
{
	struct source *s = record(numbers);
	struct player p;
	player_init(&p, s);
	uint64_t *sum = calloc(s->steps + 1, sizeof *sum);
	for (uint64_t i = 0; i <= s->steps; i++) {
		sum[i] = image_sum(p.image);
		ck_assert(i == s->steps || player_forward(&p) == 0);
	}
	for (uint64_t i = s->steps; i > 0; i--) {
		NEED(player_back(&p) == 0 && image_sum(p.image) == sum[i - 1], "step %" PRIu64, i - 1);
	}
	ck_assert_uint_eq(image_live_bytes(p.image), 0);
	free(sum);
	player_release(&p);
	s->close(s);
}
END_TEST

/* ---- rows that people query ---- */

/* What a query prints, a row a line. */
static FILE *answer(const char *path, const char *query)
{
	char error[STORE_ERROR] = "";
	FILE *f = tmpfile();
	ck_assert_msg(store_sql(path, query, STORE_TABS, false, f, error) == 0, "%s: %s", query, error);
	rewind(f);
	return f;
}

static void assert_answer(const char *path, const char *query, const char *wanted)
{
	char text[256] = "";
	FILE *f = answer(path, query);
	text[fread(text, 1, sizeof text - 1, f)] = 0;
	ck_assert_str_eq(text, wanted);
	fclose(f);
}

/* Each row of unlink says where the node was: so it is in the memory before its step. */
START_TEST(rows_are_queried)
{
	char path[] = "/tmp/test_toy.XXXXXX", error[STORE_ERROR] = "";
	unsigned long step, address, chain, depth, n = 0;
	close(mkstemp(path));
	record_to(path, numbers);
	assert_answer(path, "select o.kind, o.key, u.map from unlink u join operation o using (op) limit 2",
		"del\t20\t1\ndel\t21\t1\n");
	assert_answer(path, "select count(*), count(distinct op), max(depth) > 1 from unlink", "20\t20\t1\n");
	assert_answer(path, "select count(*) from growth", "0\n");
	ck_assert_int_eq(store_check_rows(path, stderr, error), 0);
	struct source *s = store_open(path, error);
	ck_assert_msg(s != NULL, "%s", error);
	FILE *f = answer(path, "select step, address, chain, depth from unlink");
	struct player p;
	struct map_view v;
	struct map_location l;
	player_init(&p, s);
	for (; fscanf(f, "%lu%lu%lu%lu", &step, &address, &chain, &depth) == 4; n++) {
		seek(&p, step);
		ck_assert_uint_eq(player_event(&p, step)->kind, EV_REMOVE);
		seek(&p, step - 1);
		ck_assert(map_open(&v, s->map, 1, image_reader(p.image)));
		ck_assert(map_locate(&v, address, NULL, 0, &l));
		ck_assert(l.group.addr == address && l.group.index == chain && l.group.depth == depth);
	}
	ck_assert_uint_eq(n, 20);
	player_release(&p);
	fclose(f);
	s->close(s);
	unlink(path);
}
END_TEST

START_TEST(a_timeline_marks_the_growth)
{
	struct source *s = record(words);
	struct timeline_cell cell[12];
	ck_assert_uint_eq(s->ops, 12);
	ck_assert_int_eq(s->timeline(s, 1, 12, cell, 12), 0);
	for (int i = 0; i < 12; i++)
		ck_assert_msg(cell[i].growing == (i == 4) && !cell[i].overflow, "operation %d", i + 1);
	s->close(s);
}
END_TEST

/* ---- how memory is read ---- */

START_TEST(the_layout_is_dumped)
{
	struct source *s = record("toymap uint8 int16 seed=3\nput 1 10\nput 2 20\nput 3 30\n");
	struct player p;
	struct map_view v;
	char *text = NULL;
	size_t n = 0;
	player_init(&p, s);
	seek(&p, s->steps);
	ck_assert(map_open(&v, s->map, 1, image_reader(p.image)));
	FILE *f = open_memstream(&text, &n);
	ck_assert(v.kind->dump(&v, f));
	fclose(f);
	ck_assert_msg(strncmp(text, "toymap count=3 len=4 hash0=", 27) == 0, "%s", text);
	for (int i = 1; i <= 3; i++) {
		char entry[32];
		snprintf(entry, sizeof entry, " %02d %02x00\n", i, i * 10);
		ck_assert_msg(strstr(text, entry) != NULL, "%s has no %s", text, entry);
	}
	free(text);
	player_release(&p);
	s->close(s);
}
END_TEST

/* Each byte of each block of the map: where it is, and back. */
static void locate_all(const struct map_view *v, const struct image *image)
{
	struct map_location l, back;
	struct block b;
	char text[128];
	for (uint64_t cursor = 0; image_next(image, &cursor, &b);) {
		if (b.role != ROLE_TOYMAP && b.role != ROLE_TOYHEADS && b.role != ROLE_TOYNODE)
			continue;
		for (uint64_t addr = b.addr; addr < b.addr + b.size; addr++) {
			if (!map_locate(v, addr, NULL, 0, &l))
				continue; /* what the map has dropped: see block_words */
			NEED(addr >= l.addr && addr - l.addr < l.size, "%" PRIx64, addr);
			map_location_print(v, &l, text, sizeof text);
			if (l.kind == LOCATION_GROUP && l.part == AT_PADDING)
				continue;
			NEED(map_find(v, text, &back) && back.addr == l.addr && back.size == l.size,
				"\"%s\" is not found", text);
		}
	}
}

START_TEST(addresses_have_labels)
{
	struct source *s = record(numbers);
	struct player p;
	struct map_view v;
	struct map_location l;
	struct locator where;
	struct block b;
	char text[LOCATION_TEXT];
	player_init(&p, s);
	locator_init(&where, s);
	for (uint64_t step = 1; step <= s->steps; step += 97) {
		seek(&p, step);
		const struct reader *r = image_reader(p.image);
		if (map_open(&v, s->map, 1, r))
			locate_all(&v, p.image);
		for (uint64_t cursor = 0; image_next(p.image, &cursor, &b);)
			NEED(!b.size || (locator_print(&where, r, b.addr, text, sizeof text) && *text),
				"block %" PRIx64, b.addr);
	}
	ck_assert(map_open(&v, s->map, 1, image_reader(p.image)));
	ck_assert(map_find(&v, "len", &l) && l.addr == v.header + TOY_LEN);
	ck_assert(map_find(&v, "3", &l) && l.group.slots == 0 && l.addr == toy_state(&v)->heads + 24);
	ck_assert(!map_find(&v, "3.99", &l) && !map_find(&v, "old 3", &l));
	locator_release(&where);
	player_release(&p);
	s->close(s);
}
END_TEST

/* The bytes that the allocator gave stand in one line each; without a gc what was dropped is garbage. */
START_TEST(the_account_is_exact)
{
	struct source *s = record(numbers);
	struct player p;
	player_init(&p, s);
	for (uint64_t step = 1; step <= s->steps; step += 41) {
		seek(&p, step);
		struct accounting *work = accounting_begin(p.image, s->map, s->maps, 0);
		while (accounting_work(work, 1000)) {
		}
		const struct account *a = accounting_of(work, 1);
		uint64_t sum = 0;
		for (unsigned i = 0; i < ACCOUNT_LINES; i++)
			sum += a->line[i];
		NEED(sum == a->given, "step %" PRIu64 ": %" PRIu64 " of %" PRIu64, step, sum, a->given);
		accounting_free(work);
	}
	player_release(&p);
	s->close(s);
}
END_TEST

/* ---- check ---- */

START_TEST(every_invariant_holds)
{
	const char *const workload[] = { words, numbers };
	char message[CHECK_MESSAGE] = "";
	for (int i = 0; i < 2; i++) {
		struct source *s = record(workload[i]);
		struct map *m = map_of(s);
		struct player p;
		struct operation o;
		player_init(&p, s);
		for (uint64_t op = 2; op <= s->ops; op++) {
			ck_assert_int_eq(s->operation(s, op, &o), 0);
			seek(&p, o.first_step - 1);
			NEED(m->engine->check(m, image_reader(p.image), true, message) == 0,
				"operation %" PRIu64 ": %s", op, message);
		}
		m->engine->release(m);
		player_release(&p);
		s->close(s);
	}
}
END_TEST

/* A memory with one word of it changed. */
struct spoilt {
	struct reader r;
	const struct reader *of;
	uint64_t addr, value;
};

static bool spoilt_read(const struct reader *r, uint64_t addr, void *out, uint64_t n)
{
	const struct spoilt *s = (const struct spoilt *)r;
	if (!s->of->read(s->of, addr, out, n))
		return false;
	for (uint64_t i = 0; i < n; i++)
		if (addr + i - s->addr < 8)
			((uint8_t *)out)[i] = (uint8_t)(s->value >> 8 * (addr + i - s->addr));
	return true;
}

static bool spoilt_block(const struct reader *r, uint64_t addr, struct block *ret)
{
	const struct spoilt *s = (const struct spoilt *)r;
	return s->of->block(s->of, addr, ret);
}

START_TEST(check_finds_what_is_spoilt)
{
	struct source *s = record("toymap int64 int64\nfill 0 6\n");
	struct map *m = map_of(s);
	struct player p;
	struct map_view v;
	struct map_group g;
	char message[CHECK_MESSAGE];
	player_init(&p, s);
	seek(&p, s->steps);
	struct spoilt bad = { { spoilt_read, spoilt_block }, image_reader(p.image), 0, 0 };
	ck_assert_uint_eq(m->engine->check(m, &bad.r, true, message), 0);
	ck_assert(map_open(&v, s->map, 1, image_reader(p.image)));
	struct {
		uint64_t addr, value;
		const char *words;
	} spoil[] = { { v.header + TOY_COUNT, 7, "have 6 entries, count is 7" },
		{ v.header + TOY_LEN, 9, "header" }, { v.header + TOY_LEN, 4, "chain" },
		{ v.header + TOY_OLD, toy_state(&v)->heads, "chain" }, { 0, 8, "another chain" },
		{ 0, 0, "have" } };
	for (bool more = map_first(&v, &g); more && !spoil[4].addr; more = map_next(&v, &g))
		if (g.slots) {
			spoil[4].addr = g.addr + 8; /* its key */
			spoil[5].addr = g.addr;     /* its next: itself */
			spoil[5].value = g.addr;
		}
	for (size_t i = 0; i < sizeof spoil / sizeof *spoil; i++) {
		bad.addr = spoil[i].addr;
		bad.value = spoil[i].value;
		ck_assert_msg(m->engine->check(m, &bad.r, true, message) > 0, "fault %zu is not found", i);
		ck_assert_msg(strstr(message, spoil[i].words) != NULL, "fault %zu: %s", i, message);
	}
	m->engine->release(m);
	player_release(&p);
	s->close(s);
}
END_TEST

/* ---- frames ---- */

START_TEST(frames_are_golden)
{
	struct screen c;
	screen_record(&c, words, NULL, 80, 24);
	type(&c, ":op 5", "Enter");
	press(&c, "o");
	for (int i = 0; i < 24; i++)
		press(&c, ".");
	golden(&c, "toy");
	screen_close(&c);
}
END_TEST

/* The view of bytes shows its structs and fields by their names, and follows their pointers. */
START_TEST(bytes_of_its_header_are_shown)
{
	struct screen c;
	screen_record(&c, words, NULL, 120, 40);
	type(&c, ":op 5", "Enter");
	press(&c, "Y Tab");
	ck_assert(on_screen(&c, "toymap, c0") && on_screen(&c, ", 40 bytes"));
	for (int i = 0; i < TOY_LEN; i++)
		press(&c, "Right");
	ck_assert(on_screen(&c, "len = 4"));
	for (int i = TOY_LEN; i < TOY_HEADS; i++)
		press(&c, "Right");
	press(&c, "Enter");
	ck_assert(c.replay.state.cursor.object == OBJECT_GROUP && c.replay.state.hold.held);
	press(&c, "Y L");
	ck_assert(!on_screen(&c, "evacuated"));
	screen_close(&c);
}
END_TEST

/* Views that serve every kind show something of a toy map; the others say that they do not. */
START_TEST(views_serve_it_or_say_so)
{
	static const char *const serve[] = { "Y", "W", "C", "E", "T", "P", "A", "I", "K", "S", "L" };
	static const char *const not [] = { "O", "B", "H", "V", "M" };
	struct screen c;
	screen_record(&c, words, NULL, 120, 40);
	type(&c, ":op 5", "Enter");
	for (size_t i = 0; i < sizeof serve / sizeof *serve; i++) {
		press(&c, serve[i]);
		ck_assert_msg(!on_screen(&c, "does not serve"), "%s", serve[i]);
		press(&c, "Escape");
	}
	for (size_t i = 0; i < sizeof not / sizeof *not ; i++) {
		press(&c, not [i]);
		ck_assert_msg(on_screen(&c, "does not serve maps of this kind"), "%s", not [i]);
		press(&c, "Escape");
	}
	screen_close(&c);
}
END_TEST

/* Each key, at some steps: a frame of a toy map comes of it. */
START_TEST(every_key_leaves_a_frame)
{
	struct screen c;
	char key[2] = "";
	screen_record(&c, words, NULL, 120, 40);
	for (uint64_t step = 1; step < c.source->steps; step += c.source->steps / 5)
		for (key[0] = '!'; key[0] <= '~'; key[0]++) {
			char go[32];
			snprintf(go, sizeof go, ":%lu", (unsigned long)step);
			if (strchr("qQs", key[0]))
				continue;
			type(&c, go, "Enter");
			replay_key(&c.replay, key[0]);
			work(&c);
			press(&c, "Down Right Enter Tab");
			ck_assert_msg(on_screen(&c, "toymap") || on_screen(&c, "mapscope"),
				"key %s at step %lu", key, (unsigned long)step);
			press(&c, "Escape Escape Escape");
		}
	screen_close(&c);
}
END_TEST

/* Its own question is asked, with the bits of the hash in sight; a number beyond the chains is no answer, a
 * wrong one is counted as wrong. */
START_TEST(predict_asks_for_the_chain)
{
	struct screen c;
	char key[2] = "";
	unsigned asked = 0;
	screen_record(&c, words, NULL, 120, 40);
	press(&c, "Q");
	const struct predict_mode *q = c.replay.mode->predict;
	while (mode_title(c.replay.mode)) {
		const struct event *e = player_event(c.replay.player, q->now.reveal);
		ck_assert(e && e->kind == EV_TOYHEAD);
		ck_assert_uint_eq(strtoull(q->now.answer, NULL, 10), e->b);
		ck_assert(on_screen(&c, "chains. Which one does the hash of"));
		press(&c, "9 9 Enter");
		ck_assert(q->asking && q->again);
		ck_assert_uint_eq(strlen(q->now.answer), 1); /* there are fewer than ten chains */
		key[0] = asked ? q->now.answer[0] : q->now.answer[0] == '0' ? '1' : '0';
		press(&c, key);
		press(&c, "Enter");
		ck_assert(on_screen(&c, asked ? "Right: " : "No: "));
		asked++;
		press(&c, "Enter");
	}
	ck_assert_uint_gt(asked, 2);
	ck_assert_uint_eq(q->right, asked - 1);
	screen_close(&c);
}
END_TEST

/* Its own numbers stand above those of all kinds, and are those of its events. */
START_TEST(plots_have_its_numbers)
{
	struct screen c;
	uint64_t entries[SERIES_CELLS] = { 0 }, op = 0, most = 0;
	screen_record(&c, numbers, NULL, 120, 40);
	press(&c, "P");
	work(&c);
	press(&c, "Right"); /* a frame of what is known now */
	ck_assert(on_screen(&c, "entries of a chain looked at"));
	ck_assert(on_screen(&c, "cache lines touched by an operation") && !on_screen(&c, "load factor"));
	const struct series *s = series_now(passes_series(&c.replay.passes));
	ck_assert_uint_eq(series_count(s), SERIES_OWN + 1);
	ck_assert_uint_eq(s->n, c.source->ops);
	for (uint64_t step = 1; step <= c.source->steps; step++) {
		const struct event *e = player_event(c.replay.player, step);
		op += e->kind == EV_OP;
		entries[op] += e->kind == EV_TOYNODE;
	}
	for (uint64_t i = 1; i <= op; i++) {
		ck_assert(s->known[i - 1] && s->value[SERIES_OWN][i - 1] == (double)entries[i]);
		most = entries[i] > most ? entries[i] : most;
	}
	ck_assert_uint_gt(most, 1);
	screen_close(&c);
}
END_TEST

START_TEST(its_growth_is_a_marker)
{
	struct screen c;
	screen_record(&c, words, NULL, 120, 40);
	press(&c, "g ]");
	work(&c);
	ck_assert(on_screen(&c, "a toy map grows"));
	ck_assert_int_eq(player_event(c.replay.player, replay_step(&c.replay))->kind, EV_TOYGROW);
	screen_close(&c);
}
END_TEST

START_TEST(frames_are_the_same_both_ways)
{
	both_ways(words, 80, 24, "");
	both_ways(words, 120, 40, "E");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("toy");
	TCase *t = tcase_create("all");
	tcase_set_timeout(t, 60);
	tcase_add_test(t, a_workload_is_recorded);
	tcase_add_test(t, events_are_kept);
	tcase_add_test(t, the_way_back_has_the_same_memory);
	tcase_add_test(t, rows_are_queried);
	tcase_add_test(t, a_timeline_marks_the_growth);
	tcase_add_test(t, the_layout_is_dumped);
	tcase_add_test(t, addresses_have_labels);
	tcase_add_test(t, the_account_is_exact);
	tcase_add_test(t, every_invariant_holds);
	tcase_add_test(t, check_finds_what_is_spoilt);
	tcase_add_test(t, frames_are_golden);
	tcase_add_test(t, bytes_of_its_header_are_shown);
	tcase_add_test(t, views_serve_it_or_say_so);
	tcase_add_test(t, every_key_leaves_a_frame);
	tcase_add_test(t, predict_asks_for_the_chain);
	tcase_add_test(t, plots_have_its_numbers);
	tcase_add_test(t, its_growth_is_a_marker);
	tcase_add_test(t, frames_are_the_same_both_ways);
	suite_add_tcase(s, t);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed != 0;
}
