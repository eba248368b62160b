/* mapscope layout: the memory of a map, without addresses, from a trace or straight from a workload. */
#include "src/command/command.h"
#include "src/command/options.h"

#include "trace/base/json.h"
#include "trace/base/memory.h"
#include "trace/map/kind.h"
#include "trace/map/value.h"
#include "trace/record/player.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct wanted {
	const char *map; /* NULL: the one that the operation works on */
	bool all;
	uint64_t op; /* 0: the last */
};

/* What gets and iterators gave, printed before their operation's heading. */
static void print_value(const struct reader *r, const struct go_type *t, uint64_t addr)
{
	size_t cap = 256;
	char small[256], *text = small;
	size_t need = value_print(r, t, addr, VALUE_GOT, text, cap);
	if (need >= cap) {
		text = memory_get(need + 1);
		value_print(r, t, addr, VALUE_GOT, text, need + 1);
	}
	fputs(text, stdout);
	if (text != small)
		free(text);
}

static void print_got(
	const struct reader *r, const struct go_type *elem_type, enum op_kind kind, bool ok, uint64_t elem)
{
	if (kind < OP_KINDS && op_kind_judged[kind]) {
		puts(ok ? "did true" : "did false");
		return;
	}
	fputs(ok ? "got true " : "got false ", stdout);
	print_value(r, elem_type, elem);
	putchar('\n');
}

static void print_item(const struct reader *r, const struct go_type *key_type,
	const struct go_type *elem_type, uint64_t key, uint64_t elem)
{
	fputs("item ", stdout);
	print_value(r, key_type, key);
	putchar(' ');
	print_value(r, elem_type, elem);
	putchar('\n');
}

/* ---- from a workload ---- */

struct observer {
	struct run_observer base;
	struct run *run;
	const struct script *script;
	const struct wanted *wanted;
	bool damaged;
};

static bool print_map_of(const struct reader *r, const struct map *m)
{
	struct map_view v;
	map_look(m, r, &v);
	return v.kind->dump(&v, stdout);
}

static const struct map *chosen(const struct observer *o, const struct map *m)
{
	int i = o->wanted->map ? script_find_map(o->script, o->wanted->map) : -1;
	return o->wanted->map ? run_map(o->run, (unsigned)i) : m;
}

static void on_got(struct run_observer *base, const struct map *m, bool ok, uint64_t elem)
{
	struct observer *o = (struct observer *)base;
	if (o->wanted->all)
		print_got(&o->run->arena.reader, &m->elem, o->run->kind, ok, elem);
}

static void on_item(struct run_observer *base, const struct map *m, uint64_t key, uint64_t elem)
{
	struct observer *o = (struct observer *)base;
	if (o->wanted->all)
		print_item(&o->run->arena.reader, &m->key, &m->elem, key, elem);
}

static void on_end(struct run_observer *base, const struct map *m)
{
	struct observer *o = (struct observer *)base;
	(void)m;
	if (o->wanted->all)
		puts("end");
}

static bool on_done(struct run_observer *base, const struct map *m, uint64_t op, enum op_kind kind)
{
	struct observer *o = (struct observer *)base;
	(void)kind;
	if (!o->wanted->all && op != o->wanted->op)
		return true;
	if (o->wanted->all)
		printf("op %" PRIu64 "\n", op);
	m = chosen(o, m);
	if (m && !print_map_of(&o->run->arena.reader, m))
		o->damaged = true;
	return o->wanted->all;
}

