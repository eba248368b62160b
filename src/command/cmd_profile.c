/* mapscope profile: what a recording allocated, as a heap profile that `go tool pprof` opens.
 *
 * Stacks are those that the runtime has where it allocates for a map (a function a frame; what the compiler
 * inlines is a frame too, as pprof shows it), below them what the map's kind has around it (package sync),
 * and main.put, main.get, ... for the kind of operation. Counted as Go counts with MemProfileRate 1: objects
 * and bytes as the allocator gives them, so a piece that shares a tiny block is none; what lies on a stack is
 * none.
 *
 * Facts: runtime/map*.go, malloc.go, iface.go, mprof.go of Go 1.19.8, 1.22.12 and 1.23.5.
 */
#include "src/command/command.h"
#include "src/command/options.h"
#include "src/command/pprof.h"

#include "src/engine/engine.h"
#include "trace/base/addresses.h"
#include "trace/base/builder.h"
#include "trace/base/grown.h"
#include "trace/map/classic/type.h"
#include "trace/record/walk.h"

#include "trace/base/file.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Where the map code allocates.  frames: from mallocgc outwards; % stands for the variant ("_faststr"), @ for
 * the function of the operation (mapassign, mapdelete, ...). */
enum site {
	SITE_HMAP_SMALL,
	SITE_HMAP,
	SITE_MAKE_ARRAY,
	SITE_MAKE_EXTRA,
	SITE_FIRST,
	SITE_GROW_ARRAY,
	SITE_GROW_EXTRA,
	SITE_OVERFLOW,
	SITE_EVACUATE_OVERFLOW,
	SITE_LIST,
	SITE_EVACUATE_LIST,
	SITE_LOOP_LIST,
	SITE_APPEND,
	SITE_EVACUATE_APPEND,
	SITE_SLOT,
	SITE_KEY_TEXT,
	SITE_ELEM_TEXT,
	SITE_BOX16,
	SITE_BOX32,
	SITE_BOX64,
	SITE_BOX_STRING,
	SITE_BOX_SLICE,
	SITE_BOX_COMPLEX,
	SITE_COUNTER,
	SITE_OTHER,
	SITES
};
#define EVACUATE "runtime.evacuate% runtime.growWork% runtime.@"
static const char *const site_frames[SITES] = {
	[SITE_HMAP_SMALL] = "runtime.newobject runtime.makemap_small",
	[SITE_HMAP] = "runtime.newobject runtime.makemap",
	[SITE_MAKE_ARRAY] = "runtime.newarray runtime.makeBucketArray runtime.makemap",
	[SITE_MAKE_EXTRA] = "runtime.newobject runtime.makemap",
	[SITE_FIRST] = "runtime.newobject runtime.@",
	[SITE_GROW_ARRAY] = "runtime.newarray runtime.makeBucketArray runtime.hashGrow runtime.@",
	[SITE_GROW_EXTRA] = "runtime.newobject runtime.hashGrow runtime.@",
	[SITE_OVERFLOW] = "runtime.newobject runtime.(*hmap).newoverflow runtime.@",
	[SITE_EVACUATE_OVERFLOW] = "runtime.newobject runtime.(*hmap).newoverflow " EVACUATE,
	[SITE_LIST] =
		"runtime.newobject runtime.(*hmap).createOverflow runtime.(*hmap).newoverflow runtime.@",
	[SITE_EVACUATE_LIST] =
		"runtime.newobject runtime.(*hmap).createOverflow runtime.(*hmap).newoverflow " EVACUATE,
	[SITE_LOOP_LIST] = "runtime.newobject runtime.(*hmap).createOverflow runtime.mapiterinit",
	[SITE_APPEND] = "runtime.growslice runtime.(*hmap).newoverflow runtime.@",
	[SITE_EVACUATE_APPEND] = "runtime.growslice runtime.(*hmap).newoverflow " EVACUATE,
	[SITE_SLOT] = "runtime.newobject runtime.@",
	[SITE_KEY_TEXT] = "main.keyText",
	[SITE_ELEM_TEXT] = "main.elemText",
	[SITE_BOX16] = "runtime.convT16",
	[SITE_BOX32] = "runtime.convT32",
	[SITE_BOX64] = "runtime.convT64",
	[SITE_BOX_STRING] = "runtime.convTstring",
	[SITE_BOX_SLICE] = "runtime.convTslice",
	[SITE_BOX_COMPLEX] = "runtime.convTnoptr",
	[SITE_COUNTER] = "runtime.newobject",
	[SITE_OTHER] = "",
};

