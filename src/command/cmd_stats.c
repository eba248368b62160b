/* mapscope stats: a recording summed up, from its rows and its last memory. */
#include "src/command/command.h"
#include "src/command/options.h"

#include "src/command/cache_report.h"
#include "src/command/report.h"

#include "trace/map/classic/model.h"
#include "trace/record/player.h"
#include "trace/record/walk.h"
#include "trace/map/sync/sync.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct counts {
	uint64_t kind[EV_LIMIT];           /* steps of each kind */
	uint64_t ops[OP_KINDS];
	uint64_t tops[OP_KINDS], keys[OP_KINDS]; /* tophashes read and keys compared, by kind of operation */
	uint64_t bytes_read, bytes_written;
	uint64_t growths, overflow_pre, overflow_heap, evacuated, moved, faults;
	struct traffic traffic;
};

static int count_steps(struct source *s, struct counts *n)
{
	struct walk w;
	unsigned op = OP_NONE;
	walk_init(&w, s, 1);
	while (walk_next(&w, s->steps, NULL))
		for (const struct event *e = w.event; e < w.event + w.n; e++) {
			n->kind[e->kind]++;
			traffic_event(&n->traffic, e);
			if (e->kind == EV_OP && e->b < OP_KINDS)
				n->ops[op = (unsigned)e->b]++;
			if (e->kind == EV_WRITE)
				n->bytes_written += e->size;
			if (event_info[e->kind].role == EVENT_read)
				n->bytes_read += e->size;
			n->tops[op] += e->kind == EV_TOPHASH;
			n->keys[op] += e->kind == EV_KEY;
			if (e->kind == EV_OVERFLOW)
				*(e->b == SOURCE_PRE ? &n->overflow_pre : &n->overflow_heap) += 1;
			if (e->kind == EV_MOVED)
				n->evacuated++, n->moved += e->b + e->c;
		}
	traffic_end(&n->traffic);
	n->growths = n->kind[EV_GROWTH];
	n->faults = n->kind[EV_FAULT];
	int status = w.failed ? -1 : 0;
	walk_release(&w);
	return status;
}

/* What a map is like at the end. */
struct map_end {
	bool known;
	struct hmap_view h;
	uint64_t chained, longest, bytes;
	struct map_type type;
	struct fit_count fit;
};

static void look_at_map(struct player *p, const struct map_info *info, uint32_t line, struct map_end *ret)
{
	struct map_type type = command_type_of(info);
	const struct reader *r = image_reader(p->image);
	memset(ret, 0, sizeof *ret);
	if (!hmap_read(r, &type, map_hmap(p->source->map, info->map, r), &ret->h))
		return;
	ret->known = true;
	ret->type = type;
	for (int a = ARRAY_NEW; a <= ARRAY_OLD; a++)
		for (uint64_t i = 0; i < array_buckets(&ret->h, (enum which_array)a); i++) {
			struct bucket_view b;
			if (!bucket_first(r, &type, &ret->h, (enum which_array)a, i, &b))
				break;
			fit_count_add(&ret->fit, b.addr, line);
			while (bucket_next(r, &type, &ret->h, &b)) {
				ret->chained++;
				fit_count_add(&ret->fit, b.addr, line);
				if (b.source == BUCKET_HEAP)
					ret->bytes += type.bucketsize;
			}
			if (b.depth + 1 > ret->longest)
				ret->longest = b.depth + 1;
		}
	ret->bytes += HMAP_SIZE + ret->h.new_size + ret->h.old_size + (ret->h.extra ? EXTRA_SIZE : 0);
}

static void print_map_json(struct json *j, const struct map_info *m, const struct map_end *e, uint32_t line)
{
	char type[2 * sizeof m->key_type + 8];
	snprintf(type, sizeof type, "map[%s]%s", m->key_type, m->elem_type);
	json_object(j);
	json_key_unsigned(j, "map", m->map);
	json_key_text(j, "name", m->name);
	json_key_text(j, "type", type);
	json_key_text(j, "go", m->go);
	if (e->known) {
		json_key_integer(j, "count", e->h.count);
		json_key_unsigned(j, "B", e->h.B);
		json_key_unsigned(j, "flags", e->h.flags);
		json_key_unsigned(j, "noverflow", e->h.noverflow);
		json_key_unsigned(j, "overflow_buckets", e->chained);
		json_key_unsigned(j, "longest_chain", e->longest);
		json_key_bool(j, "growing", e->h.oldbuckets != 0);
		json_key_unsigned(j, "bytes", e->bytes);
		fit_report_json(j, &e->fit, &e->type, line);
	}
	json_end(j);
}

