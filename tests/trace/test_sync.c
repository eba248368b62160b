/* The replay of a sync.Map: the pseudo-code follows every step, frames are the same both ways, and play,
 * predict and compare take one as they take a map.
 *
 * The workloads are the sample and random ones, of few keys, so that misses, promotions and expunged entries
 * are many.
 */
#include "tests/screen/screen.h"
#include "ui/scene/sync/code.h"
#include "ui/scene/cost.h"
#include "ui/grid/text.h"
#include "ui/ui.h"
#include "ui/control/replay_private.h"

#include <check.h>
#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPERATIONS = 60, KEYS = 7, WORKLOAD = 8192 };

static unsigned draw(uint64_t *state, unsigned n)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(*state >> 40) % n;
}

static void random_workload(uint64_t seed, const char *go, char *out, size_t cap)
{
	static const char *const twenty[] = { "swap k%u %u\n", "cas k%u %u %u\n", "cad k%u %u\n" };
	static const char *const old[] = { "put k%u %u\n", "put k%u %u\n", "get k%u\n", "get k%u\n",
		"del k%u\n", "loadorstore k%u %u\n", "loadanddelete k%u\n" };
	size_t n = (size_t)snprintf(out, cap, "syncmap string int64 go=%s seed=%" PRIu64 "\n", go, seed);
	for (int i = 0; i < OPERATIONS; i++) {
		unsigned what = draw(&seed, 24), key = draw(&seed, KEYS), v = draw(&seed, 2),
			 w = draw(&seed, 2);
		const char *line = what == 0                   ? "range\n"
			: what == 1                            ? "gc\n"
			: what == 2 && strcmp(go, "1.23") == 0 ? "clear\n"
			: what < 9 && strcmp(go, "1.20") >= 0  ? twenty[what % 3]
							       : old[what % 7];
		/* More than the line has words for is not taken. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		n += (size_t)snprintf(out + n, cap - n, line, key, v, w);
#pragma GCC diagnostic pop
		ck_assert_uint_lt(n, cap);
	}
}

static char *sample(void)
{
	char path[512], *text = calloc(1, WORKLOAD);
	snprintf(path, sizeof path, "%s/samples/sync-map.map", getenv("srcdir") ? getenv("srcdir") : ".");
	FILE *f = fopen(path, "r");
	ck_assert_msg(f && text && fread(text, 1, WORKLOAD - 1, f) > 0, "%s", path);
	fclose(f);
	return text;
}

/* ---- pseudo-code ---- */

/* What the line that is marked must have in it; NULL: anything. */
static const char *words_of(const struct scene *s, const struct sync_code *at)
{
	const struct event *e = &s->event;
	const struct sync_layout *l = sync_layout(s->outer->go);
	if (at->inner)
		return at->inner_op == OP_GET      ? "look"
			: at->inner_op == OP_DEL   ? "delete it from dirty"
			: at->inner_op == OP_RANGE ? "each key of read"
			: at->inner_op == OP_CLEAR ? "clear dirty"
			: at->inner_op == OP_NONE  ? "dirty = make"
						   : "dirty";
	switch (e->kind) {
	case EV_SYNCREAD: return "load read";
	case EV_MUTEX: return e->a ? "lock the mutex" : "unlock the mutex";
	case EV_MISS: return "len(dirty)";
	case EV_PROMOTE: return "read = dirty's map";
	case EV_AMENDED: return "amended";
	case EV_DIRTYCOPY: return "dirty = make";
	case EV_ENTRY:
		return at->nested < 0 ? "expunged" : e->b == ENTRY_EXPUNGED ? "expunged: next" : "load its p";
	case EV_CAS: return e->b == ENTRY_NIL ? "p = nil" : "set p";
	case EV_EXPUNGE: return "p = expunged";
	case EV_UNEXPUNGE: return "p = nil; into dirty";
	case EV_ITEM: return "call f";
	case EV_END: return "no key is left";
	case EV_WRITE:
		return e->addr == s->outer->header + l->misses   ? "misses"
			: e->addr == s->outer->header + l->dirty ? "dirty"
							       : NULL;
	default: return NULL;
	}
}

/* Every step between the operation's begin and its end marks a line, the right one. */
static void check_code(const char *workload, unsigned seen[EV_COUNT], unsigned marked[SYNC_FUNCTIONS])
{
	struct screen c;
	screen_record(&c, workload, NULL, 80, 24);
	for (uint64_t step = 1; step <= c.source->steps; step++) {
		struct scene s;
		replay_go(&c.replay, step);
		replay_scene(&c.replay, &s);
		if (!s.outer || s.op.map != s.outer->map || s.after || s.event.kind == EV_OP ||
			s.op.kind == OP_GC || s.event.kind == EV_SAY)
			continue;
		struct sync_code at = sync_code_at(&s);
		enum sync_function fn = at.nested < 0 ? at.own : (enum sync_function)at.nested;
		const char *own = sync_code_line(&s, at.own, at.own_line),
			   *line = sync_code_line(&s, fn, at.nested < 0 ? at.own_line : at.nested_line);
		const char *words = words_of(&s, &at);
		NEED(own && line, "step %" PRIu64 ", %s, marks no line of %s", step,
			event_info[s.event.kind].name, sync_code_title(&s, fn));
		NEED(!words || strstr(line, words), "step %" PRIu64 ", %s, marks \"%s\" of %s", step,
			event_info[s.event.kind].name, line, sync_code_title(&s, fn));
		NEED(at.nested < 0 ||
				strstr(own, at.nested == SYNC_MISSLOCKED ? "missLocked" : "dirtyLocked"),
			"step %" PRIu64 ": \"%s\"", step, own);
		seen[s.event.kind]++;
		marked[at.own] |= 1u << at.own_line;
		if (at.nested >= 0)
			marked[at.nested] |= 1u << at.nested_line;
	}
	screen_close(&c);
}

START_TEST(test_code)
{
	static const char *const go[] = { "1.19", "1.20", "1.22", "1.23" };
	unsigned seen[EV_COUNT] = { 0 }, marked[SYNC_FUNCTIONS] = { 0 };
	char *text = sample(), random[WORKLOAD];
	check_code(text, seen, marked);
	for (unsigned i = 0; i < 24; i++) {
		random_workload(i, go[i % 4], random, sizeof random);
		check_code(random, seen, marked);
	}
	for (int k = EV_SYNCREAD; k <= EV_UNEXPUNGE; k++)
		NEED(seen[k] > 0, "%s never happened", event_info[k].name);
	/* Lines where no step is: tests, and what only another goroutine can bring about. */
	static const unsigned silent[SYNC_FUNCTIONS] = { [SYNC_LOAD] = 1 << 3 | 1 << 6,
		[SYNC_DELETE] = 1 << 2 | 1 << 5,
		[SYNC_LOADORSTORE] = 1 << 2,
		[SYNC_CAS] = 1 << 2 | 1 << 6,
		[SYNC_CAD] = 1 << 2 | 1 << 5,
		[SYNC_RANGE] = 1 << 2,
		[SYNC_CLEAR] = 1 << 2,
		[SYNC_DIRTYLOCKED] = 1 << 1 | 1 << 7 };
	for (int fn = 0; fn < SYNC_FUNCTIONS; fn++) {
		struct screen c;
		struct scene s;
		screen_record(&c, text, NULL, 80, 24);
		replay_go(&c.replay, 20);
		replay_scene(&c.replay, &s);
		int n = 0;
		for (const char *line; (line = sync_code_line(&s, (enum sync_function)fn, n + 1)); n++) {
			NEED(text_width(line) <= 36, "%s", line);
			NEED((marked[fn] | silent[fn]) & 1u << (n + 1), "no step marks line %d of %s", n + 1,
				sync_code_title(&s, (enum sync_function)fn));
		}
		NEED(n <= 13, "%s has %d lines", sync_code_title(&s, (enum sync_function)fn), n);
		screen_close(&c);
	}
	free(text);
}
END_TEST

/* ---- frames ---- */

START_TEST(test_both_ways)
{
	char random[WORKLOAD];
	random_workload(77, "1.23", random, sizeof random);
	both_ways(random, 80, 24, "R");
	both_ways(random, 160, 40, "");
	random_workload(78, "1.19", random, sizeof random);
	both_ways(random, 80, 24, "C");
	both_ways(random, 60, 16, "");
}
END_TEST

/* A growth that a promotion leaves open is shown as one, and when it began. */
START_TEST(test_growth_left)
{
	struct screen c;
	screen_record(&c, "syncmap string int64 seed=9\nfill 0 27\nprobe 0 27\nput k3 4\n", NULL, 120, 40);
	press(&c, "G");
	NEED(on_screen(&c, "doubling since op 27; left at 2 of 4 moved"), "since when?");
	NEED(on_screen(&c, "A growth that nobody goes on with"), "no words");
	press(&c, "O");
	NEED(on_screen(&c, "left open: read is never written"), "overview");
	press(&c, "O g");
	unsigned promotions = 0;
	for (uint64_t step = 1; step <= c.source->steps; step++) {
		struct event e = *player_event(&c.replay.player[c.replay.now], step);
		if (e.kind != EV_PROMOTE)
			continue;
		replay_go(&c.replay, step);
		replay_draw(&c.replay, &c.grid);
		NEED(on_screen(&c, "nobody goes on with that"), "step %" PRIu64, step);
		promotions++;
	}
	NEED(promotions == 1, "%u promotions", promotions);
	screen_close(&c);
}
END_TEST

/* In a race the hash in sight is that of the goroutine whose steps they are. */
START_TEST(test_race_hash)
{
	struct screen c;
	screen_record(
		&c, "map string int64 seed=19\nput apple 1\nrace del apple | put quince 4\n", NULL, 80, 24);
	press(&c, "G");
	for (int i = 0; i < 40; i++) {
		NEED(!on_screen(&c, "of \"quince\"") && !on_screen(&c, "of \"del"), "step %" PRIu64, at(&c));
		press(&c, ",");
	}
	screen_close(&c);
}
END_TEST

/* An operation's cost, as play and the list of operations have it: the loops over its own maps give nobody an
 * item. */
START_TEST(test_cost)
{
	static const char *const result[] = { "", "", "= 1", "", "1 item, end", "= 2", "= 3", "= 3" };
	struct source *s = record("syncmap string int64 seed=9\nput a 1\nput b 2\nget a\ndel a\nrange\nswap "
				  "b 3\nloadorstore b 4\n"
				  "loadanddelete b\nput c 1\n");
	struct costs *k = calloc(1, sizeof *k);
	for (uint64_t op = 1; op <= 8; op++) {
		char text[128];
		const struct op_cost *c = cost_of(k, s, op);
		cost_result(c, text, sizeof text);
		if (op == 6 || op == 4) /* told by its outcome too */
			NEED(strstr(text, result[op - 1]), "operation %" PRIu64 ": %s", op, text);
		else
			NEED(strcmp(text, result[op - 1]) == 0, "operation %" PRIu64 ": %s", op, text);
	}
	char text[128];
	cost_result(cost_of(k, s, 9), text, sizeof text);
	NEED(!strstr(text, "item"), "put c: %s", text);
	costs_release(k);
	free(k);
	s->close(s);
}
END_TEST

int main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	Suite *s = suite_create("sync.Map");
	TCase *c = tcase_create("replay");
	tcase_set_timeout(c, 120);
	tcase_add_test(c, test_code);
	tcase_add_test(c, test_both_ways);
	tcase_add_test(c, test_growth_left);
	tcase_add_test(c, test_race_hash);
	tcase_add_test(c, test_cost);
	suite_add_tcase(s, c);
	SRunner *runner = srunner_create(s);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
