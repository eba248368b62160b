/*
 * genwork SEED [RELEASE]: prints one random workload, a pure function of SEED.
 *
 * The first line names the profile: which operations are likely. The rest is a
 * walk that keeps a rough model of each map (which keys live, how many buckets)
 * for two ends: to hit present and absent keys on purpose, and to stop before
 * the dump after every operation grows over a few megabytes. A workload too
 * large for that begins with "# compare: final". With RELEASE, every map line
 * says go=RELEASE. Every sixth seed makes a workload of a sync.Map.
 *
 * A key is known by its index in the map's pool; its word is drawn from a
 * private stream seeded with that index, so it is spelled alike each time.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_MAPS = 4, MAX_POOL = 2048, MAX_FILL = 2048, ITERS = 4 };

/* ---- randomness ---- */

typedef struct {
	uint64_t s;
} Rng;

static uint64_t rng_next(Rng *r)
{
	r->s += 0x9e3779b97f4a7c15u;
	uint64_t z = r->s;
	z = (z ^ z >> 32) * 0xd6e8feb86659fd93u;
	z = (z ^ z >> 32) * 0xd6e8feb86659fd93u;
	return z ^ z >> 32;
}

static uint32_t rng_below(Rng *r, uint32_t n)
{
	return (uint32_t)((rng_next(r) >> 32) * n >> 32);
}

static Rng rng; /* decides what happens; words have streams of their own */

static uint32_t below(uint32_t n)
{
	return rng_below(&rng, n);
}
static bool one_in(uint32_t n)
{
	return below(n) == 0;
}

/* ---- types ---- */

enum kind { STRING, BOOL, INT, UINT, FLOAT, COMPLEX, BYTES, EMPTY, ANY };

typedef struct {
	const char *name;
	enum kind kind;
	int size;
} Type;

static const Type types[] = {
	{ "string", STRING, 16 },
	{ "string", STRING, 16 },
	{ "string", STRING, 16 },
	{ "string", STRING, 16 },
	{ "string", STRING, 16 },
	{ "string", STRING, 16 },
	{ "int64", INT, 8 },
	{ "int64", INT, 8 },
	{ "int64", INT, 8 },
	{ "int", INT, 8 },
	{ "uint64", UINT, 8 },
	{ "uint", UINT, 8 },
	{ "uintptr", UINT, 8 },
	{ "int32", INT, 4 },
	{ "int32", INT, 4 },
	{ "uint32", UINT, 4 },
	{ "uint32", UINT, 4 },
	{ "int16", INT, 2 },
	{ "uint16", UINT, 2 },
	{ "int8", INT, 1 },
	{ "uint8", UINT, 1 },
	{ "bool", BOOL, 1 },
	{ "float32", FLOAT, 4 },
	{ "float64", FLOAT, 8 },
	{ "float64", FLOAT, 8 },
	{ "complex64", COMPLEX, 8 },
	{ "complex128", COMPLEX, 16 },
	{ "any", ANY, 16 },
	{ "any", ANY, 16 },
	{ "any", ANY, 16 },
	{ "struct{}", EMPTY, 0 },
	{ "[0]byte", BYTES, 0 },
	{ "[1]byte", BYTES, 1 },
	{ "[2]byte", BYTES, 2 },
	{ "[3]byte", BYTES, 3 },
	{ "[4]byte", BYTES, 4 },
	{ "[5]byte", BYTES, 5 },
	{ "[6]byte", BYTES, 6 },
	{ "[7]byte", BYTES, 7 },
	{ "[8]byte", BYTES, 8 },
	{ "[9]byte", BYTES, 9 },
	{ "[10]byte", BYTES, 10 },
	{ "[12]byte", BYTES, 12 },
	{ "[13]byte", BYTES, 13 },
	{ "[16]byte", BYTES, 16 },
	{ "[17]byte", BYTES, 17 },
	{ "[33]byte", BYTES, 33 },
	{ "[64]byte", BYTES, 64 },
	{ "[97]byte", BYTES, 97 },
	{ "[127]byte", BYTES, 127 },
	{ "[128]byte", BYTES, 128 },
	{ "[129]byte", BYTES, 129 },
	{ "[200]byte", BYTES, 200 },
	{ "[256]byte", BYTES, 256 },
};

static const Type *some_type(void)
{
	return &types[below(sizeof types / sizeof *types)];
}

