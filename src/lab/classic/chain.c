/* lab chain, search, seeds: how entries spread over buckets, and what that costs. */
#include "src/lab/classic/map.h"

#include "trace/base/memory.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- chain: entries of a bucket against Poisson ---- */

enum key_kind { INTS, TEXTS, EVIL, KEY_KINDS };
static const char *const kind_names[KEY_KINDS] = { N_("0, 1, 2, ... (int64)"), N_("k0, k1, ... (string)"),
	N_("evil: 1 in 10 to bucket 0") };

struct spread {
	struct lab_shape shape;
	double chi_square, degrees;
};

/* Keys from 0 on; of an evil workload every tenth is searched for until it falls into bucket 0. */
static bool fill(struct lab *l, struct lab_map *x, enum key_kind kind, uint64_t n)
{
	int64_t evil = 1 << 30;
	for (uint64_t i = 0; i < n; i++) {
		int64_t v = (int64_t)i;
		struct go_value k = kind == TEXTS ? lab_text_key(x, "k", i) : lab_int_key(&v);
		if (kind == EVIL && i % 10 == 0)
			for (v = evil++; (lab_hash(x, &k) & ((UINT64_C(1) << lab_B(x)) - 1)) != 0;)
				v = evil++;
		lab_put(x, &k, i);
		if (i % 1024 == 0 && !lab_tick(l, i ? 1024 : 0))
			return false;
	}
	return true;
}

static bool spread_of(struct lab *l, enum key_kind kind, uint64_t n, uint64_t rounds, struct spread *ret)
{
	struct lab_map x;
	*ret = (struct spread){ .degrees = 0 };
	for (uint64_t r = 0; r < rounds; r++) {
		uint64_t seed = random_next(&l->random);
		if (!lab_map_open(&x, kind == TEXTS ? "string" : "int64", "int64", l->release, seed,
			    (int64_t)n, NULL))
			return lab_fail(l, "%s", _("no address space for the heap could be reserved"));
		bool go_on = fill(l, &x, kind, n);
		lab_shape_add(&ret->shape, &x);
		lab_map_close(&x);
		if (!go_on)
			return false;
	}
	return true;
}

static void expect_poisson(double load, double of, double *out, int n)
{
	for (int i = 0; i + 1 < n; i++)
		out[i] = of * theory_poisson(load, (unsigned)i);
	out[n - 1] = of * theory_poisson_over(load, (unsigned)n - 2);
}

/* Chains of so many buckets: 0 to 8 entries fit into one, 9 to 16 into two. */
static double length_theory(double load, unsigned length)
{
	double over = theory_poisson_over(load, SLOTS * length);
	return length == 1 ? 1 - over : theory_poisson_over(load, SLOTS * (length - 1)) - over;
}

static void put_entries(struct lab_table *t, const struct spread *s, const double *expected)
{
	for (unsigned k = 0; k < LAB_SHAPE; k++) {
		bool any = expected[k] >= 0.5;
		for (int kind = 0; kind < KEY_KINDS; kind++)
			any = any || s[kind].shape.by_entries[k];
		if (!any)
			continue;
		lab_row(t);
		lab_number(t, k);
		for (int kind = 0; kind < KEY_KINDS; kind++)
			lab_number(t, (double)s[kind].shape.by_entries[k]);
		lab_number(t, expected[k]);
	}
}

static void put_lengths(struct lab_table *t, const struct spread *s, double load)
{
	for (unsigned k = 1; k < LAB_SHAPE; k++) {
		uint64_t any = 0;
		for (int kind = 0; kind < KEY_KINDS; kind++)
			any += s[kind].shape.by_length[k];
		if (!any && k > 3)
			continue;
		lab_row(t);
		lab_number(t, k);
		for (int kind = 0; kind < KEY_KINDS; kind++)
			lab_number(t, (double)s[kind].shape.by_length[k]);
		lab_number(t, (double)s[0].shape.buckets * length_theory(load, k));
	}
}

