/* The span map and the collector's colours: moved step by step or counted anew it is the same, its bytes add
 * up, and the colours are those that the engine had: what it called white at a barrier, and what its sweep
 * then freed. */
#include "tests/screen/screen.h"
#include "trace/go/sizeclass.h"
#include "trace/heap/spanmap.h"

#include <check.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char lesson[] = "map string string seed=230\nput apple red\nput banana yellow\nput \"a key of "
			     "more than sixteen bytes\" \"violet, with a white bloom\"\n"
			     "gc mark\nput banana green\ndel \"a key of more than sixteen bytes\"\nput grape "
			     "blue\nfill 0 12\niter l\nnext l 3\ngc\nfill 12 40\ndrain 0 20\n"
			     "gc\nmap int64 int64 seed=5 name=n\nfill 0 53\ngc mark\nfill 53 "
			     "120\nclear\ngc\nmap any [200]byte seed=9 name=s place=stack\nfill 0 20\n"
			     "gc\ndrain 0 20\ngc mark\nput 1 1\ngc\nmap int64 string seed=5 name=big "
			     "hint=3000 go=1.19\nfill 0 40\ngc\nput 1 1\n";

struct bench {
	struct source *source;
	struct player player;
	struct spanmap moved;
	struct marks marks;
};

static void bench_begin(struct bench *b, const char *workload)
{
	b->source = record(workload);
	player_init(&b->player, b->source);
	spanmap_init(&b->moved, b->source);
	marks_init(&b->marks, b->source);
}

static void bench_end(struct bench *b)
{
	marks_release(&b->marks);
	spanmap_release(&b->moved);
	player_release(&b->player);
	b->source->close(b->source);
}

static void check_same(const struct spanmap *a, const struct spanmap *b, uint64_t step)
{
	NEED(a->spans == b->spans, "step %" PRIu64 ": %zu and %zu spans", step, a->spans, b->spans);
	for (size_t i = 0; i < a->spans; i++)
		NEED(memcmp(&a->span[i], &b->span[i], sizeof *a->span) == 0,
			"step %" PRIu64 ": span %zu at %" PRIx64 " differs: %u and %u live", step, i,
			a->span[i].row.addr, a->span[i].live, b->span[i].live);
	NEED(memcmp(a->cached, b->cached, sizeof a->cached) == 0, "step %" PRIu64 ": mcache differs", step);
}

static void check_sum(const struct spanmap *m, uint64_t step)
{
	struct span_sum n;
	spanmap_sum(m, &n);
	uint64_t all = n.asked + n.rounding + n.headers + n.tail + n.bitmap + n.free;
	NEED(all == n.pages * PAGE_SIZE - n.stack, "step %" PRIu64 ": %" PRIu64 " bytes of %" PRIu64, step,
		all, n.pages * PAGE_SIZE - n.stack);
}

/* The move from one step to the next says what the map says. */
static void check_event(const struct bench *b, const struct event *e, uint64_t step)
{
	size_t i = spanmap_find(&b->moved, e->addr);
	if (e->kind == EV_SPAN || e->kind == EV_SWEPT)
		NEED(i != SIZE_MAX && b->moved.span[i].row.addr == e->addr, "step %" PRIu64 ": no such span",
			step);
	if (e->kind == EV_SPAN && e->a >= 2 && e->a < SPAN_STACK)
		NEED(spanmap_place(&b->moved, &b->moved.span[i]) == SPAN_IN_MCACHE,
			"step %" PRIu64 ": not in mcache", step);
	if (e->kind == EV_SPAN)
		NEED(b->moved.span[i].row.objects == e->d && b->moved.span[i].row.pages == e->b,
			"step %" PRIu64 ": another span", step);
	if (e->kind == EV_SWEPT && e->a < SPAN_STACK)
		NEED(spanmap_place(&b->moved, &b->moved.span[i]) ==
					(e->d == LIST_PARTIAL ? SPAN_IN_PARTIAL : SPAN_IN_FULL) &&
				b->moved.span[i].live == e->c,
			"step %" PRIu64 ": swept into another list", step);
	if (e->kind == EV_UNSPAN)
		NEED(i == SIZE_MAX, "step %" PRIu64 ": the span is still there", step);
}

START_TEST(steps_and_jumps)
{
	struct bench b;
	unsigned seed = 1;
	bench_begin(&b, lesson);
	for (int pass = 0; pass < 3; pass++)
		for (uint64_t k = 0; k <= b.source->steps; k += pass == 2 ? 17 : 1) {
			uint64_t to = pass == 0 ? k
				: pass == 1     ? b.source->steps - k
					    : (seed = seed * 1664525 + 1013904223) % (b.source->steps + 1);
			struct spanmap anew;
			NEED(player_seek(&b.player, to) == 0, "seek");
			NEED(spanmap_at(&b.moved, &b.player) == 0, "%s", b.source->error);
			spanmap_init(&anew, b.source);
			NEED(spanmap_at(&anew, &b.player) == 0, "%s", b.source->error);
			check_same(&b.moved, &anew, to);
			check_sum(&anew, to);
			if (pass == 0 && to > 0)
				check_event(&b, player_event(&b.player, to), to);
			spanmap_release(&anew);
		}
	bench_end(&b);
}
END_TEST