static int layout_script(const struct script *s, const struct wanted *w)
{
	struct run r;
	struct observer o = {
		.base = { on_got, on_item, on_end, on_done }, .run = &r, .script = s, .wanted = w
	};
	if (w->map && script_find_map(s, w->map) < 0)
		return command_fail("layout", "there is no map \"%s\"", w->map);
	if (!run_init(&r, NULL, &o.base))
		return command_fail("layout", "%s", r.error);
	int status = run_script(&r, s, 0), result = EXIT_DONE;
	if (status < 0) {
		result = command_fail("layout", "%s", r.error);
	} else if (!w->all && w->op == 0) {
		struct map *m = w->map ? run_map(&r, (unsigned)script_find_map(s, w->map))
				       : run_map(&r, s->selected);
		if (!m)
			result = command_fail("layout", "the workload makes no map");
		else if (!print_map_of(&r.arena.reader, m))
			o.damaged = true;
	} else if (!w->all && r.ops < w->op) {
		result = command_fail(
			"layout", "there is no operation %" PRIu64 ", the last is %" PRIu64, w->op, r.ops);
	}
	if (o.damaged)
		result = command_fail("layout", "the map's memory cannot be read");
	run_release(&r);
	return result;
}

/* ---- from a trace ---- */

static const struct map_info *find_map(const struct source *s, const char *name)
{
	for (unsigned i = s->maps; i-- > 0;)
		if (strcmp(s->map[i].name, name) == 0)
			return &s->map[i];
	return NULL;
}

static int print_map(struct player *p, const struct map_info *info)
{
	struct map_view v;
	map_open(&v, p->source->map, info->map, image_reader(p->image));
	if (!v.kind->dump(&v, stdout))
		return command_fail("layout", "step %" PRIu64 ": the map's memory cannot be read", p->step);
	return EXIT_DONE;
}

/* Plays operation op step by step and prints what it gave. */
static int play_results(struct player *p, const struct operation *o, uint64_t last)
{
	const struct map_info *info = o->map ? &p->source->map[o->map - 1] : NULL;
	struct map_view v = { 0 };
	if (info)
		map_open_type(&v, info);
	while (p->step < last) {
		if (player_forward(p))
			return command_fail("layout", "%s", p->error);
		const struct event *e = player_event(p, p->step);
		if (!e)
			return command_fail("layout", "%s", p->error);
		if (e->map != o->map) /* the steps of a sync.Map's two maps are not its results */
			continue;
		if (e->kind == EV_GOT && info)
			print_got(image_reader(p->image), &v.elem, o->kind, e->a, e->addr);
		else if (e->kind == EV_ITEM && info)
			print_item(image_reader(p->image), &v.key, &v.elem, e->addr, e->a);
		else if (e->kind == EV_END)
			puts("end");
	}
	return EXIT_DONE;
}

static int layout_operation(struct player *p, const struct wanted *w, uint64_t op)
{
	struct operation o;
	uint64_t last;
	if (command_operation_steps(p->source, op, &o, &last))
		return command_fail("layout", "%s", p->source->error);
	if (w->all) {
		int status = play_results(p, &o, last);
		if (status)
			return status;
		printf("op %" PRIu64 "\n", op);
	} else if (player_seek(p, last)) {
		return command_fail("layout", "%s", p->error);
	}
	const struct map_info *info = w->map        ? find_map(p->source, w->map)
		: o.map && o.map <= p->source->maps ? &p->source->map[o.map - 1]
						    : NULL;
	return info ? print_map(p, info) : EXIT_DONE;
}

/* The map selected last: the trace's last event says so where it is not that of the last operation. */
static const struct map_info *selected_last(struct player *p)
{
	struct source *s = p->source;
	const struct event *e = s->steps ? player_event(p, s->steps) : NULL;
	struct operation o;
	uint64_t map = 0;
	if (e && e->kind == EV_USE)
		map = e->a;
	else if (s->ops && s->operation(s, s->ops, &o) == 0)
		map = o.map;
	return map && map <= s->maps ? &s->map[map - 1] : &s->map[s->maps - 1];
}

static int layout_source(struct source *s, const struct wanted *w)
{
	struct player p;
	int status = EXIT_DONE;
	if (w->map && !find_map(s, w->map))
		return command_fail("layout", "there is no map \"%s\"", w->map);
	if (s->maps == 0)
		return command_fail("layout", "the trace has no map");
	if (w->op > s->ops)
		return command_fail(
			"layout", "there is no operation %" PRIu64 ", the last is %" PRIu64, w->op, s->ops);
	player_init(&p, s);
	if (w->all) {
		for (uint64_t op = 1; status == EXIT_DONE && op <= s->ops; op++)
			status = layout_operation(&p, w, op);
	} else if (w->op) {
		status = layout_operation(&p, w, w->op);
	} else if (player_seek(&p, s->steps)) {
		status = command_fail("layout", "%s", p.error);
	} else {
		status = print_map(&p, w->map ? find_map(s, w->map) : selected_last(&p));
	}
	player_release(&p);
	return status;
}