bool lab_chain(struct lab *l)
{
	uint64_t n = lab_option(l, LAB_ENTRIES, 25000), rounds = lab_option(l, LAB_ROUNDS, 8);
	struct spread s[KEY_KINDS];
	double counted[LAB_SHAPE], expected[LAB_SHAPE], load = 0;
	lab_work(l, n * rounds * KEY_KINDS, N_("puts"));
	for (int kind = 0; kind < KEY_KINDS; kind++) {
		if (!spread_of(l, (enum key_kind)kind, n, rounds, &s[kind]))
			return false;
		load = (double)s[kind].shape.entries / (double)s[kind].shape.buckets;
		expect_poisson(load, (double)s[kind].shape.buckets, expected, LAB_SHAPE);
		for (int i = 0; i < LAB_SHAPE; i++)
			counted[i] = (double)s[kind].shape.by_entries[i];
		s[kind].chi_square = theory_chi_square(counted, expected, LAB_SHAPE, 1, &s[kind].degrees);
		if (s[kind].degrees < 1)
			return lab_fail(l, "%s",
				_("too few buckets to compare with Poisson's law: give more --entries or "
				  "--rounds"));
		if (kind != EVIL)
			lab_chi_square(l, _("entries of a bucket, Poisson"), _(kind_names[kind]), counted,
				expected, LAB_SHAPE, 1);
	}
	struct lab_table *t = lab_table(
		l, "entries", _("Buckets (with their chains) by how many entries they hold; 63: 63 or more"));
	lab_column(t, "entries", "", 0);
	lab_column(t, "ints", _("buckets"), 0);
	lab_column(t, "strings", _("buckets"), 0);
	lab_column(t, "evil", _("buckets"), 0);
	lab_column(t, "poisson", _("buckets"), 1);
	lab_plot(t, "entries", "ints", "poisson");
	put_entries(t, s, expected);
	t = lab_table(l, "lengths", _("Buckets by the length of their chains; 63: 63 or more"));
	lab_column(t, "buckets", _("in a chain"), 0);
	lab_column(t, "ints", _("chains"), 0);
	lab_column(t, "strings", _("chains"), 0);
	lab_column(t, "evil", _("chains"), 0);
	lab_column(t, "poisson", _("chains"), 2);
	put_lengths(t, s, load);
	struct lab_table *fit = lab_table(l, "fit", _("How well Poisson's law fits"));
	lab_column(fit, "keys", "", -1);
	lab_column(fit, "chi_square", "", 1);
	lab_column(fit, "degrees", "", 0);
	lab_column(fit, "probability", _("by chance"), 4);
	lab_column(fit, "longest", _("entries"), 0);
	lab_column(fit, "hit", _("probes"), 2);
	for (int kind = 0; kind < KEY_KINDS; kind++) {
		lab_row(fit);
		lab_word(fit, "%s", _(kind_names[kind]));
		lab_number(fit, s[kind].chi_square);
		lab_number(fit, s[kind].degrees);
		lab_number(fit, theory_chi_square_tail(s[kind].chi_square, s[kind].degrees));
		lab_number(fit, (double)s[kind].shape.longest);
		lab_number(fit, (double)s[kind].shape.hit_probes / (double)s[kind].shape.entries);
	}
	bool fits = lab_agrees(l);
	lab_conclude(l,
		fits ? _("At a load of %.2f numbered keys fall into buckets as if at random: Poisson's law "
			 "fits for ints and strings.")
		     : _("At a load of %.2f Poisson's law does not fit numbered keys here; look at the seed, "
			 "and report it."),
		load);
	lab_conclude(l,
		_("The fullest bucket of %.0f holds %.0f entries (ints), %.0f (strings); with evil keys "
		  "%.0f, and then a hit looks at %.1f entries "
		  "instead of %.1f."),
		(double)s[INTS].shape.buckets, (double)s[INTS].shape.longest, (double)s[TEXTS].shape.longest,
		(double)s[EVIL].shape.longest,
		(double)s[EVIL].shape.hit_probes / (double)s[EVIL].shape.entries,
		(double)s[INTS].shape.hit_probes / (double)s[INTS].shape.entries);
	bool refused = theory_chi_square_tail(s[EVIL].chi_square, s[EVIL].degrees) < 0.001;
	lab_conclude(l,
		refused ? _("The same test refuses the evil keys (chi-square %.4g): it would notice a bad "
			    "hash.")
			: _("The same test does not notice the evil keys (chi-square %.4g): there are too "
			    "few of them."),
		s[EVIL].chi_square);
	return true;
}

/* ---- search: the mean search length of hit and miss ---- */

struct variant {
	const char *key, *name;
	bool stops_at_rest;
};
/* Each is another of the runtime's lookup functions. */
static const struct variant variants[] = {
	{ "int64", "fast64", false },
	{ "string", "faststr", false },
	{ "[16]byte", "general", true },
};
enum { VARIANTS = sizeof variants / sizeof *variants };

