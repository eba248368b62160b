/* The driver of passes: over random recordings the state at any step, however one comes there, is that of a
 * fold from the beginning; for the passes of the program, and for some made up here that want few kinds,
 * cannot go back, or take little at a time.  A source that fails in the middle is reported once.
 */
#include "tests/screen/screen.h"
#include "trace/cache/mesi.h"
#include "trace/cache/traffic.h"
#include "trace/record/pass.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t seed = 1;

static uint64_t draw(uint64_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return n ? (seed >> 20) % n : 0;
}

/* ---- a source that shows so many steps of another, or fails at one ---- */

struct window {
	struct source source; /* first */
	struct source *real;
	uint64_t broken;        /* this step cannot be had; 0: all can */
	unsigned chunks, kinds; /* times it was asked */
};

/* A chunk at the end of a recording that grows is not whole yet. */
static uint32_t cut(const struct window *w, uint64_t first, uint32_t count)
{
	return first + count - 1 > w->source.steps ? (uint32_t)(w->source.steps - first + 1) : count;
}

static int window_chunk(struct source *s, uint64_t step, struct chunk *ret)
{
	struct window *w = (struct window *)(void *)s;
	w->chunks++;
	ck_assert(step >= 1 && step <= s->steps);
	ck_assert_int_eq(w->real->chunk(w->real, step, ret), 0);
	if (w->broken >= ret->first && w->broken - ret->first < ret->count) {
		snprintf(s->error, sizeof s->error, "broken at %" PRIu64, w->broken);
		return -1;
	}
	ret->count = cut(w, ret->first, ret->count);
	return 0;
}

static int window_kinds(
	struct source *s, uint64_t step, uint64_t *ret_first, uint32_t *ret_count, struct kind_set *ret)
{
	struct window *w = (struct window *)(void *)s;
	w->kinds++;
	int status = w->real->kinds(w->real, step, ret_first, ret_count, ret);
	*ret_count = cut(w, *ret_first, *ret_count);
	return status;
}

static struct window window_over(struct source *real, uint64_t steps)
{
	struct window w = { .source = *real, .real = real };
	w.source.steps = steps;
	w.source.chunk = window_chunk;
	w.source.kinds = window_kinds;
	return w;
}

static struct source *random_recording(uint64_t number)
{
	char text[512];
	unsigned first = 1500 + (unsigned)draw(900);
	snprintf(text, sizeof text,
		"map %s %s seed=%" PRIu64
		"\ncounter a\ncounter b\nfill 0 %u\ncore 1 get %s\ncore 1 add a\ncore 0 add b\n"
		"core 2 add a\nprobe %u 900\ngc\ndrain 10 %u\nrange\nprobe 0 4000\nfill 5 700\ncore 3 add "
		"b\nadd a\n",
		number % 2 ? "string" : "int64", number % 3 ? "int64" : "string", number, first,
		number % 2 ? "\"a\"" : "3", 200 + (unsigned)draw(500), 100 + (unsigned)draw(300));
	return record(text);
}

/* ---- passes made up for the test ---- */

/* Every event in order; owns memory. */
struct sum {
	uint64_t value, next, *kept;
};

static bool sum_init(void *state, struct source *source, void *of)
{
	struct sum *s = state;
	ck_assert(s->value == 0 && s->next == 0 && !s->kept && source);
	*s = (struct sum){ *(uint64_t *)of, 1, malloc(sizeof *s->kept) };
	*s->kept = s->value;
	return true;
}

static void sum_event(struct sum *s, const struct event *e, uint64_t step)
{
	s->value = (s->value ^ e->kind ^ e->addr ^ e->size ^ e->a ^ step) * UINT64_C(0x9e3779b97f4a7c15);
	*s->kept = s->value;
	s->next = step + 1;
}

static uint32_t sum_events(void *state, const struct event *e, uint32_t n, uint64_t step)
{
	struct sum *s = state;
	NEED(step == s->next, "step %" PRIu64 " comes after %" PRIu64, step, s->next - 1);
	for (uint32_t i = 0; i < n; i++)
		sum_event(s, &e[i], step + i);
	return n;
}

