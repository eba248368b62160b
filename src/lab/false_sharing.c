/* lab false-sharing: what it costs on this machine when threads write different words of one cache line.
 *
 * Each thread adds to a counter of its own, so many times; only where the counters lie differs: side by side,
 * or so many bytes apart.  All ways are measured in turn, over and over, so that whatever else the machine
 * does falls on all of them. A run is many short batches, and a batch begins when all threads have come to
 * its beginning: so they do run at the same time, also on a machine that has other things to do, and a batch
 * in which one of them lost its processor is an outlier, which the median leaves out (measured: with one long
 * run and four other programs on two processors nothing was to be seen).  Atomic read-modify-writes need the
 * line each time.  A plain store does not wait: it goes into the store buffer, and the core goes on while the
 * line is fetched and many stores to it drain at once, so plain stores show little or nothing; they are there
 * to show that.
 */
#include "src/lab/lab.h"

#include "trace/base/memory.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { THREADS_MOST = 64, ROUNDS_MOST = 99, APART_MOST = 128, BATCHES = 101, SPINS = 1 << 16 };
/* Of a batch: long beside a clock's reading (some 30 ns) and the threads' starting one after the other (some
 * 100), short beside a time slice (some ms). */
static const double batch_seconds = 40e-6;

enum way { WAY_ATOMIC, WAY_STORE, WAYS };
static const unsigned apart[] = { 8, 64, 128 }; /* bytes from counter to counter; the first is packed */
enum { APARTS = sizeof apart / sizeof *apart };

/* ---- threads ---- */

struct worker {
	pthread_t thread;
	atomic_uint *arrived; /* at the beginnings of batches, all threads together */
	unsigned threads;
	bool crowded; /* more threads than processors: waiting means letting another have the processor */
	unsigned char *counter;
	enum way way;
	uint64_t times; /* operations of a batch */
	int cpu;        /* to be pinned to, -1: anywhere */
	double seconds[BATCHES];
};

static void pin(int cpu)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET((unsigned)cpu, &set);
	sched_setaffinity(0, sizeof set, &set);
}

/* Waits until all threads have come to the beginning of a batch. */
static void meet(struct worker *w, unsigned batch)
{
	atomic_fetch_add(w->arrived, 1);
	for (unsigned i = 1;
		atomic_load_explicit(w->arrived, memory_order_acquire) < (batch + 1) * w->threads; i++)
		if (w->crowded || i % SPINS == 0)
			sched_yield();
}

static void *work(void *arg)
{
	struct worker *w = arg;
	if (w->cpu >= 0)
		pin(w->cpu);
	for (unsigned b = 0; b < BATCHES; b++) {
		meet(w, b);
		double began = lab_seconds();
		if (w->way == WAY_ATOMIC) {
			atomic_ullong *p = (atomic_ullong *)w->counter;
			for (uint64_t i = 0; i < w->times; i++)
				atomic_fetch_add_explicit(p, 1, memory_order_seq_cst);
		} else {
			volatile uint64_t *p = (volatile uint64_t *)w->counter;
			for (uint64_t i = 0; i < w->times; i++)
				*p = i;
		}
		w->seconds[b] = lab_seconds() - began;
	}
	return NULL;
}

/* The processors that this process may use. */
static int cpus_allowed(int cpu[THREADS_MOST])
{
	cpu_set_t set;
	int n = 0;
	if (sched_getaffinity(0, sizeof set, &set) != 0)
		return 0;
	for (int i = 0; i < CPU_SETSIZE && n < THREADS_MOST; i++)
		if (CPU_ISSET((unsigned)i, &set))
			cpu[n++] = i;
	return n;
}

struct machine {
	int cpu[THREADS_MOST], cpus;
	long line;             /* bytes, 0: unknown */
	unsigned char *memory; /* where the counters lie, aligned to a page */
};

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

/* The value that a share of n lies below; sorts them. */
static double quantile(double *v, int n, double share)
{
	qsort(v, (size_t)n, sizeof *v, by_value);
	double at = share * (n - 1);
	int i = (int)at;
	return i + 1 < n ? v[i] + (v[i + 1] - v[i]) * (at - i) : v[i];
}

/* Nanoseconds an operation: the median of the batches, each the mean of its threads.  NAN: they could not be
 * started. */
