/* What the view of theory says, against what the functions of the map do when they are called; Poisson and
 * chi-square against known values; bars.
 */
#include "tests/screen/screen.h"
#include "trace/base/theory.h"
#include "ui/pass/false_positives.h"
#include "ui/scene/classic/classic.h"
#include "ui/scene/classic/measure.h"
#include "ui/panel/plot.h"
#include "ui/control/replay_private.h"

#include <check.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool near(double a, double b, double percent)
{
	return fabs(a - b) <= fabs(b) * percent / 100 + 1e-12;
}

/* ---- theory ---- */

START_TEST(test_theory)
{
	ck_assert(near(theory_poisson(6.5, 6), 0.157484, 0.001));
	ck_assert(near(theory_poisson(0, 0), 1, 0) && theory_poisson(0, 1) < 1e-300);
	ck_assert(near(theory_poisson_over(6.5, 8), 0.208427, 0.001));
	ck_assert(near(theory_poisson_over(1, 20), 2.0e-20 * 1.025, 5)); /* 1 - the others would be 0 */
	ck_assert(near(theory_overflow(6.5, SLOTS), 0.2089, 0.1));
	ck_assert(near(theory_chi_square_tail(3.841459, 1), 0.05, 0.001));
	ck_assert(near(theory_chi_square_tail(18.307038, 10), 0.05, 0.001));
	ck_assert(near(theory_chi_square_tail(124.342113, 100), 0.05, 0.001));
	ck_assert(near(theory_chi_square_tail(2.0, 2), exp(-1), 0.001));
	ck_assert(near(theory_chi_square_tail(0, 5), 1, 0));
	ck_assert(near(theory_false_positives(MIN_TOPHASH), 266.0 / 65536, 1e-6));
	double sum = 0, degrees, counted[] = { 10, 20, 30, 40 }, expected[] = { 25, 25, 25, 25 };
	for (unsigned top = 0; top < 256; top++)
		sum += theory_control(top, MIN_TOPHASH);
	ck_assert(near(sum, 1, 1e-6));
	ck_assert(
		near(theory_chi_square(counted, expected, 4, 0, &degrees), 20, 1e-6) && near(degrees, 3, 0));
	/* Classes of fewer than 5 join their neighbours: two are left. */
	double few[] = { 1, 2, 30, 0, 1 }, expect_few[] = { 2, 2, 26, 3, 1 };
	theory_chi_square(few, expect_few, 5, 0, &degrees);
	ck_assert(near(degrees, 0, 0) || near(degrees, 1, 0));
}
END_TEST

/* ---- measured ---- */

static const char *const types[] = { "string", "int64", "uint32", "[16]byte", "any", "float64" };
enum { TYPES = sizeof types / sizeof *types, LOW = 700, HIGH = 3000, ABSENT = 20000 };

/* Each live key is looked up once, then absent ones.  growing: it stands still in mid-growth. */
static struct source *searched(const char *type, bool holes, bool growing)
{
	char text[256];
	int top = growing ? 3350 : HIGH; /* 3329 is the insert at which it grows */
	snprintf(text, sizeof text, "map %s int64 seed=7\nfill 0 %d\n%s%s %d %d\nprobe %d %d\n", type, top,
		holes ? "drain 0 700\n" : "", "probe", holes ? LOW : 0, top, top, top + ABSENT);
	return record(text);
}

/* The event of each kind of function that comes once for each slot looked at. */
static int look_of(const struct map_type *t)
{
	return t->variant == VARIANT_FASTSTR    ? EV_LENGTH
		: t->variant == VARIANT_GENERAL ? EV_TOPHASH
						: EV_KEY;
}

struct looks {
	uint64_t hits, hit_slots, misses, miss_slots;
};

static struct looks count_looks(struct source *s, const struct map_type *t)
{
	struct looks l = { 0, 0, 0, 0 };
	struct player p;
	uint64_t slots = 0;
	bool get = false;
	player_init(&p, s);
	for (uint64_t step = 1; step <= s->steps; step++) {
		const struct event *e = player_event(&p, step);
		ck_assert_ptr_nonnull(e);
		if (e->kind == EV_OP) {
			get = e->b == OP_GET;
			slots = 0;
		}
		slots += (int)e->kind == look_of(t);
		if (e->kind == EV_DONE && get && e->a == OUTCOME_FOUND) {
			l.hits++;
			l.hit_slots += slots;
		} else if (e->kind == EV_DONE && get) {
			l.misses++;
			l.miss_slots += slots;
		}
	}
	player_release(&p);
	return l;
}