/* Takes few events at a time. */
static uint32_t sum_some(void *state, const struct event *e, uint32_t n, uint64_t step)
{
	return sum_events(state, e, n < 700 ? n : 700, step);
}

static bool sum_copy(void *to, const void *from)
{
	struct sum *t = to;
	const struct sum *f = from;
	uint64_t *kept = t->kept ? t->kept : malloc(sizeof *kept);
	*kept = *f->kept;
	*t = *f;
	t->kept = kept;
	return true;
}

static void sum_release(void *state)
{
	free(((struct sum *)state)->kept);
}

static size_t sum_bytes(const void *state)
{
	(void)state;
	return PASS_BYTES / 4; /* so few copies fill the memory that there is for them */
}

/* Of growths and frees alone: most chunks have none. */
struct few {
	uint64_t value;
};

static struct kind_set few_kinds(const void *about)
{
	(void)about;
	return KINDS(EV_GROWTH, EV_GC);
}

static uint32_t few_events(void *state, const struct event *e, uint32_t n, uint64_t step)
{
	struct few *s = state;
	struct kind_set kinds = few_kinds(NULL);
	for (uint32_t i = 0; i < n; i++)
		if (kinds_have(&kinds, e[i].kind))
			s->value = (s->value ^ e[i].kind ^ (step + i)) * UINT64_C(0x9e3779b97f4a7c15);
	return n;
}

static bool plain_copy(void *to, const void *from)
{
	memcpy(to, from, sizeof(struct few));
	return true;
}

static bool sum_same(const void *a, const void *b)
{
	const struct sum *x = a, *y = b;
	return x->value == y->value && *x->kept == x->value && x->next == y->next;
}

static bool few_same(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct few)) == 0;
}

/* ---- models of the program as passes ---- */

static bool mesi_begin(void *state, struct source *source, void *of)
{
	(void)of;
	mesi_init(state, 64, 4096, source);
	return true;
}

static uint32_t mesi_events(void *state, const struct event *e, uint32_t n, uint64_t step)
{
	for (uint32_t i = 0; i < n; i++)
		mesi_event(state, &e[i], step + i);
	return n;
}

static bool mesi_copied(void *to, const void *from)
{
	mesi_copy(to, from);
	return true;
}

static void mesi_gone(void *state)
{
	mesi_release(state);
}

static bool mesi_same(const void *a, const void *b)
{
	const struct mesi *x = a, *y = b;
	if (x->lines != y->lines || x->step != y->step || memcmp(&x->n, &y->n, sizeof x->n) != 0 ||
		x->changes != y->changes)
		return false;
	for (size_t i = 0; i < x->lines; i++)
		for (unsigned core = 0; core < 4; core++)
			if (mesi_state(&x->line[i], core) != mesi_state(&y->line[i], core) ||
				x->line[i].addr != y->line[i].addr)
				return false;
	return true;
}

static const struct {
	const char *name;
	struct pass_info info;
	bool (*same)(const void *a, const void *b);
} passes[] = {
	{ "all events",
		{ sizeof(struct sum), sizeof(uint64_t), sum_init, sum_events, sum_copy, NULL, sum_release,
			NULL, 0, NULL },
		sum_same },
	{ "some at a time",
		{ sizeof(struct sum), sizeof(uint64_t), sum_init, sum_some, sum_copy, NULL, sum_release, NULL,
			0, NULL },
		sum_same },
	{ "no way back",
		{ sizeof(struct sum), sizeof(uint64_t), sum_init, sum_events, NULL, NULL, sum_release, NULL,
			0, NULL },
		sum_same },
	{ "large states",
		{ sizeof(struct sum), sizeof(uint64_t), sum_init, sum_some, sum_copy, sum_bytes, sum_release,
			NULL, 0, NULL },
		sum_same },
	{ "few kinds",
		{ sizeof(struct few), 0, NULL, few_events, plain_copy, NULL, NULL, NULL, 0, few_kinds },
		few_same },
	{ "lines in cores",
		{ sizeof(struct mesi), 0, mesi_begin, mesi_events, mesi_copied, NULL, mesi_gone, NULL, 0,
			NULL },
		mesi_same },
};
enum { PASSES_TESTED = sizeof passes / sizeof *passes };

/* ---- any step ---- */