static double run(const struct machine *m, enum way way, unsigned bytes_apart, int threads, uint64_t times)
{
	struct worker *w = memory_array((size_t)threads, sizeof *w);
	atomic_uint arrived = 0;
	double mean[BATCHES] = { 0 };
	int n = 0;
	memset(m->memory, 0, (size_t)threads * bytes_apart);
	for (; n < threads; n++) {
		w[n] = (struct worker){ .arrived = &arrived,
			.threads = (unsigned)threads,
			.crowded = threads > m->cpus,
			.counter = m->memory + (size_t)n * bytes_apart,
			.way = way,
			.times = times,
			.cpu = threads <= m->cpus ? m->cpu[n] : -1 };
		if (pthread_create(&w[n].thread, NULL, work, &w[n]) != 0)
			break;
	}
	if (n < threads) /* those that are there shall not wait for the others */
		atomic_store(&arrived, UINT32_MAX / 2);
	for (int i = 0; i < n; i++) {
		pthread_join(w[i].thread, NULL);
		for (int b = 0; b < BATCHES; b++)
			mean[b] += w[i].seconds[b] / threads / (double)times * 1e9;
	}
	free(w);
	return n < threads ? NAN : quantile(mean, BATCHES, 0.5);
}

/* ---- counters of the processor ---- */

