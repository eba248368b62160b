/* mapscope heap: the spans of the allocator at a step; the model is trace/heap/spanmap.h. */
#include "src/command/command.h"
#include "src/command/options.h"
#include "src/command/report.h"

#include "trace/go/sizeclass.h"
#include "trace/heap/spanmap.h"

#include <getopt.h>
#include <inttypes.h>
#include <string.h>

struct question {
	struct source *source;
	uint64_t op, step; /* 0: not asked for */
	bool json;
	struct player player;
	struct spanmap spans;
	struct marks marks;
	uint64_t marked, black;       /* while the collector is at work */
	const struct gc_cycle *cycle; /* NULL: it is not */
};

static bool is_sweeping(const struct question *q)
{
	return q->cycle && q->cycle->off && q->player.step >= q->cycle->off;
}

/* ---- text ---- */

static void print_collector(const struct question *q, const struct span_sum *n)
{
	uint64_t white = n->live > q->marked ? n->live - q->marked : 0;
	if (!q->cycle)
		puts(_("the collector does not run"));
	else if (is_sweeping(q))
		printf(_("the collector sweeps; objects: %" PRIu64 " marked, %" PRIu64
			 " dead and not swept yet\n"),
			q->marked, white);
	else
		printf(_("the collector marks; objects: %" PRIu64 " white, %" PRIu64 " grey, %" PRIu64
			 " black\n"),
			white, q->marked - q->black, q->black);
}

static void print_sums(const struct question *q, const struct span_sum *n)
{
	const uint64_t whole = n->asked + n->rounding + n->headers + n->tail + n->bitmap + n->free;
	const struct {
		const char *title;
		uint64_t bytes;
	} lines[] = { { _("asked for by live objects"), n->asked },
		{ _("rounded up to the class"), n->rounding }, { _("malloc headers"), n->headers },
		{ _("objects that are free"), n->free }, { _("tails behind the last object"), n->tail },
		{ _("heap bitmaps in spans"), n->bitmap } };
	printf(_("%s of %s of 8 KiB; free pages between them: %" PRIu64 "\n"),
		counted("%" PRIu64 " span", "%" PRIu64 " spans", n->spans),
		counted("%" PRIu64 " page", "%" PRIu64 " pages", n->pages), n->free_pages);
	printf(_("in mcache %" PRIu64 ", in mcentral %" PRIu64 " partly free and %" PRIu64
		 " full; stacks %" PRIu64 "\n"),
		n->place[SPAN_IN_MCACHE], n->place[SPAN_IN_PARTIAL], n->place[SPAN_IN_FULL],
		n->place[SPAN_IN_STACK]);
	printf(_("objects: %" PRIu64 " live, %" PRIu64 " free\n"), n->live,
		n->objects > n->live ? n->objects - n->live : 0);
	print_collector(q, n);
	putchar('\n');
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		report_cell(-30, lines[i].title);
		printf(" %12" PRIu64 " %5.1f %%\n", lines[i].bytes,
			whole ? (double)lines[i].bytes * 100 / (double)whole : 0);
	}
	report_cell(-30, _("the spans' pages"));
	printf(" %12" PRIu64 "\n\n", whole);
}

/* Who asked for the span: "op 3 for m". */
static void print_asker(const struct question *q, const struct span_row *r)
{
	if (r->op)
		printf(_("op %" PRIu64), r->op);
	else
		printf(_("step %" PRIu64), r->step);
	if (r->map && r->map <= q->source->maps) {
		fputs(_(" for "), stdout);
		report_clean(q->source->map[r->map - 1].name);
	}
}