/* How many characters a value takes in the dump, roughly. */
static int dump_width(const Type *t)
{
	switch (t->kind) {
	case STRING: return 24;
	case ANY: return 26;
	default: return t->size == 0 ? 1 : 2 * t->size + (t->size > 128);
	}
}

/* ---- words ---- */

static void hex_escape(unsigned c)
{
	printf("\\x%02x", c);
}

/* One character of a quoted word, in one of the ways Go has to write it. */
static void quoted_unit(Rng *r)
{
	static const char *const plain[] = {
		"\\n",
		"\\t",
		"\\a",
		"\\b",
		"\\f",
		"\\r",
		"\\v",
		"\\\\",
		"\\\"",
		" ",
		"#",
		"'",
		"  # ",
		"\\u00e9",
		"\\u20ac",
		"\\U0001f600",
		"\\u0000",
		"é",
		"日本",
		"ß",
		"€",
		"\\377",
		"\\000",
		"\\101",
		"%",
		"/",
	};
	switch (rng_below(r, 4)) {
	case 0: fputs(plain[rng_below(r, sizeof plain / sizeof *plain)], stdout); break;
	case 1: hex_escape(rng_below(r, 256)); break;
	default: putchar('a' + (int)rng_below(r, 26));
	}
}

static void write_quoted(Rng *r)
{
	static const int limits[] = { 4, 20, 70 };
	uint32_t n = rng_below(r, (uint32_t)limits[rng_below(r, 3)] + 1);
	putchar('"');
	while (n-- > 0)
		quoted_unit(r);
	putchar('"');
}

/* Bare words; never one that an `any` would take for a number. */
static void write_string(Rng *r, int i)
{
	switch (rng_below(r, 6)) {
	case 0: /* the keys of fill */ printf("k%d", i % 97); break;
	case 1: /* one length, one head, one tail: only the middle differs */
		printf("headheadhead%04dtailtailtail", i);
		for (int n = rng_below(r, 8) * 4; n > 0; n--)
			putchar('x');
		break;
	case 2: write_quoted(r); break;
	case 3:
		if (rng_below(r, 8) == 0) {
			fputs("\"\"", stdout);
			break;
		}
		for (uint32_t n = rng_below(r, 70) + 1; n > 0; n--)
			putchar('a' + (int)rng_below(r, 26));
		break;
	case 4: printf("%s%d", rng_below(r, 2) ? "clé" : "键", i); break;
	default: printf("w%d", i);
	}
}

/* Small and clustered, or anywhere in the range, or its ends. */
static void write_signed(Rng *r, int i, int size)
{
	int bits = size * 8 > 64 ? 64 : size * 8;
	int64_t max = bits == 64 ? INT64_MAX : (int64_t)((UINT64_C(1) << (bits - 1)) - 1);
	int64_t x = (int64_t)rng_next(r);
	switch (rng_below(r, 8)) {
	case 0: x = max; break;
	case 1: x = -max - 1; break;
	case 2:
	case 3: break;
	default: x = i;
	}
	if (x > max || x < -max - 1)
		x %= max;
	printf("%" PRId64, x);
}

static void write_unsigned(Rng *r, int i, int size)
{
	uint64_t max = size >= 8 ? UINT64_MAX : (UINT64_C(1) << (size * 8)) - 1;
	uint64_t x = rng_next(r);
	switch (rng_below(r, 8)) {
	case 0: x = max; break;
	case 1:
	case 2:
	case 3: break;
	default: x = (uint64_t)i;
	}
	printf("%" PRIu64, x & max);
}

static void write_float(Rng *r, int i)
{
	static const char *const odd[] = {
		"NaN",
		"nan",
		"Inf",
		"-Inf",
		"+inf",
		"0",
		"-0",
		"0.0",
		"1e-40",
		"-1.5e30",
		"3.4e38",
		"1e-46",
		"0.1",
		"-0.0",
		"0x1p-3",
		".5",
		"7.",
	};
	switch (rng_below(r, 4)) {
	case 0: fputs(odd[rng_below(r, sizeof odd / sizeof *odd)], stdout); break;
	case 1: printf("%d", i); break;
	case 2: printf("%d.%03u", i, rng_below(r, 1000)); break;
	default:
		printf("%s%u.%ue%d", rng_below(r, 2) ? "-" : "", rng_below(r, 10), rng_below(r, 100000),
			(int)rng_below(r, 50) - 25);
	}
}