/* One stack of one map. */
struct tally {
	const char *functions[2]; /* of the map's kind */
	size_t next; /* the number of another one of the same site, kind, role and map; 0: none */
	struct pprof_sample sample;
	char text[512]; /* the frames' names */
};

/* Boxes of 8 bytes that the operation under way has made: what is in them says the any that points to them.
 */
enum { BOXES_MOST = 3 };

struct profile {
	struct source *source;
	const struct map_info *only; /* NULL: all */
	struct map_type *type;       /* of each map */
	enum op_kind kind;           /* of the operation under way; OP_NONE: a map is being made */
	enum phase phase;
	bool making; /* a map's first memory is allocated: its hmap is there, no phase has begun */
	const struct engine *engine; /* of the operation's map; NULL: there is none */
	struct call_path path;
	struct event box[BOXES_MOST];
	unsigned boxes;
	uint64_t op;
	struct tally **tally;
	size_t tallies, tallies_cap;
	struct addresses stack; /* the newest tally, + 1, of a site, kind of operation, role and map */
	struct addresses live;  /* the tally of each live object */
};

/* ---- sites and stacks ---- */

static enum site site_of_list(const struct profile *p, bool append)
{
	if (p->kind == OP_ITER || p->kind == OP_RANGE || p->kind == OP_NEXT)
		return SITE_LOOP_LIST;
	if (p->phase == PHASE_EVACUATE)
		return append ? SITE_EVACUATE_APPEND : SITE_EVACUATE_LIST;
	return append ? SITE_APPEND : SITE_LIST;
}

/* What Go's compiler calls for a value that needs a box; kind: what is in one of 8 bytes. */
static enum site site_of_box(const struct event *e, enum go_kind kind)
{
	switch (e->size) {
	case 2: return SITE_BOX16;
	case 4: return SITE_BOX32;
	case 8: return kind == GO_COMPLEX64 ? SITE_BOX_COMPLEX : SITE_BOX64;
	case 16: return e->c & 1 /* no pointers */ ? SITE_BOX_COMPLEX : SITE_BOX_STRING;
	default: return SITE_BOX_SLICE;
	}
}

static enum site site_of(const struct profile *p, const struct event *e, enum go_kind box)
{
	bool making = p->making, grows = p->phase == PHASE_GROW;
	const struct map_info *info = e->map && e->map <= p->source->maps ? &p->source->map[e->map - 1]
									  : NULL;
	switch (e->b) {
	case ROLE_HMAP: /* one that is made in an operation has a hint that the compiler cannot know */
		return p->kind != OP_NONE || (info && info->hint > SLOTS) ? SITE_HMAP : SITE_HMAP_SMALL;
	case ROLE_BUCKETS: return making ? SITE_MAKE_ARRAY : grows ? SITE_GROW_ARRAY : SITE_FIRST;
	case ROLE_EXTRA: return making ? SITE_MAKE_EXTRA : grows ? SITE_GROW_EXTRA : site_of_list(p, false);
	case ROLE_SLICE:
		return site_of_list(
			p, e->size != 24); /* new([]*bmap), or what append makes of it: 8, 16, 32, ... */
	case ROLE_OVERFLOW: return p->phase == PHASE_EVACUATE ? SITE_EVACUATE_OVERFLOW : SITE_OVERFLOW;
	case ROLE_KEY:
	case ROLE_ELEM: return SITE_SLOT;
	case ROLE_KEY_TEXT: return SITE_KEY_TEXT;
	case ROLE_ELEM_TEXT: return SITE_ELEM_TEXT;
	case ROLE_BOX: return site_of_box(e, box);
	case ROLE_COUNTER: return SITE_COUNTER;
	default: return SITE_OTHER;
	}
}