/* The state after a step, from the beginning, by other means than the driver. */
static void *fresh(const struct pass_info *info, struct source *real, uint64_t step, uint64_t *of)
{
	struct chunk c = { 0 };
	void *state = calloc(1, info->size);
	ck_assert(!info->init || info->init(state, real, of));
	for (uint64_t at = 1; at <= step;) {
		ck_assert_int_eq(real->chunk(real, at, &c), 0);
		uint64_t left = step - at + 1, n = c.first + c.count - at;
		at += info->events(state, &c.events[at - c.first], (uint32_t)(n < left ? n : left), at);
	}
	chunk_release(&c);
	return state;
}

static void compare(const struct pass *p, int k, struct source *real, uint64_t step, uint64_t *of)
{
	void *want = fresh(&passes[k].info, real, step, of);
	NEED(pass_known(p), "%s, step %" PRIu64 ": not known", passes[k].name, step);
	NEED(passes[k].same(pass_known(p), want), "%s: another state at step %" PRIu64, passes[k].name, step);
	if (passes[k].info.release)
		passes[k].info.release(want);
	free(want);
}

/* Where to go next: a step on, a step back, a bit on, or anywhere. */
static uint64_t elsewhere(uint64_t step, uint64_t steps)
{
	uint64_t far = step + draw(3000);
	switch (draw(5)) {
	case 0: return step < steps ? step + 1 : steps;
	case 1: return step ? step - 1 : 0;
	case 2: return far < steps ? far : steps;
	case 3: return steps;
	default: return draw(steps + 1);
	}
}

START_TEST(every_way_leads_to_the_state_of_a_fold_from_the_beginning)
{
	int k = _i % PASSES_TESTED;
	seed = (uint64_t)_i + 1;
	struct source *real = random_recording((uint64_t)_i);
	struct window w = window_over(real, real->steps / 5);
	struct pass p = { 0 };
	uint64_t of = draw(UINT64_MAX), step = 0;
	ck_assert_uint_gt(real->steps, 20000);
	ck_assert(!pass_busy(&p) && !pass_known(&p) && pass_percent(&p) == 100);
	pass_begin(&p, &passes[k].info, &w.source, &of);
	compare(&p, k, real, 0, &of);
	for (int i = 0; i < 36; i++) {
		if (i % 6 == 5) { /* somebody records */
			uint64_t more = w.source.steps + draw(real->steps / 6);
			w.source.steps = more < real->steps ? more : real->steps;
			ck_assert(pass_reads(&p, &w.source));
		}
		step = elsewhere(step, w.source.steps);
		pass_go(&p, step, (int)draw(3));
		for (uint64_t slices = draw(40); slices > 0 && pass_busy(&p); slices--) {
			ck_assert_uint_lt(pass_percent(&p), 100);
			ck_assert(!pass_known(&p));
			ck_assert_int_ne(pass_work(&p), PASS_FAILED);
		}
		if (i % 7 == 3 && pass_busy(&p)) /* changed one's mind on the way */
			continue;
		while (pass_work(&p) == PASS_MORE) {
		}
		compare(&p, k, real, step, &of);
		ck_assert_uint_le(p.bytes, PASS_BYTES);
	}
	if (passes[k].info.copy)
		ck_assert(p.copies > 0);
	if (passes[k].info.bytes)
		ck_assert_uint_gt(p.apart, PASS_APART);
	pass_release(&p);
	ck_assert(!pass_busy(&p) && !pass_state(&p));
	real->close(real);
}
END_TEST

START_TEST(steps_beyond_the_end_are_the_end)
{
	struct source *real = random_recording(4);
	struct pass p = { 0 };
	uint64_t of = 3;
	pass_begin(&p, &passes[0].info, real, &of);
	pass_go(&p, UINT64_MAX, 1 << 20);
	ck_assert(!pass_busy(&p) && p.at == real->steps);
	compare(&p, 0, real, real->steps, &of);
	/* fewer steps than there were: another recording */
	struct window w = window_over(real, real->steps);
	pass_begin(&p, &passes[0].info, &w.source, &of);
	w.source.steps--;
	ck_assert(!pass_reads(&p, &w.source) && !pass_reads(&p, real));
	pass_release(&p);
	real->close(real);
}
END_TEST