static void write_complex(Rng *r, int i)
{
	static const char *const odd[] = {
		"NaN",
		"NaN+1i",
		"1+NaNi",
		"0",
		"-0",
		"-0-0i",
		"0-0i",
		"3i",
		"-2.5i",
		"Inf-Infi",
		"(1+2i)",
		"+Inf+2i",
	};
	switch (rng_below(r, 3)) {
	case 0: fputs(odd[rng_below(r, sizeof odd / sizeof *odd)], stdout); break;
	case 1: printf("%d", i); break;
	default: printf("%d%s%u.5i", i, rng_below(r, 2) ? "+" : "-", rng_below(r, 50));
	}
}

static void write_any(Rng *r, int i)
{
	switch (rng_below(r, 15)) {
	case 0: printf("\"%d\"", i); break; /* a string, not an int */
	case 1:
	case 2:
	case 3: printf("%d", i); break;
	case 4: printf("int64(%d)", i); break;
	case 5: printf("%d.5", i); break;
	case 6: fputs(rng_below(r, 2) ? "true" : "false", stdout); break;
	case 7: fputs("nil", stdout); break;
	case 8: fputs(rng_below(r, 3) ? "-0.0" : "[]int{}", stdout); break;
	case 9: printf("uint8(%d)", i & 255); break;
	case 10: printf("float64(%s)", rng_below(r, 3) ? "NaN" : "-Inf"); break;
	case 11: printf("float32(%d.25)", i); break;
	case 12: printf("%d%s%ui", i, rng_below(r, 2) ? "+" : "-", rng_below(r, 9)); break;
	default: write_string(r, i);
	}
}

static void write_value(const Type *t, Rng *r, int i)
{
	switch (t->kind) {
	case STRING: write_string(r, i); break;
	case BOOL: fputs(i & 1 ? "true" : "false", stdout); break;
	case INT: write_signed(r, i, t->size); break;
	case UINT: write_unsigned(r, i, t->size); break;
	case FLOAT: write_float(r, i); break;
	case COMPLEX: write_complex(r, i); break;
	case BYTES: write_signed(r, i, 8); break; /* always cut */
	case EMPTY: fputs("{}", stdout); break;
	case ANY: write_any(r, i); break;
	}
}

/* ---- maps ---- */

typedef struct {
	char name[8];
	const Type *key, *elem;
	uint64_t salt;
	int pool;   /* keys known by index */
	int window; /* keys to hold, or 0 for no limit */
	bool plain; /* no two keys of the pool are equal */
	bool live[MAX_POOL];
	bool filled[MAX_FILL]; /* elements of fill */
	int count, most;       /* keys that live, and the most there ever were */
	int head, tail;        /* sliding window over the pool */
	bool iter[ITERS];
} Map;

static Map maps[MAX_MAPS];
static int map_count;
static Map *m; /* the selected one */
static const char *release;
static long budget;    /* bytes of dump still to be spent */
static int operations; /* still to be done */

/* Accounts for the dump after one operation. */
static void spend(void)
{
	if (m->count > m->most)
		m->most = m->count;
	long buckets = 1;
	while (m->most > 8 && 13 * buckets < 2 * m->most)
		buckets *= 2;
	int slot = 4 + dump_width(m->key) + dump_width(m->elem);
	budget -= 80 + 30 * buckets + (long)m->count * slot;
	operations--;
}

static void write_plain(const Type *t, int i)
{
	switch (t->kind) {
	case STRING: printf("%s%d", i % 3 ? "w" : "a-rather-long-key-", i); break;
	case ANY: printf(i % 2 ? "%d" : "%d.5", i); break;
	case COMPLEX: printf("%d+2i", i); break;
	default: printf("%d", i);
	}
}

static void write_key(int i)
{
	if (m->plain) {
		write_plain(m->key, i);
		return;
	}
	Rng r = { m->salt + (uint64_t)i * 0x51ed2701u };
	write_value(m->key, &r, i);
}

static void do_put(int i)
{
	printf("put ");
	write_key(i);
	putchar(' ');
	write_value(m->elem, &rng, (int)below(1000));
	putchar('\n');
	m->count += !m->live[i] || (m->key->kind == FLOAT && !m->plain); /* NaN once more? */
	m->live[i] = true;
	spend();
}

static void do_del(int i)
{
	printf("del ");
	write_key(i);
	putchar('\n');
	m->count -= m->live[i];
	m->live[i] = false;
	spend();
}