/* Key i of a map: i is spread over 64 bits, so that absent ones are no neighbours. */
static struct go_value key_of(struct lab_map *x, uint64_t i, uint8_t room[16])
{
	uint64_t v[2] = { i * 0x9e3779b97f4a7c15u, i };
	memcpy(room, v, 16);
	if (x->m.type.variant == VARIANT_FASTSTR)
		return lab_text_key(x, "key-", i);
	if (x->m.type.variant == VARIANT_FAST64)
		return (struct go_value){ .kind = GO_INT64, .data = room, .len = 8 };
	return (struct go_value){ .kind = GO_BYTES, .data = room, .len = 16 };
}

struct lengths {
	double hit, miss, entries_miss;
};

/* Means over searches of one map: what the function looks at, and how many entries that were. */
static bool search_map(struct lab *l, const struct variant *v, const struct release *r, double load,
	unsigned B, struct lengths *ret)
{
	enum { SEARCHES = 20000 };
	struct lab_meter meter;
	struct lab_map x;
	uint8_t room[16];
	uint64_t n = (uint64_t)(load * (double)(UINT64_C(1) << B)), entries = 0;
	lab_meter_init(&meter);
	if (!lab_map_open(&x, v->key, "int64", r, random_next(&l->random), (int64_t)(6.5 * (double)(1 << B)),
		    &meter))
		return lab_fail(l, "%s", _("no address space for the heap could be reserved"));
	x.e = &classic_silent[x.m.type.variant];
	x.arena.sink = NULL;
	for (uint64_t i = 0; i < n; i++) {
		struct go_value k = key_of(&x, i, room);
		lab_put(&x, &k, i);
	}
	x.e = &classic_recording[x.m.type.variant];
	for (int miss = 0; miss < 2; miss++) {
		x.arena.sink = NULL;
		uint64_t slots = 0;
		for (uint64_t i = 0; i < SEARCHES; i++) {
			struct go_value k = key_of(&x, miss ? n + i : random_next(&l->random) % n, room);
			if (miss)
				entries += lab_entries_at(&x, &k);
			x.arena.sink = &meter.sink;
			lab_meter_reset(&meter);
			bool found = lab_has(&x, &k);
			assert(found != (bool)miss);
			(void)found;
			slots += meter.slots;
			x.arena.sink = NULL;
		}
		*(miss ? &ret->miss : &ret->hit) = (double)slots / SEARCHES;
	}
	ret->entries_miss = (double)entries / SEARCHES;
	lab_map_close(&x);
	return lab_tick(l, SEARCHES * 2);
}

bool lab_search(struct lab *l)
{
	static const double loads[] = { 0.5, 1, 2, 3.25, 4, 5, 6, 6.5 };
	enum { LOADS = sizeof loads / sizeof *loads };
	enum { LEAST_B = 10 }; /* below it one map is no fair sample, and Poisson's law not its law */
	unsigned B = (unsigned)lab_option(l, LAB_BITS, 14);
	if (B < LEAST_B)
		return lab_fail(l, _("fewer than 2^%d buckets are too few to compare with theory"), LEAST_B);
	struct lab_table *t = lab_table(l, "searches", _("Slots looked at by a search, mean"));
	lab_column(t, "load", "", 2);
	static const struct {
		const char *name, *unit;
	} columns[] = { { N_("hit"), N_("slots") }, { N_("hit_theory"), "" }, { N_("entries_missed"), "" },
		{ N_("miss_fast64"), N_("slots") }, { N_("miss_faststr"), N_("slots") },
		{ N_("miss_theory"), N_("all slots") }, { N_("miss_general"), N_("slots") },
		{ N_("rest_theory"), N_("to emptyRest") }, { N_("open_addressing"), "" } };
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		lab_column(t, columns[i].name, *columns[i].unit ? _(columns[i].unit) : "", 3);
	lab_plot(t, "load", "hit", "hit_theory");
	struct release r = *l->release;
	r.load_numerator = 13; /* so that a load of 6.5 is reached in every release */
	lab_work(l, LOADS * VARIANTS * 40000, N_("searches"));
	struct lengths of[VARIANTS];
	for (int i = 0; i < LOADS; i++) {
		double load = loads[i], a = load / SLOTS;
		char where[64];
		for (int v = 0; v < VARIANTS; v++) {
			if (!search_map(l, &variants[v], &r, load, B, &of[v]))
				return false;
			snprintf(where, sizeof where, _("load %.2f, %s"), load, variants[v].name);
			lab_check(l, _("slots looked at by a hit, 1 + load/2"), where, of[v].hit,
				1 + load / 2, 5);
			lab_check(l,
				variants[v].stops_at_rest
					? _("slots looked at by a miss that stops at emptyRest")
					: _("slots looked at by a miss in all slots of the chain"),
				where, of[v].miss, theory_miss(load, SLOTS, variants[v].stops_at_rest), 5);
			lab_check(l, _("entries in a chain where a key is missed, load"), where,
				of[v].entries_miss, load, 5);
		}
		lab_row(t);
		lab_number(t, load);
		lab_number(t, of[0].hit);
		lab_number(t, 1 + load / 2);
		lab_number(t, of[0].entries_miss);
		lab_number(t, of[0].miss);
		lab_number(t, of[1].miss);
		lab_number(t, theory_miss(load, SLOTS, false));
		lab_number(t, of[2].miss);
		lab_number(t, theory_miss(load, SLOTS, true));
		lab_number(t, 1 + a / 2 * (1 + 1 / (1 - a)));
	}
	size_t last = LOADS - 1;
	lab_conclude(l,
		_("A full map (load 6.5) is searched for a key in %.2f looks, for a key that is not there in "
		  "%.2f by the functions for words "
		  "and strings, which look at every slot of the chain, and in %.2f by the general one, which "
		  "stops at emptyRest."),
		lab_value(t, last, "hit"), lab_value(t, last, "miss_fast64"),
		lab_value(t, last, "miss_general"));
	lab_conclude(l,
		_("Just grown (load 3.25) these are %.2f, %.2f and %.2f: a map is searched at a load between "
		  "the two."),
		lab_value(t, 3, "hit"), lab_value(t, 3, "miss_fast64"), lab_value(t, 3, "miss_general"));
	lab_conclude(l,
		_("open_addressing is 1 + a/2 (1 + 1/(1-a)) with a = load/8, which articles apply to Go's "
		  "map. It is for linear probing of "
		  "single slots: at load 6 it gives %.3f, measured is %.3f."),
		lab_value(t, 6, "open_addressing"), lab_value(t, 6, "hit"));
	return true;
}