/* The view's measure at the last step, when nothing changes any more. */
START_TEST(test_measured)
{
	const char *type = types[_i % TYPES];
	bool holes = _i / TYPES == 1, growing = _i / TYPES == 2;
	struct screen c;
	struct scene s;
	struct measure m;
	struct source *source = searched(type, holes, growing);
	screen_open(&c, source, NULL, 80, 24);
	press(&c, "G V");
	replay_scene(&c.replay, &s);
	ck_assert(s.live);
	ck_assert_msg((classic_of(&s)->hmap.oldbuckets != 0) == growing, "%s", type);
	measure_make(&m, &s);
	struct looks l = count_looks(source, &classic_of(&s)->type);
	ck_assert_uint_eq(l.misses, ABSENT);
	ck_assert_uint_eq(l.hits, (uint64_t)classic_of(&s)->hmap.count);
	ck_assert_uint_eq(m.entries, (uint64_t)classic_of(&s)->hmap.count);
	/* Every entry was searched once: exactly the same. Absent keys are a sample. */
	double hit = (double)l.hit_slots / (double)l.hits, miss = (double)l.miss_slots / (double)l.misses;
	ck_assert_msg(
		near(m.hit, hit, 1e-6), "%s: a hit looks at %.6f slots, said is %.6f", type, hit, m.hit);
	ck_assert_msg(
		near(m.miss, miss, 2), "%s: a miss looks at %.4f slots, said is %.4f", type, miss, m.miss);
	ck_assert_msg((m.holes != 0) == holes, "%s", type);
	if (!holes) {
		ck_assert_msg(
			near(m.hit, m.hit_theory, 4), "%s: %.3f, theory %.3f", type, m.hit, m.hit_theory);
		ck_assert_msg(
			near(m.miss, m.miss_theory, 4), "%s: %.3f, theory %.3f", type, m.miss, m.miss_theory);
	}
	ck_assert(m.degrees >= 5 && theory_chi_square_tail(m.chi_square, m.degrees) > 1e-4);
	double chains = 0, entries = 0, lengths = 0, tops = 0, expected = 0;
	for (int k = 0; k < MEASURE_ENTRIES; k++) {
		chains += m.by_entries[k];
		entries += k * m.by_entries[k];
		expected += m.entries_theory[k];
	}
	for (int k = 0; k < MEASURE_LENGTHS; k++)
		lengths += m.by_length[k];
	for (int top = 0; top < 256; top++)
		tops += m.tops[top];
	ck_assert(near(chains, (double)m.chains, 0) && near(lengths, chains, 0) &&
		near(expected, chains, 0.001));
	ck_assert(near(entries, (double)m.entries, 0) && near(tops, entries, 0));
	screen_close(&c);
	source->close(source);
}
END_TEST

/* ---- false positives ---- */

START_TEST(test_false_positives)
{
	struct source *source = searched(types[_i], true, false);
	struct pass d = { 0 };
	struct player counting;
	struct false_positives at, before = { 0 };
	uint64_t compared = 0, equal = 0;
	bool pending = false;
	player_init(&counting, source);
	ck_assert_uint_eq(
		false_positives_now(&d)->compared, 0); /* nothing is known yet, and nothing is said */
	false_positives_ask(&d, source, 1, &classic_controls, source->steps);
	while (pass_work(&d) == PASS_MORE) {
	}
	struct false_positives last = *false_positives_now(&d); /* then every step, from the beginning */
	for (uint64_t step = 1; step <= source->steps; step++) {
		const struct event *e = player_event(&counting, step);
		if (e->kind == EV_TOPHASH && e->b) {
			pending = e->a == e->b;
			if (e->a >= MIN_TOPHASH)
				compared++;
			equal += pending;
		} else if (e->kind == EV_KEY && pending && e->b) {
			compared--;
			equal--;
			pending = false;
		}
		if (step % 1009 && step != source->steps)
			continue;
		false_positives_ask(&d, source, 1, &classic_controls, step);
		while (pass_work(&d) == PASS_MORE) {
		}
		ck_assert(pass_known(&d));
		at = *false_positives_now(&d);
		ck_assert_msg(at.compared == compared && at.equal == equal,
			"%s, step %" PRIu64 ": %" PRIu64 " of %" PRIu64 ", not %" PRIu64 " of %" PRIu64,
			types[_i], step, at.equal, at.compared, equal, compared);
		before = at;
	}
	ck_assert(last.compared == before.compared && last.equal == before.equal);
	const char *type = types[_i];
	bool asks = strcmp(type, "int64") != 0 && strcmp(type, "uint32") != 0;
	ck_assert_msg((before.compared > 1000) == asks, "%s", type);
	if (asks)
		ck_assert(near((double)before.equal / (double)before.compared,
			theory_false_positives(MIN_TOPHASH), 30));
	pass_release(&d);
	player_release(&counting);
	source->close(source);
}
END_TEST

/* ---- a large map is sampled ---- */