static void do_get(int i)
{
	printf("get ");
	write_key(i);
	putchar('\n');
	spend();
}

/* A key of the pool that lives or does not; any when there is none such. */
static int some_key(bool live)
{
	int i = (int)below((uint32_t)m->pool);
	for (int tries = 0; tries < m->pool && m->live[i] != live; tries++)
		i = (i + 1) % m->pool;
	return i;
}

static void do_slide(void)
{
	int size = m->window > 0 ? m->window : m->pool / 3 + 1;
	if (m->head - m->tail >= size)
		do_del(m->tail++ % m->pool);
	do_put(m->head++ % m->pool);
}

static void do_put_new(void)
{
	while (m->window > 0 && m->count >= m->window && budget > 0)
		do_del(some_key(true));
	do_put(some_key(false));
}

static void do_clear(void)
{
	puts("clear");
	memset(m->live, 0, sizeof m->live);
	memset(m->filled, 0, sizeof m->filled);
	m->count = 0;
	spend();
}

/* fill, probe or drain: the bounds now and then pass what int8 or uint8 hold. */
static void do_loop(const char *name)
{
	int lo = (int)below(one_in(3) ? 600 : 60);
	int n = (int)below(30) + 1;
	int shift = one_in(8) ? -20 : 0;
	printf("%s %d %d\n", name, lo + shift, lo + shift + n);
	for (int i = lo; i < lo + n; i++) {
		bool now = name[0] == 'f' || (name[0] == 'p' && m->filled[i]);
		m->count += now - m->filled[i];
		m->filled[i] = now;
		spend();
	}
}

/* Deletes every key that the model knows of. */
static void do_empty(void)
{
	for (int i = 0; i < m->pool && budget > 0; i++)
		if (m->live[i])
			do_del(i);
	int last = 0;
	for (int i = 0; i < MAX_FILL; i++)
		if (m->filled[i])
			last = i + 1;
	if (last == 0)
		return;
	printf("drain -20 %d\n", last);
	for (int i = -20; i < last; i++) {
		if (i >= 0 && m->filled[i]) {
			m->filled[i] = false;
			m->count--;
		}
		spend();
	}
}

static void do_iter(void)
{
	int n = (int)below(ITERS);
	printf("iter %s_i%d\n", m->name, n);
	m->iter[n] = true;
	spend();
}

static void do_next(bool all)
{
	int n = (int)below(ITERS);
	if (!m->iter[n])
		return;
	printf("next %s_i%d", m->name, n);
	if (all)
		fputs(" all", stdout);
	else if (!one_in(3))
		printf(" %u", below(one_in(4) ? 40 : 8) + 1);
	putchar('\n');
	spend();
}

static void do_nilmap(void)
{
	static const char *const reads[] = { "range", "clear", "gc", "iter z", "next z 3" };
	printf("nilmap %s %s\n", m->key->name, m->elem->name);
	puts("iter z");
	for (uint32_t n = below(6) + 2; n > 0; n--) {
		switch (below(4)) {
		case 0: do_put(some_key(true)); break;
		case 1: do_get(some_key(true)); break;
		case 2: do_del(some_key(false)); break;
		default: puts(reads[below(5)]);
		}
	}
	printf("use %s\n", m->name);
}

/* ---- profiles ---- */

enum action {
	PUT_NEW,
	PUT_OLD,
	GET_OLD,
	GET_NEW,
	DEL_OLD,
	DEL_NEW,
	SLIDE,
	CLEAR,
	ITER,
	NEXT,
	NEXT_ALL,
	RANGE,
	FILL,
	PROBE,
	DRAIN,
	EMPTY_OUT,
	SWITCH,
	NILMAP,
	GC_SAY,
	ACTIONS
};

typedef struct {
	const char *name;
	int maps, pool;
	bool hints;
	bool full; /* keep the map just below the load that doubles it */
	unsigned char weight[ACTIONS];
} Profile;