static void print_span(const struct question *q, const struct span_now *s)
{
	const struct span_row *r = &s->row;
	char class[16] = "-", pointers[16] = "";
	if (r->spanclass < SPAN_STACK) {
		snprintf(class, sizeof class, "%u", r->spanclass / 2);
		snprintf(pointers, sizeof pointers, "%s", r->spanclass & 1 ? _("no") : _("yes"));
	}
	printf("%-10" PRIx64 " %5" PRIu32 " %5s %7" PRIu64 " ", r->addr, r->pages, class, s->stride);
	report_cell(-8, pointers);
	printf(" %5" PRIu32 " %5" PRIu32 " %7" PRIu64 " %7" PRIu64 " %6" PRIu64 " %-8s ", s->live,
		r->objects > s->live ? r->objects - s->live : 0, s->asked, span_rounding(s) + s->headers,
		span_tail(s), span_place_name[spanmap_place(&q->spans, s)]);
	report_cell(-9, _(block_role_name[span_role(s)]));
	print_asker(q, r);
	putchar('\n');
}

static void print_text(const struct question *q)
{
	struct span_sum n;
	spanmap_sum(&q->spans, &n);
	report_clean(q->source->name);
	printf(_(": after operation %" PRIu64 ", step %" PRIu64 "\n\n"), q->op, q->player.step);
	print_sums(q, &n);
	static const struct report_column column[] = { { -10, N_("span") }, { 6, N_("pages") },
		{ 6, N_("class") }, { 8, N_("bytes") }, { 1, " " }, { -8, N_("pointers") }, { 6, N_("live") },
		{ 6, N_("free") }, { 8, N_("asked") }, { 8, N_("rounded") }, { 7, N_("tail") }, { 1, " " },
		{ -9, N_("list") }, { -9, N_("most are") } };
	REPORT_HEADS(column);
	puts(_("made by"));
	for (size_t i = 0; i < q->spans.spans; i++)
		print_span(q, &q->spans.span[i]);
	puts(_("\nClasses, places in a span, headers and what objects are given are Go's; which pages a span "
	       "gets is a model."));
}

/* ---- JSON ---- */

static void report_span(struct json *j, const struct question *q, const struct span_now *s)
{
	const struct span_row *r = &s->row;
	bool stack = r->spanclass == SPAN_STACK;
	json_object(j);
	json_key_unsigned(j, "address", r->addr);
	json_key_unsigned(j, "pages", r->pages);
	json_key(j, "class");
	if (stack)
		json_null(j);
	else
		json_unsigned(j, r->spanclass / 2);
	json_key_unsigned(j, "bytes", s->stride);
	json_key_bool(j, "pointers", stack || !(r->spanclass & 1));
	json_key_unsigned(j, "objects", r->objects);
	json_key_unsigned(j, "live", s->live);
	json_key_unsigned(j, "asked", s->asked);
	json_key_unsigned(j, "given", s->given);
	json_key_unsigned(j, "rounding", span_rounding(s));
	json_key_unsigned(j, "headers", s->headers);
	json_key_unsigned(j, "tail", span_tail(s) - span_bitmap(s));
	json_key_unsigned(j, "bitmap", span_bitmap(s));
	json_key_text(j, "list", span_place_name[spanmap_place(&q->spans, s)]);
	json_key_text(j, "role", block_role_name[span_role(s)]);
	json_key_unsigned(j, "step", r->step);
	json_key_unsigned(j, "op", r->op);
	json_key(j, "map");
	if (r->map && r->map <= q->source->maps)
		json_text(j, q->source->map[r->map - 1].name);
	else
		json_null(j);
	json_end(j);
}

static void report_sums(struct json *j, const struct question *q, const struct span_sum *n)
{
	json_key_unsigned(j, "op", q->op);
	json_key_unsigned(j, "step", q->player.step);
	json_key_unsigned(j, "pages", n->pages);
	json_key_unsigned(j, "free_pages", n->free_pages);
	json_key_unsigned(j, "objects", n->objects);
	json_key_unsigned(j, "live", n->live);
	json_key_unsigned(j, "asked", n->asked);
	json_key_unsigned(j, "given", n->given);
	json_key_unsigned(j, "rounding", n->rounding);
	json_key_unsigned(j, "headers", n->headers);
	json_key_unsigned(j, "tail", n->tail);
	json_key_unsigned(j, "bitmap", n->bitmap);
	json_key_unsigned(j, "free", n->free);
	json_key_object(j, "lists");
	for (int i = 0; i < SPAN_PLACES; i++)
		json_key_unsigned(j, span_place_name[i], n->place[i]);
	json_end(j);
	json_key(j, "collector");
	if (!q->cycle) {
		json_null(j);
		return;
	}
	json_object(j);
	json_key_text(j, "phase", is_sweeping(q) ? "sweep" : "mark");
	json_key_unsigned(j, "white", n->live > q->marked ? n->live - q->marked : 0);
	json_key_unsigned(j, "grey", q->marked - q->black);
	json_key_unsigned(j, "black", q->black);
	json_end(j);
}

