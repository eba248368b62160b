/* mapscope stats: a recording summed up, from its rows and its last memory. */
#include "src/command/command.h"
#include "src/command/options.h"

#include "src/command/cache_report.h"
#include "src/command/report.h"

#include "trace/base/builder.h"
#include "trace/map/kind.h"
#include "trace/record/player.h"
#include "trace/record/walk.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct counts {
	uint64_t kind[EV_LIMIT]; /* steps of each kind */
	uint64_t ops[OP_KINDS];
	uint64_t figure[MAP_KINDS][OP_KINDS][MAP_FIGURES]; /* what each kind of map reports */
	uint64_t bytes_read, bytes_written, faults;
	struct traffic traffic;
};

/* Who counts the events of a kind: kind of map by kind of event, MAP_KINDS: nobody. */
static void choose_counters(uint8_t counter[EV_LIMIT])
{
	enum map_kind m;
	for (int k = 0; k < EV_LIMIT; k++)
		counter[k] = event_info[k].of && map_kind_find(event_info[k].of, &m) && map_kinds[m]->report
			? (uint8_t)m
			: MAP_KINDS;
}

static void count_event(struct counts *n, const struct event *e, unsigned op, unsigned counter)
{
	n->kind[e->kind]++;
	traffic_event(&n->traffic, e);
	if (e->kind == EV_WRITE)
		n->bytes_written += e->size;
	if (event_info[e->kind].role == EVENT_read)
		n->bytes_read += e->size;
	if (counter < MAP_KINDS)
		map_kinds[counter]->report->event(e, n->figure[counter][op]);
}

static int count_steps(struct source *s, struct counts *n)
{
	struct walk w;
	uint8_t counter[EV_LIMIT];
	unsigned op = OP_NONE;
	choose_counters(counter);
	walk_init(&w, s, 1);
	while (walk_next(&w, s->steps, NULL))
		for (const struct event *e = w.event; e < w.event + w.n; e++) {
			if (e->kind == EV_OP && e->b < OP_KINDS)
				n->ops[op = (unsigned)e->b]++;
			count_event(n, e, op, counter[e->kind]);
		}
	traffic_end(&n->traffic);
	n->faults = n->kind[EV_FAULT];
	int status = w.failed ? -1 : 0;
	walk_release(&w);
	return status;
}

/* ---- the kinds' figures ---- */

/* What the i-th kind reports: those that the recording has a map of; without maps the first kind.  NULL:
 * nothing. */
static const struct map_report *report_of(const struct source *s, int kind)
{
	bool any = s->maps == 0 && kind == 0;
	for (unsigned i = 0; i < s->maps; i++)
		any = any || s->map[i].kind == kind;
	return any ? map_kinds[kind]->report : NULL;
}

/* The figures of all operations. */
static void add_up(const struct counts *n, int kind, uint64_t ret[MAP_FIGURES])
{
	memset(ret, 0, MAP_FIGURES * sizeof *ret);
	for (int op = 0; op < OP_KINDS; op++)
		for (int i = 0; i < MAP_FIGURES; i++)
			ret[i] += n->figure[kind][op][i];
}

static void print_figures(const struct source *s, const struct counts *n)
{
	uint64_t all[MAP_FIGURES];
	for (int k = 0; k < MAP_KINDS; k++) {
		const struct map_report *r = report_of(s, k);
		if (!r)
			continue;
		add_up(n, k, all);
		r->print(all, stdout);
	}
}

static void figures_json(struct json *j, const struct source *s, const struct counts *n)
{
	uint64_t all[MAP_FIGURES];
	for (int k = 0; k < MAP_KINDS; k++) {
		const struct map_report *r = report_of(s, k);
		add_up(n, k, all);
		for (unsigned i = r ? r->each : 0; r && r->name[i]; i++)
			json_key_unsigned(j, r->name[i], all[i]);
	}
}

/* ---- maps ---- */

static void print_map_json(struct json *j, const struct source *s, const struct map_info *m,
	const struct reader *r, uint32_t line)
{
	struct map_view v;
	struct builder type = builder_own();
	builder_add(&type, "map[%s]%s", m->key.name, m->elem.name);
	json_object(j);
	json_key_unsigned(j, "map", m->map);
	json_key_text(j, "name", m->name);
	json_key_text(j, "type", type.text);
	json_key_text(j, "go", m->go);
	builder_release(&type);
	if (map_open(&v, s->map, m->map, r) && v.kind->report)
		v.kind->report->memory_json(&v, line, j);
	json_end(j);
}

static void print_map(const struct source *s, const struct map_info *m, const struct reader *r, uint32_t line)
{
	struct map_view v;
	printf("map ");
	report_clean(m->name);
	printf("  map[%s]%s  go%s ", m->key.name, m->elem.name, m->go);
	report_clean(m->arch);
	printf("  seed %" PRIu64 "\n", m->seed);
	if (map_open(&v, s->map, m->map, r) && v.kind->report)
		v.kind->report->memory(&v, line, stdout);
	else
		puts("  nil");
}