static const Profile profiles[] = {
	{ "growth", 1, 400, false, false, { [PUT_NEW] = 60, [PUT_OLD] = 5, [GET_OLD] = 3, [GET_NEW] = 2 } },
	{ "growth with iterators", 1, 300, false, false,
		{ [PUT_NEW] = 60, [GET_OLD] = 3, [DEL_OLD] = 4, [ITER] = 8, [NEXT] = 25, [RANGE] = 2 } },
	{ "churn", 1, 150, false, true,
		{ [PUT_NEW] = 30,
			[PUT_OLD] = 10,
			[GET_OLD] = 6,
			[GET_NEW] = 4,
			[DEL_OLD] = 27,
			[DEL_NEW] = 4 } },
	{ "churn with iterators", 1, 120, false, true,
		{ [PUT_NEW] = 30, [PUT_OLD] = 8, [DEL_OLD] = 26, [ITER] = 6, [NEXT] = 25, [NEXT_ALL] = 2 } },
	{ "drains", 1, 100, false, false,
		{ [PUT_NEW] = 80, [GET_OLD] = 5, [ITER] = 2, [NEXT] = 6, [EMPTY_OUT] = 2 } },
	{ "clears", 1, 200, false, false,
		{ [PUT_NEW] = 80, [GET_NEW] = 3, [CLEAR] = 2, [ITER] = 4, [NEXT] = 12, [DEL_OLD] = 5 } },
	{ "sliding window", 1, 300, false, true, { [SLIDE] = 90, [GET_OLD] = 4, [PUT_OLD] = 2 } },
	{ "sliding window with iterators", 1, 240, false, true,
		{ [SLIDE] = 80, [ITER] = 4, [NEXT] = 22, [NEXT_ALL] = 1, [CLEAR] = 1 } },
	{ "overwrites", 1, 60, false, false,
		{ [PUT_NEW] = 12, [PUT_OLD] = 60, [GET_OLD] = 8, [DEL_OLD] = 6, [RANGE] = 1 } },
	{ "hints", 3, 200, true, false,
		{ [PUT_NEW] = 50, [DEL_OLD] = 8, [ITER] = 2, [NEXT] = 5, [SWITCH] = 3, [CLEAR] = 1 } },
	{ "several maps", 4, 100, true, false,
		{ [PUT_NEW] = 40,
			[PUT_OLD] = 5,
			[GET_OLD] = 5,
			[DEL_OLD] = 12,
			[ITER] = 4,
			[NEXT] = 12,
			[SWITCH] = 12,
			[RANGE] = 1,
			[CLEAR] = 1 } },
	{ "nil maps and panics", 2, 60, false, false,
		{ [PUT_NEW] = 40,
			[GET_OLD] = 5,
			[GET_NEW] = 5,
			[DEL_OLD] = 10,
			[NILMAP] = 6,
			[SWITCH] = 4,
			[RANGE] = 2,
			[GC_SAY] = 5 } },
	{ "loops", 1, 60, true, false,
		{ [FILL] = 40,
			[PROBE] = 10,
			[DRAIN] = 22,
			[ITER] = 8,
			[NEXT] = 16,
			[CLEAR] = 2,
			[RANGE] = 1 } },
	{ "everything", 2, 120, true, false,
		{ [PUT_NEW] = 40,
			[PUT_OLD] = 10,
			[GET_OLD] = 5,
			[GET_NEW] = 5,
			[DEL_OLD] = 18,
			[DEL_NEW] = 3,
			[SLIDE] = 10,
			[CLEAR] = 1,
			[ITER] = 5,
			[NEXT] = 14,
			[NEXT_ALL] = 1,
			[RANGE] = 1,
			[FILL] = 2,
			[PROBE] = 1,
			[DRAIN] = 1,
			[EMPTY_OUT] = 1,
			[SWITCH] = 4,
			[NILMAP] = 1,
			[GC_SAY] = 2 } },
};

static enum action draw_action(const Profile *p)
{
	uint32_t sum = 0;
	for (int a = 0; a < ACTIONS; a++)
		sum += p->weight[a];
	uint32_t x = below(sum);
	int a = 0;
	while (x >= p->weight[a])
		x -= p->weight[a++];
	return (enum action)a;
}

static void act(enum action a)
{
	switch (a) {
	case PUT_NEW: do_put_new(); break;
	case PUT_OLD: do_put(some_key(true)); break;
	case GET_OLD: do_get(some_key(true)); break;
	case GET_NEW: do_get(some_key(false)); break;
	case DEL_OLD: do_del(some_key(true)); break;
	case DEL_NEW: do_del(some_key(false)); break;
	case SLIDE: do_slide(); break;
	case CLEAR: do_clear(); break;
	case ITER: do_iter(); break;
	case NEXT: do_next(false); break;
	case NEXT_ALL: do_next(true); break;
	case RANGE:
		puts("range");
		spend();
		break;
	case FILL: do_loop("fill"); break;
	case PROBE: do_loop("probe"); break;
	case DRAIN: do_loop("drain"); break;
	case EMPTY_OUT: do_empty(); break;
	case SWITCH:
		m = &maps[below((uint32_t)map_count)];
		printf("use %s\n", m->name);
		break;
	case NILMAP: do_nilmap(); break;
	case GC_SAY: puts(one_in(2) ? "gc" : "say \"a word # or two\" # and a comment"); break;
	case ACTIONS: break;
	}
}

