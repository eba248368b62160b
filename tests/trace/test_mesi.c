/* The model of several cores' caches, by hand: every transition, every count, and what is true and what false
 * sharing. */
#include "trace/cache/mesi.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 0x1000 };

static struct mesi m;

static void begin(void)
{
	mesi_init(&m, 64, MESI_LINES, NULL);
}
static void end(void)
{
	mesi_release(&m);
}

/* Does one access: "0r8" is core 0 reading 8 bytes at offset 8, w writes, a is the read of an atomic
 * operation. */
static void one(const char *word)
{
	unsigned core, offset;
	char what;
	ck_assert_int_eq(sscanf(word, "%u%c%u", &core, &what, &offset), 3);
	mesi_forget_changes(&m);
	mesi_access(&m, core,
		what == 'r'           ? MESI_READ
			: what == 'w' ? MESI_WRITE
				      : MESI_ATOMIC,
		LINE + offset, 8);
}

/* Carries out accesses separated by blanks; want is the states of cores 0, 1, ... afterwards. */
static void run(const char *accesses, const char *want)
{
	char words[512], got[CORES + 1] = "", *save = NULL;
	snprintf(words, sizeof words, "%s", accesses);
	for (char *w = strtok_r(words, " ", &save); w; w = strtok_r(NULL, " ", &save))
		one(w);
	const struct mesi_line *l = mesi_find(&m, LINE);
	for (size_t i = 0; i < strlen(want); i++) {
		got[i] = mesi_letter(mesi_state(l, (unsigned)i));
		got[i + 1] = 0;
	}
	ck_assert_msg(strcmp(got, want) == 0, "%s: %s, not %s", accesses, got, want);
}

/* The changes of the last access, as "1I>M 0M>I". */
static void last(const char *want)
{
	char got[256] = "";
	for (unsigned i = 0; i < m.changes; i++)
		snprintf(got + strlen(got), sizeof got - strlen(got), "%s%u%c>%c", i ? " " : "",
			m.change[i].core, mesi_letter(m.change[i].from), mesi_letter(m.change[i].to));
	ck_assert_str_eq(got, want);
}

/* transfers, of them from Modified, true, copies lost, flips, hits */
static void counts(const char *want)
{
	char got[128];
	const struct mesi_counts *n = &mesi_find(&m, LINE)->n;
	snprintf(got, sizeof got, "%d %d %d %d %d %d", (int)n->transfers, (int)n->hitm, (int)n->true_sharing,
		(int)n->invalidated, (int)n->flips, (int)n->hits);
	ck_assert_str_eq(got, want);
	ck_assert(memcmp(n, &m.n, sizeof *n) == 0);
}

static const struct {
	const char *accesses, *states, *change;
} transitions[] = {
	/* Invalid reads */
	{ "0r0", "EI", "0I>E" },
	{ "0r0 1r0", "SS", "0E>S 1I>S" },
	{ "0r0 1r0 2r0", "SSS", "2I>S" },
	{ "0w0 1r0", "SS", "0M>S 1I>S" },
	/* reads of what is there */
	{ "0r0 0r8", "EI", "" },
	{ "0w0 0r8", "MI", "" },
	{ "0r0 1r0 0r8", "SS", "" },
	/* Invalid writes */
	{ "0w0", "MI", "0I>M" },
	{ "0r0 1w0", "IM", "0E>I 1I>M" },
	{ "0w0 1w0", "IM", "0M>I 1I>M" },
	{ "0r0 1r0 2w0", "IIM", "0S>I 1S>I 2I>M" },
	/* writes of what is there */
	{ "0r0 0w0", "MI", "0E>M" },
	{ "0w0 0w8", "MI", "" },
	{ "0r0 1r0 1w0", "IM", "0S>I 1S>M" },
	{ "0w0 1r0 0w0", "MI", "1S>I 0S>M" },
	/* the read of an atomic operation is a write to the others */
	{ "0a0", "MI", "0I>M" },
	{ "0r0 0a0", "MI", "0E>M" },
	{ "0w0 1a0", "IM", "0M>I 1I>M" },
	{ "0r0 1r0 0a0", "MI", "1S>I 0S>M" },
	/* and back */
	{ "0w0 1w0 0r0", "SS", "1M>S 0I>S" },
	{ "0w0 1w0 0w0 0r8", "MI", "" },
};

START_TEST(test_transitions)
{
	begin();
	run(transitions[_i].accesses, transitions[_i].states);
	last(transitions[_i].change);
	end();
}
END_TEST