static int layout_file(const char *path, const struct wanted *w)
{
	int status;
	if (store_is_trace(path)) {
		char error[STORE_ERROR];
		struct source *s = store_open(path, error);
		if (!s)
			return command_fail("layout", "%s", error);
		s = command_known_releases("layout", s);
		if (!s)
			return EXIT_FAILED;
		if (!s->complete)
			fprintf(stderr, _("mapscope layout: %s is cut off: it holds %s\n"), path,
				counted_operations(s->ops));
		status = layout_source(s, w);
		s->close(s);
	} else {
		struct script script;
		if (command_load_script("layout", path, &script))
			return EXIT_FAILED;
		status = layout_script(&script, w);
		script_release(&script);
	}
	return status;
}

/* ---- as JSON: the same lines ---- */

static bool is_result(const char *line)
{
	return strncmp(line, "got ", 4) == 0 || strncmp(line, "item ", 5) == 0 ||
		strncmp(line, "end\n", 4) == 0;
}

/* An object an operation: what it gave, its number (with --op all), its map's layout. */
static void print_json(FILE *out, const char *text)
{
	enum { NOTHING, RESULTS, LAYOUT } part = NOTHING;
	struct json j = json_to(out);
	json_array(&j);
	for (const char *end; *text; text = end + 1) {
		end = strchrnul(text, '\n');
		bool result = is_result(text), op = strncmp(text, "op ", 3) == 0;
		if (part == LAYOUT && (result || op)) {
			json_end(&j);
			json_end(&j);
			json_line(&j, 0);
			part = NOTHING;
		}
		if (part == NOTHING) {
			json_object(&j);
			if (!op)
				json_key_array(&j, result ? "results" : "layout");
			part = result ? RESULTS : LAYOUT;
		} else if (op) {
			json_end(&j);
			part = LAYOUT;
		}
		if (op) {
			json_key_unsigned(&j, "op", strtoull(text + 3, NULL, 10));
			json_key_array(&j, "layout");
		} else {
			json_bytes(&j, text, (size_t)(end - text));
		}
		if (!*end)
			break;
	}
	while (j.depth > 0)
		json_end(&j);
	fputc('\n', out);
}

static int layout_json(const char *path, const struct wanted *w)
{
	char *text;
	size_t len;
	FILE *real = stdout, *lines = open_memstream(&text, &len);
	if (!lines)
		return command_fail("layout", "not enough memory");
	stdout = lines; /* the printers above write to stdout; glibc and musl allow this */
	int status = layout_file(path, w);
	stdout = real;
	fclose(lines);
	print_json(real, text);
	free(text);
	return status;
}

static int read_op(const char *command, const char *text, void *to)
{
	struct wanted *w = to;
	w->all = strcmp(text, "all") == 0;
	if (w->all || (command_number(text, &w->op) && w->op != 0))
		return -1;
	return command_usage(command, "--op takes an operation's number or all, not \"%s\"", text);
}

int cmd_layout(int argc, char **argv)
{
	struct wanted w = { 0 };
	bool json = false;
	const struct option_row rows[] = { OPTION_READ("op", read_op, &w), OPTION_TEXT("map", &w.map),
		OPTION_FLAG("json", &json), { 0 } };
	int status = options_read("layout", argc, argv, rows);
	if (status < 0)
		status = options_one_file("layout", argc);
	if (status >= 0)
		return status;
	status = json ? layout_json(argv[optind], &w) : layout_file(argv[optind], &w);
	int flushed = command_flush("layout", stdout);
	return status ? status : flushed;
}