static void print_map(const struct map_info *m, const struct map_end *e, uint32_t line)
{
	printf("map ");
	report_clean(m->name);
	printf("  map[%s]%s  go%s ", m->key_type, m->elem_type, m->go);
	report_clean(m->arch);
	printf("  seed %" PRIu64 "\n", m->seed);
	if (!e->known) {
		puts("  nil");
		return;
	}
	printf(_("  count %" PRId64 "  B %u  flags %u  overflow buckets %" PRIu64 "  longest chain %" PRIu64 "  %s\n  %" PRIu64
	       " bytes"), e->h.count, e->h.B, e->h.flags, e->chained, e->longest, e->h.oldbuckets ? _("growing") : _("not growing"),
	       e->bytes);
	if (e->h.count > 0)
		printf(_(", %.1f an entry"), (double)e->bytes / (double)e->h.count);
	putchar('\n');
	fit_report(&e->fit, &e->type, line);
}

static void print_report(const struct source *s, const struct counts *n)
{
	report_clean(s->name);
	printf(_(": %s, %s%s\n"), counted_operations(s->ops), counted_steps(s->steps),
	       s->complete ? "" : _("; the recording was cut off, this is what it holds"));
	for (int k = 1; k < OP_KINDS; k++) {
		if (!n->ops[k])
			continue;
		printf("  %-5s %10" PRIu64, op_kind_name[k], n->ops[k]);
		if (n->tops[k] + n->keys[k])
			printf(_("   %.2f tophashes read, %.2f keys compared each"), (double)n->tops[k] / (double)n->ops[k],
			       (double)n->keys[k] / (double)n->ops[k]);
		putchar('\n');
	}
	printf(_("growths %" PRIu64 ", old buckets evacuated %" PRIu64 ", entries moved %" PRIu64 "\n"), n->growths, n->evacuated,
	       n->moved);
	printf(_("overflow buckets made %" PRIu64 " (%" PRIu64 " preallocated, %" PRIu64 " from the heap)\n"),
	       n->overflow_pre + n->overflow_heap, n->overflow_pre, n->overflow_heap);
	printf(_("bytes read %" PRIu64 ", written %" PRIu64 "; panics and fatal errors %" PRIu64 "\n"), n->bytes_read,
	       n->bytes_written, n->faults);
	cache_report(&n->traffic);
}

static void print_report_json(struct json *j, const struct source *s, const struct counts *n)
{
	json_key_text(j, "name", s->name);
	json_key_bool(j, "complete", s->complete);
	json_key_unsigned(j, "operations", s->ops);
	json_key_unsigned(j, "steps", s->steps);
	json_key_object(j, "by_kind");
	for (int k = 1; k < OP_KINDS; k++)
		if (n->ops[k]) {
			json_key_object(j, op_kind_name[k]);
			json_key_unsigned(j, "operations", n->ops[k]);
			json_key_unsigned(j, "tophashes", n->tops[k]);
			json_key_unsigned(j, "keys", n->keys[k]);
			json_end(j);
		}
	json_end(j);
	json_key_object(j, "events");
	for (int i = 0; i < EV_COUNT; i++) {
		enum event_kind k = event_listed(i);
		if (n->kind[k])
			json_key_unsigned(j, event_info[k].name, n->kind[k]);
	}
	json_end(j);
	json_key_unsigned(j, "growths", n->growths);
	json_key_unsigned(j, "evacuated", n->evacuated);
	json_key_unsigned(j, "moved", n->moved);
	json_key_unsigned(j, "overflow_pre", n->overflow_pre);
	json_key_unsigned(j, "overflow_heap", n->overflow_heap);
	json_key_unsigned(j, "bytes_read", n->bytes_read);
	json_key_unsigned(j, "bytes_written", n->bytes_written);
	json_key_unsigned(j, "faults", n->faults);
	cache_report_json(j, &n->traffic);
}

static void print_all_json(const struct source *s, struct player *p, const struct counts *n, uint32_t line)
{
	struct json j = json_to(stdout);
	struct map_end end;
	json_object(&j);
	print_report_json(&j, s, n);
	json_key_array(&j, "maps");
	for (unsigned i = 0; i < s->maps; i++) {
		look_at_map(p, &s->map[i], line, &end);
		print_map_json(&j, &s->map[i], &end, line);
	}
	json_end(&j);
	json_end(&j);
	putchar('\n');
}

static void print_all(const struct source *s, struct player *p, const struct counts *n, uint32_t line)
{
	struct map_end end;
	print_report(s, n);
	for (unsigned i = 0; i < s->maps; i++) {
		look_at_map(p, &s->map[i], line, &end);
		print_map(&s->map[i], &end, line);
	}
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
	if (status == EXIT_DONE && n.traffic.failed)
		status = command_fail("stats", "there is no memory for the lines of an operation");
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