static const struct {
	const char *accesses, *states, *counts;
} sharings[] = {
	/* transfers, from Modified, true, copies lost, flips, hits */
	{ "0w0 0w0 0r0", "MI", "0 0 0 0 0 2" },
	{ "0r0 1r0 2r0 0r0", "SSS", "0 0 0 0 0 1" },        /* reading alone never waits */
	{ "0w0 1w8 0w0 1w8", "IM", "3 3 0 3 3 0" },         /* neighbours: all false */
	{ "0w0 1w0 0w0 1w0", "IM", "3 3 3 3 3 0" },         /* the same bytes: all true */
	{ "0a0 0w0 1a8 1w8 0a0 0w0", "MI", "2 2 0 2 2 3" }, /* two counters */
	{ "0a0 0w0 1a0 1w0 0a0 0w0", "MI", "2 2 2 2 2 3" }, /* one counter */
	{ "0w0 1r8", "SS", "1 1 0 0 0 0" },                 /* reads a neighbour */
	{ "0w0 1r0", "SS", "1 1 1 0 0 0" },                 /* reads what was written */
	{ "0w0 1r8 1r0", "SS", "1 1 1 0 0 1" },             /* ... a little later */
	{ "0w0 1r8 1r16 0w0 1r0", "SS", "3 2 1 1 0 1" },    /* the first read was in vain, and the upgrade:
							       nobody had read it; the last was not */
	{ "0w0 1r0 0w0", "MI", "2 1 2 1 0 0" },             /* writes what another has read */
	{ "0w0 1r0 0w8", "MI", "2 1 1 1 0 0" },             /* ... its neighbour */
	{ "0w0 1w0 0r0 0r0 1w0", "IM", "3 2 3 2 1 1" },     /* 1's last write takes back what 0 has read */
	{ "0w0 1w8 2w16 0w0", "MII", "3 3 0 3 3 0" },
	{ "0w0 1w8 0w0 0r8", "MI", "2 2 1 2 2 1" },     /* the second transfer proves useful */
	{ "0w0 0w8 1r0 0r0 1r8", "SS", "1 1 1 0 0 3" }, /* judged once */
};

START_TEST(test_sharing)
{
	begin();
	run(sharings[_i].accesses, sharings[_i].states);
	counts(sharings[_i].counts);
	end();
}
END_TEST

/* Each offset of a line and each core that used it has its own counts; in the order of offsets, then cores.
 */
START_TEST(test_cells)
{
	static const struct {
		unsigned offset, core, reads, writes, transfers, flips;
	} want[] = {
		{ 0, 0, 1, 2, 1, 1 },
		{ 0, 1, 1, 0, 1, 0 },
		{ 8, 1, 0, 1, 1, 1 },
		{ 48, 0, 1, 0, 0, 0 },
	};
	begin();
	run("0w0 1w8 0r48 0w0 1r0 0r0", "SS");
	ck_assert_uint_eq(mesi_find(&m, LINE)->users, 3);
	uint32_t c = mesi_find(&m, LINE)->cells;
	/* 0r48 is a transfer of its own */
	for (size_t i = 0; i < 4; i++, c = m.cell[c].next) {
		const struct mesi_cell *cell = &m.cell[c];
		ck_assert_uint_eq(cell->offset, want[i].offset);
		ck_assert_uint_eq(cell->core, want[i].core);
		ck_assert_uint_eq(cell->size, 8);
		ck_assert_uint_eq(cell->n.reads, want[i].reads);
		ck_assert_uint_eq(cell->n.writes, want[i].writes);
		ck_assert_uint_eq(cell->n.transfers, want[i].transfers + (want[i].offset == 48));
		ck_assert_uint_eq(cell->n.flips, want[i].flips);
	}
	ck_assert_uint_eq(c, MESI_END);
	end();
}
END_TEST

/* An access over a border is one of each line; what is neighbours for 64 bytes is not for 32. */
START_TEST(test_lines)
{
	for (unsigned line = 32; line <= 256; line *= 2) {
		mesi_init(&m, line, MESI_LINES, NULL);
		mesi_access(&m, 0, MESI_WRITE, LINE, 8);
		mesi_access(&m, 1, MESI_WRITE, LINE + 128, 8);
		mesi_access(&m, 1, MESI_WRITE, LINE + 32, 8);
		ck_assert_uint_eq(m.n.transfers, line >= 64);
		mesi_access(&m, 0, MESI_WRITE, LINE + 28, 8);
		ck_assert_uint_eq(mesi_state(mesi_find(&m, LINE), 0), MESI_MODIFIED);
		ck_assert_uint_eq(m.n.writes, line == 32 ? 5 : 4);
		mesi_release(&m);
	}
	begin();
	mesi_access(&m, 3, MESI_READ, LINE, 1000);
	ck_assert_uint_eq(m.lines, 16);
	ck_assert_uint_eq(m.n.reads, 16);
	ck_assert_uint_eq(mesi_find(&m, LINE + 960)->users, 8);
	end();
}
END_TEST

/* Only so many lines are followed; what is passed over is counted, and changes nothing. */
/* The last core has the last bit of a line's set of cores. */
START_TEST(test_last_core)
{
	begin();
	run("63w0 0w0 63r0", "S");
	last("0M>S 63I>S");
	counts("2 2 2 1 1 0");
	run("0w8", "M");
	last("63S>I 0S>M");
	end();
}
END_TEST