static void map_line(const char *name, const Type *key, const Type *elem, long hint)
{
	printf("map %s %s name=%s", key->name, elem->name, name);
	if (!one_in(8))
		printf(" seed=%" PRIu64, rng_next(&rng) >> below(64));
	if (hint >= 0)
		printf(" hint=%ld", hint);
	else if (one_in(32))
		printf(" hint=-%u", 1 + below(1000)); /* as good as none */
	if (one_in(4))
		printf(" place=%s", one_in(4) ? "heap" : "stack");
	if (one_in(16))
		printf(" hash=aes");
	if (release != NULL)
		printf(" go=%s", release);
	putchar('\n');
}

static long some_hint(void)
{
	static const int limits[] = { 9, 30, 120, 500 };
	return (long)below((uint32_t)limits[below(4)]);
}

/*
 * Most keys that 2^B buckets hold before they double, less one or two. Kept so
 * full for long, nearly every bucket overflows once, and overflow buckets are
 * never given back: that is what a same-size growth is for.
 */
static int full_window(void)
{
	static const unsigned char shifts[] = { 1, 1, 2, 2, 2, 2, 3, 4 };
	int most = 13 << shifts[below(sizeof shifts)] >> 1;
	return most - (int)below(2);
}

static void make_map(const Profile *p)
{
	m = &maps[map_count++];
	snprintf(m->name, sizeof m->name, "m%u", (unsigned)map_count & 7);
	m->key = some_type();
	m->elem = some_type();
	while (p->full && (m->key->size < 2 || dump_width(m->key) + dump_width(m->elem) > 60)) {
		m->key = some_type();
		m->elem = some_type();
	}
	m->salt = rng_next(&rng);
	m->pool = p->pool / 4 + (int)below((uint32_t)p->pool) + 1;
	if (m->key->kind == BOOL)
		m->pool = 4;
	if (p->full && !one_in(5)) {
		m->window = full_window();
		m->pool = MAX_POOL;
		m->plain = true;
	}
	long hint = p->hints && !one_in(4) ? some_hint() : -1;
	if (hint > 8)
		m->most = (int)hint;
	map_line(m->name, m->key, m->elem, hint);
}

static void walk(void)
{
	const Profile *p = &profiles[below(sizeof profiles / sizeof *profiles)];
	printf("# profile: %s\n", p->name);
	operations = 20 + (int)below(one_in(3) ? 2000 : 500);
	budget = 100000 + (long)below(one_in(4) ? 3500000 : 1000000);
	if (p->full) {
		operations += 600;
		budget += 1500000;
	}
	for (int n = 1 + (int)below((uint32_t)p->maps); n > 0; n--)
		make_map(p);
	while (operations > 0 && budget > 0)
		act(draw_action(p));
}

/* Thousands of keys, looked at once, at the end. */
static void large(bool huge)
{
	static const Type *key, *elem;
	printf("# profile: large\n# compare: final\n");
	key = some_type();
	elem = some_type();
	while (huge && (key->size < 3 || key->size > 16 || elem->size > 8)) {
		key = some_type();
		elem = some_type();
	}
	map_line("big", key, elem, one_in(2) ? (long)below(5000) : -1);
	int most = huge ? 220000 + (int)below(300000) : 1000 + (int)below(20000);
	for (int n = 1 + (int)below(4); n > 0; n--) {
		int lo = (int)below((uint32_t)most / 4), hi = lo + (int)below((uint32_t)most);
		printf("fill %d %d\n", lo, n == 1 && huge ? most : hi);
		if (one_in(2))
			printf("iter i%d\nnext i%d %u\n", n, n, below(500));
		if (one_in(2))
			printf("drain %d %d\n", hi / 2, hi);
		if (one_in(4))
			puts("clear");
		if (one_in(2))
			printf("probe %d %d\nrange\n", lo, lo + 100);
	}
}