static const char *function_of(enum op_kind kind)
{
	return kind == OP_DEL || kind == OP_LOADANDDELETE ? "mapdelete%"
		: kind == OP_GET                          ? "mapaccess2%"
		: kind == OP_CLEAR                        ? "mapclear"
							  : "mapassign%";
}

/* Frames with @ and % filled in, into t->text, and the frames' pointers to it. */
static void stack_make(struct tally *t, enum site site, enum op_kind kind, const char *variant)
{
	char words[384], *out = t->text, *end = t->text + sizeof t->text - 1;
	struct builder b = builder_in(words, sizeof words);
	struct pprof_sample *s = &t->sample;
	for (const char *f = site_frames[site]; *f; f++)
		if (*f == '@')
			builder_text(&b, function_of(kind));
		else
			builder_char(&b, *f);
	builder_add(&b, " %s %s", t->functions[0], t->functions[1]);
	s->frame[s->frames++] = "runtime.mallocgc";
	for (char *save, *w = strtok_r(words, " ", &save); w && s->frames < PPROF_FRAMES - 1;
		w = strtok_r(NULL, " ", &save)) {
		s->frame[s->frames++] = out;
		for (; *w && out + 16 < end; w++)
			if (*w == '%')
				out += snprintf(out, (size_t)(end - out), "%s", variant);
			else
				*out++ = *w;
		*out++ = 0;
	}
	s->frame[s->frames++] = out;
	snprintf(out, (size_t)(end - out), "main.%s", kind == OP_NONE ? "make" : op_kind_name[kind]);
}

static struct tally *tally_new(
	struct profile *p, const struct event *e, enum site site, const char *const functions[2])
{
	bool known = e->map && e->map <= p->source->maps;
	p->tally = grown(p->tally, &p->tallies_cap, p->tallies, sizeof *p->tally);
	struct tally *t = memory_get(sizeof *t);
	t->functions[0] = functions[0];
	t->functions[1] = functions[1];
	stack_make(t, site, p->kind, known ? map_variant_name[p->type[e->map - 1].variant] : "");
	t->sample.label[0].key = "op";
	t->sample.label[0].value = p->kind == OP_NONE ? "make" : op_kind_name[p->kind];
	t->sample.label[1].key = "map";
	t->sample.label[1].value = known && e->b != ROLE_COUNTER ? p->source->map[e->map - 1].name : NULL;
	t->sample.label[2].key = "object";
	t->sample.label[2].value = block_role_name[e->b];
	p->tally[p->tallies++] = t;
	return t;
}

/* The number of the tally that an allocation is counted in. */
static size_t tally_of(struct profile *p, const struct event *e, enum go_kind box)
{
	enum site site = site_of(p, e, box);
	const char *functions[2] = { "", "" };
	uint64_t key = (uint64_t)site << 48 | (uint64_t)p->kind << 40 | (e->b & 255) << 32 | e->map;
	uint64_t *first = addresses_add(&p->stack, key);
	if (p->engine && p->engine->functions && e->b != ROLE_COUNTER)
		p->engine->functions(&p->path, e, functions);
	for (size_t n = *first; n > 0; n = p->tally[n - 1]->next)
		if (p->tally[n - 1]->functions[0] == functions[0] &&
			p->tally[n - 1]->functions[1] == functions[1])
			return n - 1;
	tally_new(p, e, site, functions)->next = *first;
	*first = p->tallies;
	return p->tallies - 1;
}

/* ---- counting ---- */

static void count_block(struct profile *p, const struct event *e, enum go_kind box)
{
	size_t i = tally_of(p, e, box);
	int64_t *v = p->tally[i]->sample.value;
	v[0]++;
	v[1] += (int64_t)e->a;
	v[2]++;
	v[3] += (int64_t)e->a;
	if (e->addr)
		*addresses_add(&p->live, e->addr) = i;
}