/* ---- seeds: the same keys under many seeds, and keys made for one ---- */

struct cost {
	double longest, hit, ns;
};

static double fill_time(struct lab_map *x, const int64_t *key, uint64_t n)
{
	double start = lab_seconds();
	for (uint64_t i = 0; i < n; i++)
		lab_put_int(x, key[i]);
	return (lab_seconds() - start) * 1e9 / (double)n;
}

static struct cost cost_of(struct lab_map *x, uint64_t seed, const int64_t *key, uint64_t n)
{
	struct lab_shape shape = { .buckets = 0 };
	lab_map_again(x, seed, -1);
	double ns = fill_time(x, key, n);
	struct cost c = { .ns = ns };
	for (uint64_t guard = 0; lab_growing(x) && guard < n;
		guard++) /* the last growth is finished by putting again */
		lab_put_int(x, key[guard]);
	lab_shape_add(&shape, x);
	c.longest = (double)shape.longest;
	c.hit = (double)shape.hit_probes / (double)shape.entries;
	return c;
}

struct many {
	struct cost least, mean, most;
};

static bool under_seeds(
	struct lab *l, struct lab_map *x, uint64_t rounds, const int64_t *key, uint64_t n, struct many *ret)
{
	*ret = (struct many){ .least = { INFINITY, INFINITY, INFINITY } };
	for (uint64_t i = 0; i < rounds; i++) {
		struct cost c = cost_of(x, random_next(&l->random), key, n);
		const double *from = &c.longest;
		for (int f = 0; f < 3; f++) {
			double v = from[f], *least = &ret->least.longest + f, *most = &ret->most.longest + f;
			*least = v < *least ? v : *least;
			*most = v > *most ? v : *most;
			(&ret->mean.longest)[f] += v / (double)rounds;
		}
		if (!lab_tick(l, n))
			return false;
	}
	return true;
}

/* The mean of the largest of so many buckets: each stays below k by Poisson's law. */
static double longest_theory(double load, double buckets)
{
	double mean = 0;
	for (unsigned k = 0; k < 200; k++)
		mean += 1 - exp(buckets * log1p(-theory_poisson_over(load, k)));
	return mean;
}

enum { CRAFTED_MOST = 20000 };

/* Keys whose hash, under this seed, has the same low bits. */
static bool craft(struct lab *l, struct lab_map *x, uint64_t seed, unsigned bits, int64_t *key, uint64_t n)
{
	lab_map_again(x, seed, -1);
	uint64_t found = 0, tried = 0;
	for (int64_t v = 0; found < n; v++) {
		struct go_value k = lab_int_key(&v);
		if ((lab_hash(x, &k) & ((UINT64_C(1) << bits) - 1)) == 0)
			key[found++] = v;
		if (++tried % 65536 == 0 && !lab_tick(l, 0))
			return false;
	}
	return true;
}