START_TEST(test_sampled)
{
	struct screen c;
	struct scene s;
	struct measure m;
	screen_record(&c, "map int64 int64 seed=5\nfill 0 120000\n", NULL, 80, 24);
	press(&c, "G V");
	replay_scene(&c.replay, &s);
	measure_make(&m, &s);
	ck_assert_uint_gt(m.stride, 1);
	ck_assert_uint_le(m.chains, MEASURE_MOST);
	ck_assert(near(m.hit, m.hit_theory, 4) && near(m.miss, m.miss_theory, 4));
	ck_assert(on_screen(&c, "looked at"));
	ck_assert(on_screen(&c, "tophash is not asked"));
	screen_close(&c);
}
END_TEST

/* The view of a map that is not there, or has no buckets. */
START_TEST(test_nothing)
{
	struct screen c;
	screen_record(&c, "map string int64 seed=5\nget x\n", NULL, 80, 24);
	press(&c, "V");
	ck_assert(on_screen(&c, "no buckets yet"));
	press(&c, "G");
	ck_assert(on_screen(&c, "no buckets yet"));
	screen_close(&c);
	screen_record(&c, "map string int64 seed=5\nput x 1\ndel x\nget y\n", NULL, 80, 24);
	press(&c, "G V");
	ck_assert(on_screen(&c, "there are no entries"));
	ck_assert(on_screen(&c, "an empty map is not searched"));
	screen_close(&c);
	screen_record(&c, "nilmap string int64\nget x\n", NULL, 80, 24);
	press(&c, "G V");
	ck_assert(on_screen(&c, "no buckets yet"));
	screen_close(&c);
}
END_TEST

/* ---- bars ---- */

static uint32_t cell_at(const struct grid *g, int x, int y)
{
	return g->cell[y * g->w + x].ch;
}

START_TEST(test_plot)
{
	enum { X = 9, FULL = 0x2588, LEAST = 0x2581, MARK = 0x2501 };
	struct grid g;
	double value[] = { 4, 2, 0.0001, NAN, 0 }, theory[] = { NAN, 4, NAN, 2, NAN };
	const char *label[] = { "a", "b", "c", "d", "e" };
	struct plot p = { .label = label, .value = value, .theory = theory, .n = 5 };
	grid_init(&g, X + 5, 5, false);
	plot_draw(&g, grid_rect(&g), &p);
	for (int y = 0; y < 4; y++) /* the largest fills its column */
		ck_assert_uint_eq(cell_at(&g, X, y), FULL);
	ck_assert_uint_eq(cell_at(&g, X + 1, 2), FULL);
	ck_assert_uint_eq(cell_at(&g, X + 1, 1), ' ');
	ck_assert_uint_eq(cell_at(&g, X + 1, 0), MARK);
	ck_assert_uint_eq(cell_at(&g, X + 2, 3), LEAST); /* not nothing */
	ck_assert_uint_eq(cell_at(&g, X + 3, 2), MARK);
	ck_assert_uint_eq(cell_at(&g, X + 4, 3), ' ');
	ck_assert_uint_eq(cell_at(&g, X, 4), 'a');
	grid_release(&g);
	/* More bars than columns: a column shows its largest. */
	double many[100] = { 0 };
	many[57] = 8;
	many[99] = 4;
	p = (struct plot){ .value = many, .n = 100 };
	grid_init(&g, X + 10, 2, false);
	plot_draw(&g, grid_rect(&g), &p);
	ck_assert_uint_eq(cell_at(&g, X + 5, 0), FULL);
	ck_assert_uint_eq(cell_at(&g, X + 9, 0), ' ');
	ck_assert_uint_eq(cell_at(&g, X + 9, 1), FULL);
	grid_release(&g);
	/* Any size, nothing at all. */
	for (int w = 0; w < 14; w++)
		for (int h = 0; h < 4; h++) {
			grid_init(&g, w, h, true);
			plot_draw(&g, grid_rect(&g), &p);
			plot_draw(&g, grid_rect(&g), &(struct plot){ .title = "t", .value = many, .n = 0 });
			grid_release(&g);
		}
	char number[32];
	plot_number(1234567, number, sizeof number);
	ck_assert_str_eq(number, "1.235M");
}
END_TEST

int main(void)
{
	if (!setlocale(LC_ALL, "C.UTF-8"))
		return 77;
	Suite *suite = suite_create("measure");
	TCase *c = tcase_create("measure");
	tcase_set_timeout(c, 300);
	tcase_add_test(c, test_theory);
	tcase_add_loop_test(c, test_measured, 0, TYPES * 3);
	tcase_add_loop_test(c, test_false_positives, 0, TYPES);
	tcase_add_test(c, test_sampled);
	tcase_add_test(c, test_nothing);
	tcase_add_test(c, test_plot);
	suite_add_tcase(suite, c);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