static void count_box(struct profile *p, unsigned i, enum go_kind kind)
{
	struct event e = p->box[i];
	p->boxes--;
	memmove(p->box + i, p->box + i + 1, (p->boxes - i) * sizeof *p->box);
	count_block(p, &e, kind);
}

/* An any is written: its type is that of what is in the box. */
static void see_any(struct profile *p, const uint8_t *bytes)
{
	uint64_t word[2];
	struct go_type inside;
	memcpy(word, bytes, sizeof word);
	for (unsigned i = 0; i < p->boxes; i++)
		if (p->box[i].addr == word[1] && go_type_from_address(word[0], &inside)) {
			count_box(p, i, inside.kind);
			return;
		}
}

/* Boxes that no any points to: the map had the key already, or there was a panic.  The key's comes first. */
static int count_boxes(struct profile *p)
{
	static const char complex[] = "complex64(";
	struct operation o = { 0 };
	if (p->boxes == 0)
		return 0;
	if (p->op <= p->source->ops && p->source->operation(p->source, p->op, &o) != 0)
		return -1;
	const char *key = o.key_value ? o.key_value : o.key, *elem = o.elem_value ? o.elem_value : o.elem;
	bool of_key = key && strncmp(key, complex, strlen(complex)) == 0,
	     of_elem = elem && strstr(elem, complex);
	for (bool first = true; p->boxes > 0; first = false)
		count_box(p, 0, (first && of_key) || (p->boxes == 1 && of_elem) ? GO_COMPLEX64 : GO_INT64);
	return 0;
}

static void count_alloc(struct profile *p, const struct event *e)
{
	if (e->b == ROLE_HMAP)
		p->making = true;
	if (e->a == 0 || e->c == SPAN_STACK || e->b >= ROLES || (p->only && e->map != p->only->map))
		return;
	if (e->b == ROLE_BOX && e->size == 8 && p->boxes < BOXES_MOST)
		p->box[p->boxes++] = *e;
	else
		count_block(p, e, GO_OPAQUE);
}

static void count_free(struct profile *p, const struct event *e)
{
	uint64_t i;
	if (e->a && addresses_remove(&p->live, e->addr, &i)) {
		p->tally[i]->sample.value[2]--;
		p->tally[i]->sample.value[3] -= (int64_t)e->a;
	}
}

/* ---- the steps ---- */

/* An operation begins, or a map is made (OP_NONE). */
static void begin(struct profile *p, enum op_kind kind, uint64_t map)
{
	const struct map_info *info = map && map <= p->source->maps ? &p->source->map[map - 1] : NULL;
	const struct release *release = info ? release_find(info->go) : NULL;
	p->kind = kind;
	p->phase = PHASE_NONE;
	p->making = false;
	p->op += kind != OP_NONE;
	p->engine = info ? engine_of((enum map_kind)info->kind) : NULL;
	p->path = (struct call_path){ release ? release : release_default(), kind, 0 };
}

static int count_event(struct profile *p, const struct event *e)
{
	int status = 0;
	switch (e->kind) {
	case EV_OP: begin(p, e->b < OP_KINDS ? (enum op_kind)e->b : OP_NONE, e->a); break;
	case EV_DONE: status = count_boxes(p); break;
	case EV_MAP: begin(p, OP_NONE, e->a); break;
	case EV_PHASE:
		p->phase = e->a < PHASES ? (enum phase)e->a : PHASE_NONE;
		p->making = false;
		break;
	case EV_ALLOC: count_alloc(p, e); break;
	case EV_WRITE:
		if (p->boxes > 0 && e->size == 16 && e->new.p)
			see_any(p, e->new.p);
		break;
	case EV_FREE: count_free(p, e); break;
	default: break;
	}
	if (p->engine && p->engine->follow)
		p->engine->follow(&p->path, e);
	return status;
}