static void print_json(const struct question *q)
{
	struct json j = json_to(stdout);
	struct span_sum n;
	spanmap_sum(&q->spans, &n);
	json_object(&j);
	report_sums(&j, q, &n);
	json_key_array(&j, "spans");
	for (size_t i = 0; i < q->spans.spans; i++) {
		json_line(&j, 1);
		report_span(&j, q, &q->spans.span[i]);
	}
	json_end(&j);
	json_end(&j);
	putchar('\n');
}

/* ---- the command ---- */

/* Step and operation that are asked for; the last without. */
static int place(struct question *q)
{
	struct operation o;
	uint64_t last = q->source->steps;
	if (q->op && q->op > q->source->ops)
		return command_fail("heap", "there is no operation %" PRIu64 ", the last is %" PRIu64, q->op,
			q->source->ops);
	if (q->step > q->source->steps)
		return command_fail("heap", "there is no step %" PRIu64 ", the last is %" PRIu64, q->step,
			q->source->steps);
	if (q->op && command_operation_steps(q->source, q->op, &o, &last) != 0)
		return command_fail("heap", "%s", q->source->error);
	q->step = q->step ? q->step : last;
	if (q->source->ops && q->source->operation_at(q->source, q->step, &q->op) != 0)
		return command_fail("heap", "%s", q->source->error);
	return EXIT_DONE;
}

static int answer(struct question *q)
{
	if (place(q) != EXIT_DONE)
		return EXIT_FAILED;
	if (player_seek(&q->player, q->step) != 0)
		return command_fail("heap", "%s", q->player.error);
	if (spanmap_at(&q->spans, &q->player) != 0)
		return command_fail("heap", "%s",
			q->source->error[0] ? q->source->error : _("not enough memory for its spans"));
	while (marks_work(&q->marks, q->step)) {
	}
	if (q->marks.failed)
		return command_fail("heap", "%s", q->source->error);
	q->cycle = marks_cycle(&q->marks, q->step);
	if (q->cycle)
		marks_count(&q->marks, q->step, &q->marked, &q->black);
	if (q->json)
		print_json(q);
	else
		print_text(q);
	return EXIT_DONE;
}

int cmd_heap(int argc, char **argv)
{
	struct question q = { 0 };
	const struct option_row rows[] = { OPTION_COUNT(
						   "op", &q.op, N_("\"%s\" is no number of an operation")),
		OPTION_COUNT("step", &q.step, N_("\"%s\" is no number of a step")),
		OPTION_FLAG("json", &q.json), { 0 } };
	int status = options_read("heap", argc, argv, rows);
	if (status >= 0)
		return status;
	if (q.op && q.step)
		return command_usage("heap", "--op or --step, not both");
	status = options_one_file("heap", argc);
	if (status >= 0)
		return status;
	q.source = command_open("heap", argv[optind]);
	if (!q.source)
		return EXIT_FAILED;
	player_init(&q.player, q.source);
	spanmap_init(&q.spans, q.source);
	marks_init(&q.marks, q.source);
	status = answer(&q);
	marks_release(&q.marks);
	spanmap_release(&q.spans);
	player_release(&q.player);
	q.source->close(q.source);
	int flushed = command_flush("heap", stdout);
	return status ? status : flushed;
}