/* White by the model? */
static bool is_white(struct bench *b, uint64_t step, uint64_t addr)
{
	size_t i = spanmap_find(&b->moved, addr);
	if (i == SIZE_MAX || b->moved.span[i].row.spanclass == SPAN_STACK)
		return false;
	struct span_object o;
	const struct span_now *s = &b->moved.span[i];
	uint64_t k = (addr - s->row.addr) / s->stride;
	if (k >= s->row.objects)
		return false;
	span_objects(s, image_reader(b->player.image), (uint32_t)k, 1, &o);
	return o.live && marks_colour(&b->marks, step, o.base) == COLOUR_WHITE;
}

/* Was an object's block freed by the sweep of the cycle? */
static bool was_freed(struct bench *b, const struct gc_cycle *c, const struct span_now *s, uint64_t base)
{
	for (uint64_t step = c->off; step <= c->end; step++) {
		const struct event *e = player_event(&b->player, step);
		if (e->kind == EV_FREE && e->addr >= base && e->addr - base < s->stride)
			return true;
	}
	return false;
}

static unsigned check_sweep(struct bench *b, const struct gc_cycle *c)
{
	static struct span_object o[8192];
	unsigned dead = 0, grey = 0;
	NEED(player_seek(&b->player, c->off) == 0 && spanmap_at(&b->moved, &b->player) == 0, "seek");
	for (size_t i = 0; i < b->moved.spans; i++) {
		const struct span_now *s = &b->moved.span[i];
		if (s->row.spanclass == SPAN_STACK)
			continue;
		span_objects(s, image_reader(b->player.image), 0, s->row.objects, o);
		for (uint32_t k = 0; k < s->row.objects; k++) {
			if (!o[k].live)
				continue;
			enum colour colour = marks_colour(&b->marks, c->off, o[k].base);
			NEED((colour == COLOUR_DEAD) == was_freed(b, c, s, o[k].base),
				"cycle %" PRIu64 "-%" PRIu64 "-%" PRIu64 ": object at %" PRIx64 " is %s",
				c->on, c->off, c->end, o[k].base, colour_name[colour]);
			dead += colour == COLOUR_DEAD;
			grey += colour == COLOUR_GREY;
		}
	}
	NEED(grey == 0, "%u grey objects when marking is over", grey);
	return dead;
}

START_TEST(colours)
{
	struct bench b;
	unsigned white = 0, barriers = 0, dead = 0, sweeps = 0;
	bench_begin(&b, lesson);
	for (uint64_t step = 1; step <= b.source->steps; step++) {
		while (marks_work(&b.marks, step)) {
		}
		NEED(!b.marks.failed, "marks failed");
		const struct gc_cycle *c = marks_cycle(&b.marks, step);
		NEED(player_seek(&b.player, step) == 0 && spanmap_at(&b.moved, &b.player) == 0, "seek");
		struct event e = *player_event(&b.player, step);
		if (e.kind == EV_MARKING)
			NEED(c && (e.a ? c->on : c->off) == step, "step %" PRIu64 ": another cycle", step);
		if (e.kind == EV_MARKING && !e.a) {
			dead += check_sweep(&b, c);
			sweeps++;
		}
		if (!c || (c->off && step >= c->off))
			continue;
		uint64_t marked, black;
		struct span_sum n;
		marks_count(&b.marks, step, &marked, &black);
		spanmap_sum(&b.moved, &n);
		NEED(black <= marked && marked <= n.live,
			"step %" PRIu64 ": %" PRIu64 " black, %" PRIu64 " marked, %" PRIu64 " live", step,
			black, marked, n.live);
		if (e.kind != EV_BARRIER)
			continue;
		barriers++;
		white += e.c & 1;
		NEED(is_white(&b, step, e.a) == (e.c & 1) && is_white(&b, step, e.b) == (e.c >> 1 & 1),
			"step %" PRIu64 ": shaded %" PRIu64, step, e.c);
	}
	NEED(sweeps == 6 && dead > 20 && barriers > 50 && white > 3,
		"%u sweeps, %u dead, %u barriers, %u white", sweeps, dead, barriers, white);
	bench_end(&b);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("spans");
	TCase *t = tcase_create("spans");
	tcase_set_timeout(t, 120);
	tcase_add_test(t, steps_and_jumps);
	tcase_add_test(t, colours);
	suite_add_tcase(suite, t);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
