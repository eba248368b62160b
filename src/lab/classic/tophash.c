/* lab tophash: how often a tophash says maybe where the key says no. */
#include "src/lab/classic/map.h"

#include <math.h>
#include <stdio.h>

enum { VALUES = 256, MOVED_UP = MIN_TOPHASH }; /* hashes whose top byte is below 5 get 5 more */

static unsigned top_of(uint64_t hash)
{
	unsigned top = hash >> 56;
	return top < MIN_TOPHASH ? top + MIN_TOPHASH : top;
}

struct compared {
	uint64_t slots[2], equal[2];
}; /* [0]: of wanted 5 to 9, [1]: of the others */

/* What a search for an absent key compares: all tophash bytes of the entries in its chain. */
static void compare(struct lab_map *x, const struct go_value *k, struct compared *c)
{
	uint64_t hash = lab_hash(x, k), addr, bucket = x->m.type.bucketsize;
	memcpy(&addr, arena_host(&x->arena, x->m.hmap + HMAP_BUCKETS), 8);
	addr += (hash & ((UINT64_C(1) << lab_B(x)) - 1)) * bucket;
	unsigned wanted = top_of(hash), class = wanted >= 2 * MOVED_UP;
	while (addr) {
		const uint8_t *top = arena_host(&x->arena, addr);
		for (unsigned i = 0; i < SLOTS && top[i] >= MIN_TOPHASH; i++) {
			c->slots[class]++;
			c->equal[class] += top[i] == wanted;
		}
		memcpy(&addr, top + x->m.type.overflow, 8);
	}
}

static void put_class(
	struct lab *l, struct lab_table *t, const char *name, uint64_t slots, uint64_t equal, double theory)
{
	double measured = slots ? 100.0 * (double)equal / (double)slots : 0;
	lab_row(t);
	lab_word(t, "%s", name);
	lab_number(t, (double)slots);
	lab_number(t, (double)equal);
	lab_number(t, measured);
	lab_number(t, theory * 100);
	/* Few comparisons scatter more than 5 %: four standard errors of so many are allowed, whatever comes
	 * out. */
	double scatter = 400 / sqrt((double)slots * theory > 0 ? (double)slots * theory : 1);
	lab_check(l, _("false positives"), name, measured, theory * 100, scatter > 5 ? ceil(scatter) : 5);
}

bool lab_tophash(struct lab *l)
{
	enum { EACH = 4096 };
	uint64_t n = lab_option(l, LAB_ENTRIES, 400000), searches = lab_option(l, LAB_ROUNDS, 8000) * 1000;
	struct lab_map x;
	struct compared c = { { 0 }, { 0 } };
	double counted[VALUES] = { 0 }, expected[VALUES], twice = 0,
	       both = theory_false_positives(MIN_TOPHASH);
	if (!lab_map_open(&x, "int64", "int64", l->release, random_next(&l->random), (int64_t)n, NULL))
		return lab_fail(l, "%s", _("no address space for the heap could be reserved"));
	bool go_on = true;
	lab_work(l, searches, N_("searches"));
	for (uint64_t i = 0; i < n && go_on; i++) {
		lab_put_int(&x, (int64_t)i);
		go_on = lab_go_on(l, i);
	}
	for (uint64_t i = 0; i < searches && go_on; i++) {
		int64_t absent = (int64_t)(n + i);
		struct go_value k = lab_int_key(&absent);
		counted[top_of(lab_hash(&x, &k))]++;
		compare(&x, &k, &c);
		if (i % EACH == 0)
			go_on = lab_tick(l, i ? EACH : 0);
	}
	double load = (double)lab_count(&x) / (double)(UINT64_C(1) << lab_B(&x));
	lab_map_close(&x);
	if (!go_on)
		return false;
	for (unsigned v = 0; v < VALUES; v++) {
		expected[v] = (double)searches * theory_control(v, MIN_TOPHASH);
		if (v >= MIN_TOPHASH && v < 2 * MOVED_UP)
			twice += counted[v] / MOVED_UP;
	}
	struct lab_table *t = lab_table(
		l, "false_positives", _("Tophash bytes compared in searches for absent keys"));
	lab_column(t, "wanted", "", -1);
	lab_column(t, "compared", _("slots"), 0);
	lab_column(t, "equal", _("slots"), 0);
	lab_column(t, "share", "%", 4);
	lab_column(t, "theory", "%", 4);
	put_class(l, t, _("any"), c.slots[0] + c.slots[1], c.equal[0] + c.equal[1], both);
	put_class(l, t, _("5 to 9"), c.slots[0], c.equal[0], 2.0 / VALUES);
	put_class(l, t, _("10 to 255"), c.slots[1], c.equal[1], 1.0 / VALUES);
	struct lab_table *d = lab_table(l, "distribution", _("How often each tophash comes"));
	lab_column(d, "tophash", "", 0);
	lab_column(d, "keys", "", 0);
	lab_column(d, "theory", "", 1);
	lab_plot(d, "tophash", "keys", "theory");
	for (unsigned v = 0; v < VALUES; v++) {
		lab_row(d);
		lab_number(d, v);
		lab_number(d, counted[v]);
		lab_number(d, expected[v]);
	}
	lab_chi_square(l, _("distribution of tophash"), "", counted, expected, VALUES, 0);
	double others = 0;
	for (unsigned v = 2 * MOVED_UP; v < VALUES; v++)
		others += counted[v] / (VALUES - 2 * MOVED_UP);
	uint64_t slots = c.slots[0] + c.slots[1], equal = c.equal[0] + c.equal[1];
	lab_conclude(l,
		_("Of %.0f tophash bytes compared in vain %.0f were equal by chance: one in %.0f. Theory: "
		  "246 values have a chance of 1/256, the "
		  "values 5 to 9 of 2/256, so one in %.1f."),
		(double)slots, (double)equal, (double)slots / (double)equal, 1 / both);
	lab_conclude(l,
		_("The values 5 to 9 came %.3f times as often as the others: hashes whose top byte is 0 to "
		  "4, the marks of empty and "
		  "evacuated slots, are moved there."),
		twice / others);
	lab_conclude(l,
		_("A search for an absent key at this load (%.2f) compares %.4f keys in vain; without "
		  "tophash it would compare %.2f."),
		load, (double)equal / (double)searches, (double)slots / (double)searches);
	return true;
}