struct counter_kind {
	const char *name;
	uint32_t type;
	uint64_t config;
};
#define CACHE_EVENT(cache, op, result) \
	(PERF_COUNT_HW_CACHE_##cache | PERF_COUNT_HW_CACHE_OP_##op << 8 | \
		PERF_COUNT_HW_CACHE_RESULT_##result << 16)
static const struct counter_kind counter_kinds[] = {
	{ "L1d_load_misses", PERF_TYPE_HW_CACHE, CACHE_EVENT(L1D, READ, MISS) },
	{ "cache_references", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_REFERENCES },
	{ "cache_misses", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_MISSES },
	{ "cycles", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES },
};
enum { COUNTERS = sizeof counter_kinds / sizeof *counter_kinds };
struct counters {
	int fd[COUNTERS];
	int error[COUNTERS];
	int open;
};

/* Counters of this process and of the threads that it starts, in user mode: more than that needs rights. */
static void counters_open(struct counters *c)
{
	c->open = 0;
	for (int i = 0; i < COUNTERS; i++) {
		struct perf_event_attr a = { .size = sizeof a,
			.type = counter_kinds[i].type,
			.config = counter_kinds[i].config,
			.disabled = 1,
			.inherit = 1,
			.exclude_kernel = 1,
			.exclude_hv = 1 };
		c->fd[i] = (int)syscall(SYS_perf_event_open, &a, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
		c->error[i] = c->fd[i] < 0 ? errno : 0;
		c->open += c->fd[i] >= 0;
	}
}

static void counters_close(struct counters *c)
{
	for (int i = 0; i < COUNTERS; i++)
		if (c->fd[i] >= 0)
			close(c->fd[i]);
}

static void counters_switch(struct counters *c, bool on)
{
	for (int i = 0; i < COUNTERS; i++)
		if (c->fd[i] >= 0) {
			if (on)
				ioctl(c->fd[i], PERF_EVENT_IOC_RESET, 0);
			ioctl(c->fd[i], on ? PERF_EVENT_IOC_ENABLE : PERF_EVENT_IOC_DISABLE, 0);
		}
}

/* NAN: the kernel does not give it. */
static double counter_read(const struct counters *c, int i)
{
	uint64_t v;
	return c->fd[i] >= 0 && read(c->fd[i], &v, sizeof v) == sizeof v ? (double)v : NAN;
}

/* ---- measuring ---- */

struct result {
	double ns[WAYS][APARTS][ROUNDS_MOST];
};

/* How many operations take about as long as a batch should. */
static uint64_t calibrate(const struct machine *m, enum way way, unsigned bytes_apart, int threads)
{
	double ns = run(m, way, bytes_apart, threads, 2000);
	return isfinite(ns) && ns > 0 ? (uint64_t)(batch_seconds * 1e9 / ns) + 1 : 1;
}

static bool measure(struct lab *l, const struct machine *m, int threads, int rounds, struct result *r)
{
	uint64_t times[WAYS][APARTS];
	for (int w = 0; w < WAYS; w++)
		for (int a = 0; a < APARTS; a++)
			times[w][a] = calibrate(m, (enum way)w, apart[a], threads);
	for (int i = 0; i < rounds; i++)
		for (int w = 0; w < WAYS; w++)
			for (int a = 0; a < APARTS; a++) {
				r->ns[w][a][i] = run(m, (enum way)w, apart[a], threads, times[w][a]);
				if (isnan(r->ns[w][a][i]))
					return lab_fail(l, _("%d threads could not be started: %s"), threads,
						strerror(EAGAIN));
				if (!lab_tick(l, 1))
					return false;
			}
	return true;
}

/* ---- tables ---- */

static const char *way_name(enum way w)
{
	return w == WAY_ATOMIC ? _("atomic add") : _("plain store");
}

static struct lab_table *times_table(struct lab *l)
{
	struct lab_table *t = lab_table(
		l, "times", _("Time of one operation of a thread, each on a counter of its own"));
	lab_column(t, "what", "", -1);
	lab_column(t, "threads", "", 0);
	lab_column(t, "packed_ns", "ns", 2);
	lab_column(t, "apart64_ns", "ns", 2);
	lab_column(t, "apart128_ns", "ns", 2);
	lab_column(t, "low", "x", 2);
	lab_column(t, "ratio", "x", 2);
	lab_column(t, "high", "x", 2);
	lab_plot(t, "what", "ratio", NULL);
	return t;
}

/* low and high: the quarter and three quarters of the rounds' ratios. */
static void put_times(struct lab_table *t, struct result *r, enum way w, int threads, int rounds)
{
	double ratio[ROUNDS_MOST];
	for (int i = 0; i < rounds; i++) /* before the rounds are sorted */
		ratio[i] = r->ns[w][0][i] / r->ns[w][1][i];
	lab_row(t);
	lab_word(t, "%s", way_name(w));
	lab_number(t, threads);
	for (int a = 0; a < APARTS; a++)
		lab_number(t, quantile(r->ns[w][a], rounds, 0.5));
	lab_number(t, quantile(ratio, rounds, 0.25));
	lab_number(t, quantile(ratio, rounds, 0.5));
	lab_number(t, quantile(ratio, rounds, 0.75));
}

/* What the processor counted in one run each, for an operation. */
static void put_counters(struct lab *l, const struct machine *m, int threads)
{
	struct counters c;
	counters_open(&c);
	struct lab_table *t = c.open
		? lab_table(l, "counters", _("What the processor counted, for each atomic add"))
		: NULL;
	for (int i = 0; t && i <= COUNTERS; i++)
		lab_column(t, i ? counter_kinds[i - 1].name : "apart", i ? "" : _("bytes"), i ? 3 : 0);
	for (int a = 0; t && a < APARTS; a++) {
		uint64_t times = calibrate(m, WAY_ATOMIC, apart[a], threads);
		counters_switch(&c, true);
		run(m, WAY_ATOMIC, apart[a], threads, times);
		counters_switch(&c, false);
		lab_row(t);
		lab_number(t, apart[a]);
		for (int i = 0; i < COUNTERS; i++)
			lab_number(t, counter_read(&c, i) / (double)times / BATCHES / threads);
	}
	if (!c.open && (c.error[0] == ENOENT || c.error[0] == EOPNOTSUPP || c.error[0] == ENODEV))
		lab_conclude(l,
			_("Cache misses could not be counted: perf_event_open says \"%s\" (errno %d): the "
			  "kernel has no counters of this "
			  "processor, as in most virtual machines."),
			strerror(c.error[0]), c.error[0]);
	else if (!c.open && c.error[0] == ENOSYS)
		lab_conclude(l,
			_("Cache misses could not be counted: this kernel has no perf_event_open (errno "
			  "%d)."),
			c.error[0]);
	else if (!c.open)
		lab_conclude(l,
			_("Cache misses could not be counted: perf_event_open says \"%s\" (errno %d): it "
			  "needs rights, or a smaller "
			  "/proc/sys/kernel/perf_event_paranoid."),
			strerror(c.error[0]), c.error[0]);
	else if (c.open < COUNTERS)
		lab_conclude(l, _("The kernel gives %d of the %d counters; the others are left blank."),
			c.open, COUNTERS);
	counters_close(&c);
}

/* The line as the kernel or the C library knows it. */
static long line_size(void)
{
	long line = 0;
	FILE *f = fopen("/sys/devices/system/cpu/cpu0/cache/index0/coherency_line_size", "r");
	if (f) {
		if (fscanf(f, "%ld", &line) != 1)
			line = 0;
		fclose(f);
	}
#ifdef _SC_LEVEL1_DCACHE_LINESIZE
	if (line <= 0)
		line = sysconf(_SC_LEVEL1_DCACHE_LINESIZE);
#endif
	return line > 0 ? line : 0;
}

static void conclude(struct lab *l, const struct machine *m, const struct lab_table *t, size_t most_row)
{
	double atomic = lab_value(t, most_row, "ratio"), store = lab_value(t, most_row + 1, "ratio");
	if (m->line)
		lab_conclude(l, _("A cache line of this machine has %ld bytes; %d processors may be used."),
			m->line, m->cpus);
	else
		lab_conclude(l,
			_("This machine does not say how long its cache lines are; %d processors may be "
			  "used."),
			m->cpus);
	lab_conclude(l,
		_("Atomic adds of %.0f threads to counters side by side take %.2f times as long as 64 bytes "
		  "apart (%.1f ns and %.1f ns): "
		  "%s."),
		lab_value(t, most_row, "threads"), atomic, lab_value(t, most_row, "packed_ns"),
		lab_value(t, most_row, "apart64_ns"),
		atomic > 1.5 ? _("false sharing, though no thread needs another's counter")
			     : _("no false sharing is to be seen here"));
	double far = lab_value(t, most_row, "apart64_ns") / lab_value(t, most_row, "apart128_ns");
	lab_conclude(l,
		far > 1.2 ? _("128 bytes apart is %.2f times as fast again: lines are fetched in pairs here. "
			      "Pad to 128.")
			  : _("128 bytes apart is no better than 64 (%.2f times as fast)."),
		far);
	lab_conclude(l,
		store > 1.5
			? _("Plain stores suffer too here (%.2f times): the store buffer does not hide it.")
			: _("Plain stores show next to nothing (%.2f times): they wait in the store buffer, "
			    "and the thread goes on. That is no "
			    "safety: a load, a lock or an atomic add has to wait."),
		store);
}

bool lab_false_sharing(struct lab *l)
{
	struct machine m = { .line = line_size() };
	m.cpus = cpus_allowed(m.cpu);
	int most = (int)lab_option(l, LAB_THREADS, (uint64_t)(m.cpus > 8 ? 8 : m.cpus)),
	    rounds = (int)lab_option(l, LAB_ROUNDS, 15);
	if (m.cpus < 2)
		return lab_fail(l, "%s",
			_("there is one processor here: threads take turns on it, and no line goes anywhere; "
			  "nothing can be measured"));
	if (most < 2)
		return lab_fail(l, "%s", _("false sharing needs two threads at least"));
	if (rounds > ROUNDS_MOST)
		return lab_fail(l, _("at most %d rounds"), ROUNDS_MOST);
	struct result *r = memory_get(sizeof *r);
	m.memory = memory_need(aligned_alloc(4096, ((size_t)most * APART_MOST / 4096 + 2) * 4096));
	struct lab_table *t = times_table(l);
	size_t most_row = 0;
	int steps = 0;
	for (int n = 2; n <= most; n = n < most && 2 * n > most ? most : 2 * n)
		steps++;
	lab_work(l, (uint64_t)steps * (uint64_t)rounds * WAYS * APARTS, N_("runs"));
	bool ok = true;
	for (int n = 2; ok && n <= most; n = n < most && 2 * n > most ? most : 2 * n) {
		ok = measure(l, &m, n, rounds, r);
		if (n <= m.cpus || n == 2) /* with more, threads take turns, and seldom meet */
			most_row = t->rows;
		for (int w = 0; ok && w < WAYS; w++)
			put_times(t, r, (enum way)w, n, rounds);
	}
	if (ok) {
		conclude(l, &m, t, most_row);
		put_counters(l, &m, most);
		if (most > m.cpus)
			lab_conclude(l,
				_("There are more threads than processors: they are not pinned, and wait for "
				  "their turns besides."));
	}
	free(m.memory);
	free(r);
	return ok;
}