START_TEST(chunks_without_the_kinds_are_not_decoded)
{
	struct source *real = record("map int64 int64 hint=20000 seed=3\nfill 0 4000\nprobe 0 4000\n");
	struct window w = window_over(real, real->steps);
	struct pass p = { 0 };
	pass_begin(&p, &passes[4].info, &w.source, NULL);
	pass_go(&p, real->steps, 1 << 20);
	compare(&p, 4, real, real->steps, NULL);
	ck_assert_uint_gt(w.kinds, 4);
	ck_assert_uint_lt(w.chunks, w.kinds / 2);
	pass_release(&p);
	real->close(real);
}
END_TEST

/* ---- failure ---- */

START_TEST(a_failing_source_is_reported_once)
{
	int k = _i;
	struct source *real = random_recording(7);
	struct window w = window_over(real, real->steps);
	struct pass p = { 0 };
	uint64_t of = 9, half = real->steps / 2;
	int failed = 0;
	pass_begin(&p, &passes[k].info, &w.source, &of);
	pass_go(&p, half, 1 << 20);
	compare(&p, k, real, half, &of);
	w.broken = half + real->steps / 4;
	w.source.kinds = NULL; /* every chunk is decoded */
	pass_go(&p, real->steps, 0);
	for (int i = 0; i < 1000; i++)
		failed += pass_work(&p) == PASS_FAILED;
	ck_assert_int_eq(failed, 1);
	ck_assert(!pass_busy(&p) && !pass_known(&p) && pass_percent(&p) == 100);
	ck_assert_str_eq(pass_failure(&p), w.source.error);
	ck_assert(strncmp(pass_failure(&p), "broken at ", 10) == 0);
	ck_assert_uint_lt(p.at, w.broken);
	unsigned asked = w.chunks;
	w.broken = 0;
	pass_go(&p, 1, 10); /* nothing more is asked */
	ck_assert(asked == w.chunks && !pass_known(&p) && pass_work(&p) == PASS_DONE);
	pass_begin(&p, &passes[k].info, &w.source, &of); /* but one may begin again */
	pass_go(&p, half, 1 << 20);
	compare(&p, k, real, half, &of);
	pass_release(&p);
	real->close(real);
}
END_TEST

/* ---- walks ---- */

START_TEST(a_walk_gives_every_event_once_and_in_order)
{
	struct source *real = random_recording(3);
	uint64_t of = 1, from = 1 + draw(6000), to = real->steps - draw(6000), next = from;
	struct window w = window_over(real, real->steps);
	struct sum sum = { 0 };
	struct walk walk;
	sum_init(&sum, real, &of);
	walk_init(&walk, &w.source, 1);
	while (walk_next(&walk, UINT64_MAX, NULL))
		sum_events(&sum, walk.event, walk.n, walk.step);
	ck_assert(!walk.failed && sum.next == real->steps + 1);
	walk_again(&walk, &w.source, from);
	while (walk_next(&walk, to, NULL)) {
		ck_assert_uint_eq(walk.step, next);
		next += walk.n;
	}
	ck_assert_uint_eq(next, to + 1);
	ck_assert(walk_event(&walk, from) && !walk.failed);
	w.broken = to;
	walk_again(&walk, &w.source, 1);
	while (walk_next(&walk, UINT64_MAX, NULL))
		ck_assert_uint_lt(walk.last, to);
	ck_assert(walk.failed && !walk_event(&walk, to) && walk_event(&walk, 1));
	walk_release(&walk);
	sum_release(&sum);
	real->close(real);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("pass");
	TCase *t = tcase_create("pass");
	tcase_set_timeout(t, 300);
	tcase_add_loop_test(
		t, every_way_leads_to_the_state_of_a_fold_from_the_beginning, 0, 2 * PASSES_TESTED);
	tcase_add_test(t, steps_beyond_the_end_are_the_end);
	tcase_add_test(t, chunks_without_the_kinds_are_not_decoded);
	tcase_add_loop_test(t, a_failing_source_is_reported_once, 0, PASSES_TESTED);
	tcase_add_test(t, a_walk_gives_every_event_once_and_in_order);
	suite_add_tcase(s, t);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? 1 : 0;
}