START_TEST(test_most)
{
	mesi_init(&m, 64, 1000, NULL);
	for (uint64_t i = 0; i < 3000; i++)
		mesi_access(&m, i % 7, MESI_WRITE, LINE + i * 64, 8);
	ck_assert_uint_eq(m.lines, 1000);
	ck_assert_uint_eq(m.passed, 2000);
	ck_assert_uint_eq(m.n.writes, 1000);
	ck_assert_ptr_null(mesi_find(&m, LINE + 1000 * 64));
	for (uint64_t i = 0; i < 1000; i++)
		ck_assert_uint_eq(mesi_find(&m, LINE + i * 64)->addr, LINE + i * 64);
	end();
}
END_TEST

static uint64_t noise(uint64_t *s)
{
	*s = *s * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *s >> 33;
}

static void play(struct mesi *x, uint64_t seed, int n)
{
	while (n-- > 0) {
		uint64_t r = noise(&seed);
		mesi_access(
			x, r % 5, (enum mesi_access)(r / 8 % 3), LINE + r / 32 % 40 * 8, 1 + r / 4096 % 12);
	}
}

/* A copy goes on as the first would have; and whatever happens, a line has one owner or none, and one
 * Modified copy at most. */
START_TEST(test_copy_and_invariants)
{
	struct mesi copy = { 0 };
	begin();
	play(&m, 1, 500);
	for (int round = 0; round < 3; round++) {
		mesi_copy(&copy, &m);
		play(&m, 7 + (uint64_t)round, 400);
		play(&copy, 7 + (uint64_t)round, 400);
		ck_assert_uint_eq(m.lines, copy.lines);
		ck_assert_uint_eq(m.cells, copy.cells);
		ck_assert(memcmp(m.line, copy.line, m.lines * sizeof *m.line) == 0);
		ck_assert(memcmp(m.cell, copy.cell, m.cells * sizeof *m.cell) == 0);
		ck_assert(memcmp(&m.n, &copy.n, sizeof m.n) == 0);
	}
	for (size_t i = 0; i < m.lines; i++) {
		const struct mesi_line *l = &m.line[i];
		struct mesi_counts sum = { 0 };
		ck_assert(l->owner == MESI_NOBODY || l->present == UINT64_C(1) << l->owner);
		for (uint32_t c = l->cells; c != MESI_END; c = m.cell[c].next) {
			sum.reads += m.cell[c].n.reads;
			sum.writes += m.cell[c].n.writes;
			sum.transfers += m.cell[c].n.transfers;
			sum.true_sharing += m.cell[c].n.true_sharing;
			ck_assert_uint_le(m.cell[c].n.true_sharing, m.cell[c].n.transfers);
		}
		ck_assert_uint_eq(sum.reads, l->n.reads);
		ck_assert_uint_eq(sum.writes, l->n.writes);
		ck_assert_uint_eq(sum.transfers, l->n.transfers);
		ck_assert_uint_eq(sum.true_sharing, l->n.true_sharing);
		ck_assert_uint_le(l->n.flips, l->n.transfers);
		ck_assert_uint_le(l->n.hitm, l->n.transfers);
	}
	mesi_release(&copy);
	end();
}
END_TEST

/* Of a recording count the accesses of operations, each by its core; what is between belongs to nobody. */
START_TEST(test_events)
{
	const struct event events[] = {
		{ .kind = EV_WRITE, .addr = LINE, .size = 8 },
		{ .kind = EV_OP },
		{ .kind = EV_CORE, .a = 2 },
		{ .kind = EV_ATOMIC, .addr = LINE, .size = 8 },
		{ .kind = EV_WRITE, .addr = LINE, .size = 8 },
		{ .kind = EV_DONE },
		{ .kind = EV_WRITE, .addr = LINE, .size = 8 },
		{ .kind = EV_OP },
		{ .kind = EV_HEADER, .addr = LINE + 8, .size = 48 },
		{ .kind = EV_ALLOC, .addr = LINE, .size = 64 },
		{ .kind = EV_HASH },
		{ .kind = EV_DONE },
	};
	begin();
	for (size_t i = 0; i < sizeof events / sizeof *events; i++)
		mesi_event(&m, &events[i], i + 1);
	ck_assert_uint_eq(m.n.reads, 7);
	ck_assert_uint_eq(m.n.writes, 1);
	ck_assert_uint_eq(m.cores, 5);
	ck_assert_uint_eq(m.n.transfers, 1);
	ck_assert_uint_eq(mesi_false(&m.n), 1);
	ck_assert_uint_eq(mesi_find(&m, LINE)->step, 9);
	end();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("mesi");
	TCase *tc = tcase_create("mesi");
	tcase_add_loop_test(tc, test_transitions, 0, sizeof transitions / sizeof *transitions);
	tcase_add_loop_test(tc, test_sharing, 0, sizeof sharings / sizeof *sharings);
	tcase_add_test(tc, test_cells);
	tcase_add_test(tc, test_lines);
	tcase_add_test(tc, test_last_core);
	tcase_add_test(tc, test_most);
	tcase_add_test(tc, test_copy_and_invariants);
	tcase_add_test(tc, test_events);
	suite_add_tcase(suite, tc);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
