/* lab stuck-growth: a map that was left in the middle of a growth and is only read from then on
 * (golang/go#51410).
 *
 * Only puts and deletes evacuate.  A loop over a map in mid-growth comes to each old bucket that is not
 * evacuated twice, once for each half, and hashes every key there each time to see whether it belongs to the
 * half.
 */
#include "src/lab/classic/map.h"

#include <math.h>
#include <stdio.h>

struct state {
	const char *name;
	unsigned percent;
	bool finished;
};
static const struct state states[] = {
	{ N_("finished"), 100, true },
	{ N_("just begun"), 0, false },
	{ N_("1/4 done"), 25, false },
	{ N_("1/2 done"), 50, false },
	{ N_("3/4 done"), 75, false },
};
enum { STATES = sizeof states / sizeof *states, LEAST_B = 4 };

struct loop {
	uint64_t items, old_entries, hashes, slots, steps;
	double ns;
	bool moved_on;
};

static uint64_t hmap_word(const struct lab_map *x, unsigned offset)
{
	uint64_t v;
	memcpy(&v, arena_host(&x->arena, x->m.hmap + offset), 8);
	return v;
}

/* Entries of old buckets that are not evacuated. */
static uint64_t old_entries(const struct lab_map *x)
{
	uint64_t first = hmap_word(x, HMAP_OLDBUCKETS), entries = 0;
	for (uint64_t i = 0; first && i < UINT64_C(1) << (lab_B(x) - 1); i++)
		for (uint64_t b = first + i * x->m.type.bucketsize; b;) {
			const uint8_t *top = arena_host(&x->arena, b);
			for (unsigned s = 0; s < SLOTS; s++)
				entries += top[s] >= MIN_TOPHASH;
			memcpy(&b, top + x->m.type.overflow, 8);
		}
	return entries;
}

/* Puts until the growth from 2^B buckets has come so far.  Puts of keys that are there evacuate too. */
static void bring_to(struct lab_map *x, const struct state *s, uint64_t limit)
{
	for (uint64_t i = 0; i <= limit; i++) {
		struct go_value k = lab_text_key(x, "key-", i);
		lab_put(x, &k, i);
	}
	uint64_t old = UINT64_C(1) << (lab_B(x) - 1);
	for (uint64_t i = 0; lab_growing(x) && i < limit; i++) {
		if (!s->finished && hmap_word(x, HMAP_NEVACUATE) * 100 >= old * s->percent)
			break;
		struct go_value k = lab_text_key(x, "key-", i);
		lab_put(x, &k, i);
	}
}

static uint64_t iterate(struct lab_map *x)
{
	uint64_t it = arena_push(&x->arena, HITER_SIZE, ROLE_HITER), items = 0;
	x->e->iter_init(&x->m.map, it);
	while (x->e->iter_next(&x->m.map, it))
		items++;
	arena_pop(&x->arena, it);
	return items;
}

static bool loop_over(struct lab *l, const struct state *s, unsigned B, uint64_t seed, struct loop *ret)
{
	enum { TIMES = 20 };
	struct lab_meter m;
	struct lab_map x;
	uint64_t limit = (uint64_t)l->release->load_numerator << (B - 1);
	lab_meter_init(&m);
	if (!lab_map_open(&x, "string", "int64", l->release, seed, -1, &m))
		return lab_fail(l, "%s", _("no address space for the heap could be reserved"));
	x.arena.sink = NULL;
	x.e = &classic_silent[x.m.type.variant];
	bring_to(&x, s, limit);
	*ret = (struct loop){ .old_entries = old_entries(&x) };
	uint64_t mark = hmap_word(&x, HMAP_NEVACUATE);
	for (int i = 0; i < TIMES; i++) {
		double start = lab_seconds();
		ret->items = iterate(&x);
		double ns = (lab_seconds() - start) * 1e9 / (double)ret->items;
		ret->ns = i == 0 || ns < ret->ns ? ns : ret->ns;
		for (uint64_t k = 0; k < 1000; k++) {
			struct go_value key = lab_text_key(&x, "key-", k);
			lab_has(&x, &key);
		}
	}
	ret->moved_on = hmap_word(&x, HMAP_NEVACUATE) != mark;
	x.arena.sink = &m.sink;
	x.e = &classic_recording[x.m.type.variant];
	lab_meter_reset(&m);
	iterate(&x);
	ret->hashes = m.kind[EV_HASH];
	ret->slots = m.kind[EV_ITERSLOT];
	ret->steps = m.sink.steps;
	lab_map_close(&x);
	return lab_tick(l, 1);
}

bool lab_stuck_growth(struct lab *l)
{
	unsigned B = (unsigned)lab_option(l, LAB_BITS, 12);
	uint64_t seed = random_next(&l->random);
	struct loop loop[STATES];
	if (B < LEAST_B)
		return lab_fail(l,
			_("a growth of fewer than 2^%d buckets is over before it can be left in the middle"),
			LEAST_B);
	lab_work(l, STATES, N_("maps"));
	struct lab_table *t = lab_table(
		l, "loops", _("One loop over all of map[string]int64, for each item"));
	lab_column(t, "growth", "", -1);
	lab_column(t, "items", "", 0);
	lab_column(t, "not_moved", _("entries"), 0);
	lab_column(t, "hashes", _("an item"), 3);
	lab_column(t, "theory", _("an item"), 3);
	lab_column(t, "slots", _("an item"), 2);
	lab_column(t, "steps", _("an item"), 2);
	lab_column(t, "item_ns", "ns", 1);
	lab_plot(t, "growth", "hashes", "theory");
	bool moved_on = false;
	for (int i = 0; i < STATES; i++) {
		if (!loop_over(l, &states[i], B, seed, &loop[i]))
			return false;
		const struct loop *p = &loop[i];
		double items = (double)p->items;
		lab_row(t);
		lab_word(t, "%s", _(states[i].name));
		lab_number(t, items);
		lab_number(t, (double)p->old_entries);
		lab_number(t, (double)p->hashes / items);
		lab_number(t, 2 * (double)p->old_entries / items);
		lab_number(t, (double)p->slots / items);
		lab_number(t, (double)p->steps / items);
		lab_number(t, p->ns);
		lab_check(l, _("hashes of a loop, two for each entry not moved"), _(states[i].name),
			(double)p->hashes, 2 * (double)p->old_entries, 0);
		moved_on = moved_on || p->moved_on;
	}
	double items = (double)loop[1].items;
	lab_conclude(l,
		_("A loop over the finished map hashes nothing; over the one whose growth has just begun it "
		  "hashes %.2f keys and looks at %.1f slots "
		  "for each item instead of %.1f. An item took %.1f ns instead of %.1f (this machine, silent "
		  "engine, now)."),
		(double)loop[1].hashes / items, (double)loop[1].slots / items,
		(double)loop[0].slots / (double)loop[0].items, loop[1].ns, loop[0].ns);
	lab_conclude(l,
		moved_on ? _("Reading moved the growth on, which Go's maps do not do: report it.")
			 : _("20 loops and 20,000 gets did not move the growth on by one bucket: a map that "
			     "is only read from now on pays at each loop, for "
			     "ever (golang/go#51410)."));
	/* Its first insert moved one old bucket or two; each further put or delete does so too. */
	lab_conclude(l,
		_("What helps: the right hint, so that no growth is under way; or writing on, %.0f to %.0f "
		  "puts or deletes here."),
		(double)(UINT64_C(1) << (B - 1)) - 1, (double)(UINT64_C(1) << B) - 1);
	return true;
}