/* ---- all ---- */

static void print_operations(const struct source *s, const struct counts *n)
{
	for (int op = 1; op < OP_KINDS; op++) {
		if (!n->ops[op])
			continue;
		printf("  %-5s %10" PRIu64, op_kind_name[op], n->ops[op]);
		for (int k = 0; k < MAP_KINDS; k++)
			if (report_of(s, k))
				report_of(s, k)->print_each(n->figure[k][op], n->ops[op], stdout);
		putchar('\n');
	}
}

static void print_report(const struct source *s, const struct counts *n)
{
	report_clean(s->name);
	printf(_(": %s, %s%s\n"), counted_operations(s->ops), counted_steps(s->steps),
		s->complete ? "" : _("; the recording was cut off, this is what it holds"));
	print_operations(s, n);
	print_figures(s, n);
	printf(_("bytes read %" PRIu64 ", written %" PRIu64 "; panics and fatal errors %" PRIu64 "\n"),
		n->bytes_read, n->bytes_written, n->faults);
	cache_report(&n->traffic);
}

static void operations_json(struct json *j, const struct source *s, const struct counts *n)
{
	json_key_object(j, "by_kind");
	for (int op = 1; op < OP_KINDS; op++) {
		if (!n->ops[op])
			continue;
		json_key_object(j, op_kind_name[op]);
		json_key_unsigned(j, "operations", n->ops[op]);
		for (int k = 0; k < MAP_KINDS; k++) {
			const struct map_report *r = report_of(s, k);
			for (unsigned i = 0; r && i < r->each; i++)
				json_key_unsigned(j, r->name[i], n->figure[k][op][i]);
		}
		json_end(j);
	}
	json_end(j);
}

static void print_report_json(struct json *j, const struct source *s, const struct counts *n)
{
	json_key_text(j, "name", s->name);
	json_key_bool(j, "complete", s->complete);
	json_key_unsigned(j, "operations", s->ops);
	json_key_unsigned(j, "steps", s->steps);
	operations_json(j, s, n);
	json_key_object(j, "events");
	for (int i = 0; i < EV_COUNT; i++) {
		enum event_kind k = event_listed(i);
		if (n->kind[k])
			json_key_unsigned(j, event_info[k].name, n->kind[k]);
	}
	json_end(j);
	figures_json(j, s, n);
	json_key_unsigned(j, "bytes_read", n->bytes_read);
	json_key_unsigned(j, "bytes_written", n->bytes_written);
	json_key_unsigned(j, "faults", n->faults);
	cache_report_json(j, &n->traffic);
}

static void print_all_json(const struct source *s, struct player *p, const struct counts *n, uint32_t line)
{
	struct json j = json_to(stdout);
	json_object(&j);
	print_report_json(&j, s, n);
	json_key_array(&j, "maps");
	for (unsigned i = 0; i < s->maps; i++)
		print_map_json(&j, s, &s->map[i], image_reader(p->image), line);
	json_end(&j);
	json_end(&j);
	putchar('\n');
}

static void print_all(const struct source *s, struct player *p, const struct counts *n, uint32_t line)
{
	print_report(s, n);
	for (unsigned i = 0; i < s->maps; i++)
		print_map(s, &s->map[i], image_reader(p->image), line);
}

static int report(struct source *s, const struct counts *n, bool json)
{
	struct player p;
	uint32_t line = n->traffic.cache.shape.line;
	player_init(&p, s);
	int status = player_seek(&p, s->steps) ? command_fail("stats", "%s", p.error) : EXIT_DONE;
	if (status == EXIT_DONE)
		(json ? print_all_json : print_all)(s, &p, n, line);
	player_release(&p);
	return status;
}

static int stats(struct source *s, const struct cache_shape *shape, bool json)
{
	struct counts n = { 0 };
	if (!traffic_init(&n.traffic, s, shape))
		return command_fail("stats", "there is no memory for a model of these caches");
	int status = count_steps(s, &n) ? command_fail("stats", "%s", s->error) : EXIT_DONE;
	if (status == EXIT_DONE)
		status = report(s, &n, json);
	traffic_release(&n.traffic);
	return status;
}

int cmd_stats(int argc, char **argv)
{
	struct cache_shape shape = cache_shape_usual();
	char error[CACHE_ERROR];
	bool json = false;
	const struct option_row rows[] = { CACHE_OPTIONS(&shape), OPTION_FLAG("json", &json), { 0 } };
	int status = options_read("stats", argc, argv, rows);
	if (status >= 0)
		return status;
	if (!cache_shape_check(&shape, error))
		return command_usage("stats", "%s", error);
	status = options_one_file("stats", argc);
	if (status >= 0)
		return status;
	struct source *s = command_open("stats", argv[optind]);
	if (!s)
		return EXIT_FAILED;
	status = stats(s, &shape, json);
	s->close(s);
	int flushed = command_flush("stats", stdout);
	return status ? status : flushed;
}