static int count_steps(struct profile *p)
{
	struct walk w;
	walk_init(&w, p->source, 1);
	int status = 0;
	while (status == 0 && walk_next(&w, p->source->steps, NULL))
		for (uint32_t i = 0; i < w.n && status == 0; i++)
			status = count_event(p, &w.event[i]);
	if (w.failed)
		status = -1;
	else if (status == 0) /* of an operation that a recording which was cut off does not end */
		status = count_boxes(p);
	walk_release(&w);
	return status;
}

/* ---- command ---- */

struct question {
	const char *input, *output, *map;
	bool force;
};

static int write_profile(const struct profile *p, const struct question *q)
{
	struct pprof_sample *sample = memory_array(p->tallies + 1, sizeof *sample);
	struct pprof out = { .value = { { "alloc_objects", "count" }, { "alloc_space", "bytes" },
				     { "inuse_objects", "count" }, { "inuse_space", "bytes" } },
		.default_value = 1,
		.binary = p->source->name,
		.drop = "runtime\\.(mallocgc|newobject|newarray)",
		/* else it would all be mallocgc's own */ .sample = sample,
		.samples = p->tallies };
	char *bytes = NULL;
	size_t n = 0;
	FILE *f = memory_need(open_memstream(&bytes, &n));
	for (size_t i = 0; i < p->tallies; i++)
		sample[i] = p->tally[i]->sample;
	bool whole = pprof_write(&out, f);
	if (fclose(f) != 0 || !whole)
		memory_out();
	int why = file_put(q->output, bytes, n, q->force, 0666);
	free(bytes);
	free(sample);
	return why ? command_fail("profile", "%s: %s%s", q->output, strerror(why),
			     why == EEXIST ? _("; --force replaces it") : "")
		   : EXIT_DONE;
}

static void print_summary(const struct profile *p, const struct question *q)
{
	int64_t sum[PPROF_VALUES] = { 0 };
	for (size_t i = 0; i < p->tallies; i++)
		for (int v = 0; v < PPROF_VALUES; v++)
			sum[v] += p->tally[i]->sample.value[v];
	command_print_clean(q->output);
	fprintf(stderr, P_(": %zu stack, ", ": %zu stacks, ", p->tallies), p->tallies);
	fprintf(stderr, _("%s and %s allocated, %" PRId64 " and %" PRId64 " in use\n"),
		counted("%" PRIu64 " object", "%" PRIu64 " objects", (uint64_t)sum[0]),
		counted_bytes((uint64_t)sum[1]), sum[2], sum[3]);
}

static int run_profile(struct source *s, const struct question *q)
{
	struct profile p = { .source = s, .type = memory_array(s->maps + 1u, sizeof *p.type) };
	int status = EXIT_DONE;
	for (unsigned i = 0; i < s->maps; i++) {
		p.type[i] = map_type_make(s->map[i].key, s->map[i].elem);
		if (q->map && strcmp(s->map[i].name, q->map) == 0)
			p.only = &s->map[i];
	}
	if (q->map && !p.only)
		status = command_fail("profile", "there is no map \"%s\"", q->map);
	else if (count_steps(&p) != 0)
		status = command_fail("profile", "%s", s->error);
	else
		status = write_profile(&p, q);
	if (status == EXIT_DONE)
		print_summary(&p, q);
	for (size_t i = 0; i < p.tallies; i++)
		free(p.tally[i]);
	free(p.tally);
	addresses_release(&p.live);
	addresses_release(&p.stack);
	free(p.type);
	return status;
}

int cmd_profile(int argc, char **argv)
{
	struct question q = { 0 };
	const struct option_row rows[] = { OPTION_LETTER("output", 'o', &q.output),
		OPTION_TEXT("map", &q.map), OPTION_FLAG("force", &q.force), { 0 } };
	int status = options_read("profile", argc, argv, rows);
	if (status < 0)
		status = options_one_file("profile", argc);
	if (status >= 0)
		return status;
	q.input = argv[optind];
	if (!q.output)
		return command_usage("profile", "where to? -o FILE.pb.gz");
	struct source *s = command_open("profile", q.input);
	if (!s)
		return EXIT_FAILED;
	status = run_profile(s, &q);
	s->close(s);
	return status;
}