static void put_cost(struct lab_table *t, const char *keys, const char *seeds, struct cost c)
{
	lab_row(t);
	lab_word(t, "%s", keys);
	lab_word(t, "%s", seeds);
	lab_number(t, c.longest);
	lab_number(t, c.hit);
	lab_number(t, c.ns);
}

static void put_many(struct lab_table *t, const char *keys, const struct many *m)
{
	put_cost(t, keys, _("others, the kindest"), m->least);
	put_cost(t, keys, _("others, mean"), m->mean);
	put_cost(t, keys, _("others, the worst"), m->most);
}

bool lab_seeds(struct lab *l)
{
	uint64_t n = lab_option(l, LAB_ENTRIES, 1000), rounds = lab_option(l, LAB_ROUNDS, 500),
		 own = random_next(&l->random);
	struct release r = *l->release;
	unsigned B = 0;
	if (n <= SLOTS)
		return lab_fail(l, _("up to %d entries are in one bucket under every seed"), SLOTS);
	if (n > CRAFTED_MOST)
		return lab_fail(
			l, _("to find keys for one bucket takes long: at most %d entries"), CRAFTED_MOST);
	while (n > SLOTS && n > r.load_numerator * ((UINT64_C(1) << B) / 2))
		B++;
	int64_t *plain = memory_array(n, sizeof *plain), *crafted = memory_array(n, sizeof *crafted);
	struct lab_map x;
	struct many many_plain, many_crafted;
	for (uint64_t i = 0; i < n; i++)
		plain[i] = (int64_t)i;
	bool ok = lab_map_open(&x, "int64", "int64", &r, own, -1, NULL);
	if (!ok) {
		free(plain);
		free(crafted);
		return lab_fail(l, "%s", _("no address space for the heap could be reserved"));
	}
	lab_work(l, n * rounds * 2, N_("puts"));
	ok = craft(l, &x, own, B, crafted, n) && under_seeds(l, &x, rounds, plain, n, &many_plain) &&
		under_seeds(l, &x, rounds, crafted, n, &many_crafted);
	if (ok) {
		struct cost at_home = cost_of(&x, own, crafted, n), plain_own = cost_of(&x, own, plain, n);
		double buckets = (double)(UINT64_C(1) << B),
		       theory = longest_theory((double)n / buckets, buckets);
		struct lab_table *t = lab_table(l, "costs", _("The same keys under other seeds"));
		lab_column(t, "keys", "", -1);
		lab_column(t, "seed", "", -1);
		lab_column(t, "longest", _("entries"), 2);
		lab_column(t, "hit", _("probes"), 2);
		lab_column(t, "put_ns", "ns", 1);
		put_cost(t, _("0, 1, 2, ..."), _("the crafted ones' own"), plain_own);
		put_many(t, _("0, 1, 2, ..."), &many_plain);
		put_cost(t, _("crafted"), _("their own"), at_home);
		put_many(t, _("crafted"), &many_crafted);
		double tolerance = 3 *
			(rounds < 500 ? sqrt(500.0 / (double)rounds)
				      : 1); /* the longest varies by one or two */
		lab_check(l, _("longest chain, mean over seeds, of 0, 1, 2, ..."), "",
			many_plain.mean.longest, theory, tolerance);
		lab_check(l, _("longest chain, mean over seeds, of crafted keys"), "",
			many_crafted.mean.longest, theory, tolerance);
		lab_check(l, _("chain of crafted keys under their own seed"), "", at_home.longest, (double)n,
			0);
		lab_conclude(l,
			_("Under %.0f seeds %.0f plain keys give chains of at most %.1f entries on the "
			  "average, never less than %.0f, never more "
			  "than %.0f; theory says %.2f."),
			(double)rounds, (double)n, many_plain.mean.longest, many_plain.least.longest,
			many_plain.most.longest, theory);
		lab_conclude(l,
			_("Keys crafted for one seed all fall into one chain there: %.0f entries, %.1f looks "
			  "for a hit instead of %.1f; a put took "
			  "%.0f ns instead of %.0f."),
			at_home.longest, at_home.hit, plain_own.hit, at_home.ns, plain_own.ns);
		lab_conclude(l,
			_("Under %.0f other seeds the same keys are harmless: the longest chain had %.1f "
			  "entries on the average, %.0f at most. "
			  "Go draws hash0 for each map, and the hash keys for each process, so that nobody "
			  "can prepare such keys."),
			(double)rounds, many_crafted.mean.longest, many_crafted.most.longest);
	}
	free(plain);
	free(crafted);
	lab_map_close(&x);
	return ok;
}
