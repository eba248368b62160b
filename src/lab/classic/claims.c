/* lab claims: popular claims about Go's map, each put to the test by a run.
 *
 * A claim's function runs maps and gives what it measured, and whether the claim holds.  What no run of the
 * releases at hand could show is said to be so; for what the compiler decides a Go compiler is asked, when
 * there is one.
 */
#include "src/engine/classic/private.h"
#include "src/lab/classic/map.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum verdict { FAILED, HOLDS, DOES_NOT_HOLD, CANNOT_BE_SHOWN, NOT_TESTED };
static const char *const verdict_names[] = { "", N_("holds"), N_("does not hold"), N_("no run can show it"),
	N_("not tested") };

struct measured {
	char text[400];
};

static enum verdict say(struct measured *m, enum verdict v, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static enum verdict say(struct measured *m, enum verdict v, const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	vsnprintf(m->text, sizeof m->text, format, ap);
	va_end(ap);
	return v;
}

static enum verdict verdict_of(bool holds)
{
	return holds ? HOLDS : DOES_NOT_HOLD;
}

static bool open_ints(struct lab *l, struct lab_map *x, int64_t hint, struct lab_meter *meter)
{
	if (meter)
		lab_meter_init(meter);
	if (lab_map_open(x, "int64", "int64", l->release, random_next(&l->random), hint, meter))
		return true;
	return lab_fail(l, "%s", _("no address space for the heap could be reserved"));
}

static void remove_int(struct lab_map *x, int64_t key)
{
	struct go_value k = lab_int_key(&key);
	x->e->remove(&x->m.map, &k);
}

/* ---- sizes and thresholds ---- */

struct block_of {
	struct sink sink;
	enum block_role role;
	uint64_t size;
};

static void block_map(struct sink *s, const struct map_info *m)
{
	(void)s;
	(void)m;
}

static void block_operation(struct sink *s, const struct operation *o)
{
	(void)s;
	(void)o;
}

static void block_event(struct sink *s, const struct event *e)
{
	struct block_of *b = (struct block_of *)s;
	if (e->kind == EV_ALLOC && e->b == b->role)
		b->size = e->size;
}

static enum verdict header_size(struct lab *l, struct measured *m)
{
	struct block_of b = {
		.sink = { .map = block_map, .operation = block_operation, .event = block_event },
		.role = ROLE_HMAP
	};
	struct lab_map x;
	if (!lab_map_open_noting(&x, "string", "int64", l->release, random_next(&l->random), &b.sink)) {
		lab_fail(l, "%s", _("no address space for the heap could be reserved"));
		return FAILED;
	}
	lab_map_close(&x);
	return say(m, verdict_of(b.size == 32), _("%.0f bytes are allocated for it (amd64)"), (double)b.size);
}

/* The insert at which a map of 2^from_B buckets grows; 0: FAILED. */
static uint64_t growing_insert(struct lab *l, unsigned from_B)
{
	struct lab_map x;
	uint64_t i = 0;
	if (!open_ints(l, &x, -1, NULL))
		return 0;
	while (lab_B(&x) <= from_B)
		lab_put_int(&x, (int64_t)++i);
	lab_map_close(&x);
	return i;
}

static enum verdict grows_at_7(struct lab *l, struct measured *m)
{
	uint64_t i = growing_insert(l, 0);
	return i ? say(m, verdict_of(i == 7), _("it grows when element %.0f is put"), (double)i) : FAILED;
}

static enum verdict grows_at_53(struct lab *l, struct measured *m)
{
	uint64_t i = growing_insert(l, 3);
	return i ? say(m, verdict_of(i == 53), _("it grows when element %.0f is put"), (double)i) : FAILED;
}

/* ---- tophash ---- */

/* Counts the tophash values of an array of n buckets with their chains. */
static void count_tops(const struct lab_map *x, uint64_t first, uint64_t n, uint64_t tops[256])
{
	for (uint64_t i = 0; first && i < n; i++)
		for (uint64_t b = first + i * x->m.type.bucketsize; b;) {
			const uint8_t *top = arena_host(&x->arena, b);
			for (unsigned s = 0; s < SLOTS; s++)
				tops[top[s]]++;
			memcpy(&b, top + x->m.type.overflow, 8);
		}
}

static enum verdict zero_is_empty(struct lab *l, struct measured *m)
{
	enum { N = 1000 };
	struct lab_map x;
	uint64_t tops[256] = { 0 };
	if (!open_ints(l, &x, N, NULL))
		return FAILED;
	for (int64_t i = 0; i < N; i++)
		lab_put_int(&x, i);
	for (int64_t i = 0; i < N; i += 2)
		remove_int(&x, i);
	count_tops(&x, lab_array(&x), UINT64_C(1) << lab_B(&x), tops);
	lab_map_close(&x);
	return say(m, verdict_of(tops[EMPTY_ONE] == 0),
		_("after %.0f puts and %.0f deletes %.0f empty slots have tophash 0 (empty, and nothing "
		  "comes after "
		  "it in the chain) and %.0f have 1 (empty)"),
		(double)N, N / 2.0, (double)tops[EMPTY_REST], (double)tops[EMPTY_ONE]);
}

static enum verdict ff_is_moving(struct lab *l, struct measured *m)
{
	enum { B = 8 };
	struct lab_map x;
	uint64_t still[256] = { 0 }, moving[256] = { 0 }, old;
	uint64_t limit = classic_load_limit(l->release, B);
	if (!open_ints(l, &x, (int64_t)limit, NULL))
		return FAILED;
	for (uint64_t i = 0; i < limit; i++)
		lab_put_int(&x, (int64_t)i);
	count_tops(&x, lab_array(&x), UINT64_C(1) << B, still);
	for (uint64_t i = limit; i < limit + (1 << B) / 4;
		i++) /* a quarter of the inserts of a growth, or more */
		lab_put_int(&x, (int64_t)i);
	memcpy(&old, arena_host(&x.arena, x.m.hmap + HMAP_OLDBUCKETS), 8);
	count_tops(&x, old, UINT64_C(1) << B, moving);
	lab_map_close(&x);
	return say(m, verdict_of(still[255] == 0 && moving[EVACUATED_X] + moving[EVACUATED_Y] == 0),
		_("in a map of %.0f entries that does not grow %.0f have tophash 0xff, an ordinary value; in "
		  "mid-growth the slots that have been moved hold "
		  "2 (%.0f of them), 3 (%.0f) or, empty ones, 4 (%.0f)"),
		(double)limit, (double)still[255], (double)moving[EVACUATED_X], (double)moving[EVACUATED_Y],
		(double)moving[EVACUATED_EMPTY]);
}

/* ---- growth ---- */

/* A map that is put to and deleted from: each bucket's turn comes, nine keys, and keep of them stay.  The
 * share of slots in use when a growth of the same size begins; NAN: FAILED. */
static double same_size_load(struct lab *l, unsigned B, unsigned keep)
{
	enum { KEYS = SLOTS + 1 };
	struct lab_map x;
	uint64_t buckets = UINT64_C(1) << B;
	if (!open_ints(l, &x, (int64_t)classic_load_limit(l->release, B), NULL))
		return NAN;
	uint64_t array = lab_array(&x), before = 0;
	for (uint64_t bucket = 0, v = 0; bucket < buckets; bucket++) {
		int64_t key[KEYS];
		for (int n = 0; n < KEYS; v++) {
			int64_t candidate = (int64_t)v;
			struct go_value k = lab_int_key(&candidate);
			if ((lab_hash(&x, &k) & (buckets - 1)) == bucket)
				key[n++] = candidate;
		}
		for (int n = 0; n < KEYS; n++)
			lab_put_int(&x, key[n]);
		for (unsigned n = keep; n < KEYS; n++)
			remove_int(&x, key[n]);
	}
	for (int64_t fresh = -1; lab_array(&x) == array; fresh--) {
		before = lab_count(&x);
		lab_put_int(&x, fresh);
	}
	lab_map_close(&x);
	return (double)before / (double)(buckets * SLOTS) * 100;
}

static enum verdict same_size_at(struct lab *l, struct measured *m)
{
	enum { B = 7 };
	double least = INFINITY, most = 0;
	for (unsigned keep = 1; keep <= 5; keep++) {
		double load = same_size_load(l, B, keep);
		if (isnan(load))
			return FAILED;
		least = load < least ? load : least;
		most = load > most ? load : most;
	}
	return say(m, verdict_of(least >= 75 && most <= 90),
		_("maps of %.0f buckets grew to the same size at %.1f to %.1f %% of their slots in use, each "
		  "time when "
		  "they had as many overflow buckets as buckets"),
		(double)(1 << B), least, most);
}

static enum verdict incremental(struct lab *l, struct measured *m)
{
	enum { B = 10 };
	uint64_t most = 0, all = 0;
	for (int i = 0; i < RELEASES; i++) {
		struct lab_meter meter;
		struct lab_map x;
		lab_meter_init(&meter);
		if (!lab_map_open(&x, "int64", "int64", &releases[i], random_next(&l->random), -1, &meter))
			return FAILED;
		for (int64_t k = 0; lab_B(&x) <= B || lab_growing(&x); k++) {
			uint64_t moved = meter.kind[EV_MOVE];
			lab_put_int(&x, k);
			moved = meter.kind[EV_MOVE] - moved;
			most = moved > most ? moved : most;
		}
		all = classic_load_limit(&releases[i], B);
		lab_map_close(&x);
	}
	return say(m, CANNOT_BE_SHOWN,
		_("in all releases from %s to %s growth is incremental: no insert moved more than %.0f of "
		  "the %.0f entries; Go 1.5 is not "
		  "among them, and its history says: since the design with buckets, Go 1"),
		releases[0].name, releases[RELEASES - 1].name, (double)most, (double)all);
}

/* ---- nil maps, memory ---- */

static enum verdict nil_map(struct lab *l, struct measured *m)
{
	struct lab_map x;
	struct classic_map nil;
	int64_t key = 1;
	struct go_value k = lab_int_key(&key);
	if (!open_ints(l, &x, -1, NULL))
		return FAILED;
	struct map_options o = { .key = x.m.type.key,
		.elem = x.m.type.elem,
		.release = l->release,
		.seed = 1,
		.hint = -1,
		.nil = true,
		.number = 2 };
	classic_make(&nil, &x.arena, &o);
	uint64_t it = arena_push(&x.arena, HITER_SIZE, ROLE_HITER), h;
	bool faults[5];
	x.e->access(&nil.map, &k);
	faults[0] = nil.map.fault >= 0;
	x.e->remove(&nil.map, &k);
	faults[1] = nil.map.fault >= 0;
	x.e->iter_init(&nil.map, it);
	memcpy(&h, arena_host(&x.arena, it + HITER_H), 8);
	faults[2] = nil.map.fault >= 0 || h != 0; /* the loop ends before it begins */
	x.e->clear(&nil.map);
	faults[3] = nil.map.fault >= 0;
	x.e->assign(&nil.map, &k);
	faults[4] = nil.map.fault >= 0;
	lab_map_close(&x);
	const char *words[] = { _("is legal"), _("panics") };
	bool any = faults[0] || faults[1] || faults[2] || faults[3] || faults[4];
	return say(m, verdict_of(!any), _("get %s, delete %s, range %s, clear %s, put %s"), words[faults[0]],
		words[faults[1]], words[faults[2]], words[faults[3]], words[faults[4]]);
}

static enum verdict cache_lines(struct lab *l, struct measured *m)
{
	static const char *const keys[] = { "int32", "int64", "string", "any" },
				 *const elems[] = { "bool", "int64", "string", "[100]byte" };
	unsigned arrays = 0, aligned = 0;
	for (int k = 0; k < 4; k++)
		for (int e = 0; e < 4; e++)
			for (int64_t hint = 9; hint < 2000; hint *= 3) {
				struct lab_map x;
				if (!lab_map_open(&x, keys[k], elems[e], l->release, 1, hint, NULL))
					return FAILED;
				for (int i = 0; i < 3;
					i++) { /* the first object of a span is a special case */
					struct map_options o = { .key = x.m.type.key,
						.elem = x.m.type.elem,
						.release = l->release,
						.seed = 1,
						.hint = hint,
						.number = 1 };
					aligned += lab_array(&x) % 64 == 0;
					arrays++;
					classic_make(&x.m, &x.arena, &o);
				}
				lab_map_close(&x);
			}
	return say(m, verdict_of(aligned == arrays),
		_("of %u arrays of 16 map types %u start at a multiple of 64: it depends on size class and "
		  "malloc header (go%s)"),
		arrays, aligned, l->release->name);
}

static enum verdict emptied_map(struct lab *l, struct measured *m)
{
	enum { N = 100000 };
	struct lab_map x;
	if (!open_ints(l, &x, -1, NULL))
		return FAILED;
	for (int64_t i = 0; i < N; i++)
		lab_put_int(&x, i);
	for (int64_t i = 0; i < N && lab_growing(&x); i++)
		lab_put_int(&x, i);
	uint64_t array = lab_array(&x);
	uint32_t hash0, hash0_now;
	unsigned B = lab_B(&x);
	memcpy(&hash0, arena_host(&x.arena, x.m.hmap + HMAP_HASH0), 4);
	for (int64_t i = 0; i < N; i++)
		remove_int(&x, i);
	memcpy(&hash0_now, arena_host(&x.arena, x.m.hmap + HMAP_HASH0), 4);
	bool kept = lab_array(&x) == array && lab_B(&x) == B;
	double bytes = (double)(classic_array_length(&x.m.type, l->release, B) * x.m.type.bucketsize),
	       count = (double)lab_count(&x);
	lab_map_close(&x);
	return say(m, verdict_of(!kept),
		_("after %.0f puts and as many deletes count is %.0f and the map %s its array of %.0f bytes; "
		  "hash0 is %s"),
		(double)N, count, kept ? _("keeps") : _("has dropped"), bytes,
		hash0 == hash0_now ? _("the same") : _("a new one"));
}

/* ---- what the compiler decides ---- */

static const char program[] =
	"package p\n"
	"type box struct{ m map[int]int }\n"
	"func local() int { m := make(map[int]int, 8); m[1] = 1; return len(m) }\n"
	"func boxed() int { b := box{m: make(map[int]int)}; b.m[1] = 1; return len(b.m) }\n"
	"func given(n int) map[int]int { return make(map[int]int, n) }\n";

/* The compiler's own words (-m) on the three makes of the program. */
static bool ask_compiler(unsigned *ret_stays, unsigned *ret_escapes)
{
	char folder[] = "/tmp/mapscope-claims.XXXXXX", path[64], command[256], line[512];
	*ret_stays = *ret_escapes = 0;
	if (!mkdtemp(folder))
		return false;
	snprintf(path, sizeof path, "%s/p.go", folder);
	FILE *f = fopen(path, "w");
	if (f) {
		fputs(program, f);
		fclose(f);
		snprintf(command, sizeof command,
			"cd %s && GOTOOLCHAIN=local go tool compile -m -o p.o p.go 2>&1 < /dev/null", folder);
		f = popen(command, "r");
		while (f && fgets(line, sizeof line, f)) {
			*ret_stays += strstr(line, "make(map") && strstr(line, "does not escape");
			*ret_escapes += strstr(line, "make(map") && strstr(line, "escapes to heap");
		}
		if (f)
			pclose(f);
		snprintf(command, sizeof command, "%s/p.o", folder);
		unlink(command);
		unlink(path);
	}
	rmdir(folder);
	return *ret_stays + *ret_escapes > 0;
}

static enum verdict always_escapes(struct lab *l, struct measured *m)
{
	unsigned stays, escapes;
	(void)l;
	if (!ask_compiler(&stays, &escapes))
		return say(m, NOT_TESTED, "%s",
			_("the compiler decides this, and there is no go in the PATH to be asked"));
	return say(m, verdict_of(stays == 0),
		_("asked by go tool compile -m about makes in a local variable, in a local struct and in a "
		  "result: %u do not escape, %u do"),
		stays, escapes);
}

/* ---- search length ---- */

static enum verdict formula(struct lab *l, struct measured *m)
{
	enum { B = 12, PER_BUCKET = 6 };
	struct lab_shape shape = { .buckets = 0 };
	struct lab_map x;
	double a = PER_BUCKET / (double)SLOTS, gives = 1 + a / 2 * (1 + 1 / (1 - a));
	if (!open_ints(l, &x, PER_BUCKET << B, NULL))
		return FAILED;
	for (int64_t i = 0; i < PER_BUCKET << B; i++)
		lab_put_int(&x, i);
	lab_shape_add(&shape, &x);
	lab_map_close(&x);
	double hit = (double)shape.hit_probes / (double)shape.entries;
	return say(m, verdict_of(fabs(gives - 3.69) < 0.005 && fabs(hit - gives) < 0.02 * gives),
		_("at %.2f the formula gives %.3f; measured in a map with %.2f of its slots in use: %.3f "
		  "entries looked at by a hit (theory 1 + load/2 = %.0f)"),
		a, gives, (double)shape.entries / (double)(shape.buckets * SLOTS), hit, 1 + PER_BUCKET / 2.0);
}

static const struct claim {
	const char *words;
	enum verdict (*test)(struct lab *l, struct measured *m);
} claims[] = {
	{ N_("the hmap header takes 32 bytes"), header_size },
	{ N_("a map with B=0 grows at its 7th element"), grows_at_7 },
	{ N_("a map with B=3 grows at its 53rd element"), grows_at_53 },
	{ N_("an empty slot has tophash 0"), zero_is_empty },
	{ N_("tophash 0xFF means that the slot is being moved"), ff_is_moving },
	{ N_("a same-size growth comes at a load of 75 to 90 %"), same_size_at },
	{ N_("every operation on a nil map is legal"), nil_map },
	{ N_("bucket arrays start on a cache line"), cache_lines },
	{ N_("growth was made incremental in Go 1.5"), incremental },
	{ N_("an emptied map gives its memory back"), emptied_map },
	{ N_("a struct holding a map makes the map escape; make always escapes"), always_escapes },
	{ N_("the mean search length at load 0.75 is 3.69, by 1 + a/2 (1 + 1/(1-a))"), formula },
};
enum { CLAIMS = sizeof claims / sizeof *claims };

bool lab_claims(struct lab *l)
{
	unsigned of[sizeof verdict_names / sizeof *verdict_names] = { 0 };
	struct lab_table *t = lab_table(l, "claims", _("Claims, and what was found"));
	lab_column(t, "claim", "", -1);
	lab_column(t, "measured", "", -1);
	lab_column(t, "verdict", "", -1);
	lab_work(l, CLAIMS, N_("claims"));
	for (int i = 0; i < CLAIMS; i++) {
		struct measured m = { "" };
		enum verdict v = claims[i].test(l, &m);
		if (v == FAILED)
			return *l->error
				? false
				: lab_fail(l, "%s", _("no address space for the heap could be reserved"));
		lab_row(t);
		lab_word(t, "%s", _(claims[i].words));
		lab_word(t, "%s", m.text);
		lab_word(t, "%s", _(verdict_names[v]));
		of[v]++;
		if (!lab_tick(l, 1))
			return false;
	}
	lab_conclude(l,
		_("Of %d claims these hold: %u; do not hold: %u; no run can show: %u; not tested: %u "
		  "(go%s)."),
		CLAIMS, of[HOLDS], of[DOES_NOT_HOLD], of[CANNOT_BE_SHOWN], of[NOT_TESTED], l->release->name);
	return true;
}