/* ---- sync.Map ---- */

/* Few values, so that the old one of a compare is the right one now and then. */
static void sync_value(void)
{
	int v = (int)below(4);
	Rng r = { m->salt + (uint64_t)v };
	if (m->elem->kind == ANY && one_in(6)) /* as an old value a panic, when such a one is there */
		fputs("[]int{}", stdout);
	else if (m->elem->kind == ANY && !one_in(4))
		write_plain(m->elem, v);
	else
		write_value(m->elem, &r, v);
}

enum { SYNC_PLAIN, SYNC_TWENTY, SYNC_CLEAR };
static const struct {
	const char *name;
	int values, since; /* how many follow the key; which releases have it */
	bool live;         /* rather on a key that is there */
} sync_ops[] = {
	{ "put", 1, SYNC_PLAIN, false },
	{ "put", 1, SYNC_PLAIN, true },
	{ "get", 0, SYNC_PLAIN, true },
	{ "get", 0, SYNC_PLAIN, true },
	{ "get", 0, SYNC_PLAIN, false },
	{ "del", 0, SYNC_PLAIN, true },
	{ "loadorstore", 1, SYNC_PLAIN, false },
	{ "loadorstore", 1, SYNC_PLAIN, true },
	{ "loadanddelete", 0, SYNC_PLAIN, true },
	{ "swap", 1, SYNC_TWENTY, true },
	{ "cas", 2, SYNC_TWENTY, true },
	{ "cas", 2, SYNC_TWENTY, true },
	{ "cad", 1, SYNC_TWENTY, true },
};

static void sync_walk(void)
{
	bool twenty = !release || strcmp(release, "1.20") >= 0,
	     clear = !release || strcmp(release, "1.23") >= 0;
	static const uint32_t pools[] = { 3, 8, 30, 120 };
	m = &maps[map_count++];
	strcpy(m->name, "m");
	do
		m->key = some_type();
	while (m->key->kind == BYTES);
	do
		m->elem = some_type();
	while (m->elem->kind == BYTES);
	m->salt = rng_next(&rng);
	m->pool = m->key->kind == BOOL ? 2 : (int)below(pools[below(4)]) + 1;
	printf("# profile: sync.Map\nsyncmap %s %s seed=%" PRIu64, m->key->name, m->elem->name,
		rng_next(&rng));
	if (one_in(8))
		printf(" hash=aes");
	printf(release ? " go=%s\n" : "\n", release);
	uint32_t stores = 1 + below(8); /* of ten: how much is put rather than looked at */
	long most = 400 + below(1200);
	for (long n = 0, bytes = 0; n < most && bytes < 1500000; n++, bytes += 100 + 120L * m->count) {
		uint32_t what = below(200);
		if (what < 3) {
			puts("range");
		} else if (what == 3 && clear) {
			do_clear();
		} else if (what < 6) {
			do_loop(below(2) ? "fill" : below(2) ? "probe" : "drain");
		} else if (what == 6) {
			puts("gc");
		} else {
			size_t op = below(10) < stores ? below(2) : below(sizeof sync_ops / sizeof *sync_ops);
			if (sync_ops[op].since == SYNC_TWENTY && !twenty)
				continue;
			int key = one_in(4) ? (int)below((uint32_t)m->pool) : some_key(sync_ops[op].live);
			printf("%s ", sync_ops[op].name);
			write_key(key);
			for (int i = 0; i < sync_ops[op].values; i++) {
				putchar(' ');
				sync_value();
			}
			putchar('\n');
			bool there = op <= 1 || sync_ops[op].name[0] == 's' ||
				strcmp(sync_ops[op].name, "loadorstore") == 0;
			m->count += there && !m->live[key];
			m->live[key] = m->live[key] || there;
		}
	}
}

int main(int argc, char **argv)
{
	if (argc < 2 || argc > 3) {
		fputs("usage: genwork SEED [RELEASE]\n", stderr);
		return 2;
	}
	rng.s = strtoull(argv[1], NULL, 10);
	rng_next(&rng);
	release = argc > 2 ? argv[2] : NULL;
	if (strtoull(argv[1], NULL, 10) % 6 == 5)
		sync_walk();
	else if (one_in(60))
		large(true);
	else if (one_in(15))
		large(false);
	else
		walk();
	return fflush(stdout) == 0 ? 0 : 1;
}
