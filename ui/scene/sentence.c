/* Sentences; see sentence.h.  One function for each group of events; each says who, what, the numbers, why. */
#include "ui/scene/sentence_private.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void words_add(struct words *w, const char *format, ...)
{
	va_list ap;
	if (w->n + 1 >= w->cap)
		return;
	va_start(ap, format);
	int n = vsnprintf(w->out + w->n, w->cap - w->n, format, ap);
	va_end(ap);
	w->n += n > 0 ? (size_t)n : 0;
	if (w->n >= w->cap)
		w->n = w->cap - 1;
}

enum { KEY_SHOWN = 24 };

/* A workload's key may have its quotes already. */
struct quoted quote(const struct scene *s, const char *key)
{
	struct quoted q;
	char fit[SCENE_TEXT];
	bool text = s->type.key.kind == GO_STRING && key[0] != '"';
	text_fit(key, KEY_SHOWN, fit, sizeof fit);
	snprintf(q.text, sizeof q.text, text ? "\"%s\"" : "%s", fit);
	return q;
}

static struct quoted some_key(void)
{
	struct quoted q;
	snprintf(q.text, sizeof q.text, "%s", _("the key"));
	return q;
}

/* A loop looks for the key that it has hashed last. */
struct quoted wanted_key(const struct scene *s)
{
	char clean[SCENE_TEXT];
	if (s->phase == PHASE_ITERATE)
		return s->hash.known && s->hash.stored ? quote(s, s->hash.of) : some_key();
	if (!s->run.has_key)
		return some_key();
	scene_clean(s, s->run.key, clean, sizeof clean);
	return quote(s, clean);
}

struct quoted slot_key(const struct scene *s)
{
	char text[SCENE_TEXT];
	if (!s->focus.ok || s->slot < 0)
		return some_key();
	slot_key_text(s, s->focus.bytes, s->slot, text, sizeof text);
	return quote(s, text);
}

const struct event *event_before(const struct scene *s)
{
	return s->log->count > 1 ? &s->log->event[s->log->count - 2] : NULL;
}

void operation_phrase(const struct scene *s, char *out, size_t cap)
{
	char key[SCENE_TEXT], elem[SCENE_TEXT];
	scene_clean(s, s->op.key, key, sizeof key);
	scene_clean(s, s->op.elem, elem, sizeof elem);
	int n = s->op.core ? snprintf(out, cap, _("core %u "), s->op.core) : 0;
	snprintf(out + n, cap - (size_t)n, "%s%s%s%s%s", op_kind_name[s->op.kind], s->op.has_key ? " " : "", key,
		 s->op.has_elem ? " " : "", elem);
}

void flags_phrase(unsigned flags, char *out, size_t cap)
{
	static const struct { unsigned bit; const char *name; } names[] = { { FLAG_WRITING, "writing" },
		{ FLAG_SAME_SIZE, "sameSize" }, { FLAG_ITERATOR, "iterator" }, { FLAG_OLD_ITERATOR, "oldIterator" } };
	int n = snprintf(out, cap, "%u", flags);
	bool first = true;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (flags & names[i].bit && (size_t)n < cap) {
			n += snprintf(out + n, cap - (size_t)n, "%s%s", first ? "=" : "+", names[i].name);
			first = false;
		}
}

void place_phrase(const struct scene *s, const struct place *p, char *out, size_t cap)
{
	static const char *const part[] = { N_("top"), N_("key"), N_("elem"), N_("overflow") };
	char label[64];
	switch (p->kind) {
	case PLACE_HMAP: snprintf(out, cap, "hmap.%s", p->field ? p->field->name : "?"); break;
	case PLACE_EXTRA: snprintf(out, cap, "mapextra.%s", p->field ? p->field->name : "?"); break;
	case PLACE_HITER: snprintf(out, cap, "hiter.%s", p->field ? p->field->name : "?"); break;
	case PLACE_BUCKET:
		if (p->kept)
			snprintf(label, sizeof label, "%s", _("kept"));
		else
			bucket_label(s, &p->bucket, false, label, sizeof label);
		if (p->slot >= 0)
			snprintf(out, cap, "%s:%d %s", label, p->slot, _(part[p->part]));
		else
			snprintf(out, cap, "%s %s", label, _(part[p->part]));
		break;
	case PLACE_OTHER: snprintf(out, cap, "%s", _(block_role_name[p->role])); break;
	default: snprintf(out, cap, "%s", _("memory")); break;
	}
}

/* ---- operations ---- */

static void say_op(struct words *w, const struct scene *s)
{
	char phrase[2 * SCENE_TEXT + 32], elem[SCENE_TEXT];
	struct quoted key = wanted_key(s);
	operation_phrase(s, phrase, sizeof phrase);
	scene_clean(s, s->op.elem, elem, sizeof elem);
	words_add(w, _("Operation %" PRIu64 " begins: %s"), s->op.op, phrase);
	const char *name = s->map ? s->map->name : "m";
	switch (s->op.kind) {
	case OP_PUT: words_add(w, _(", in Go %s[%s] = %s."), name, key.text, elem); break;
	case OP_GET: words_add(w, _(", in Go v, ok := %s[%s]."), name, key.text); break;
	case OP_DEL: words_add(w, _(", in Go delete(%s, %s)."), name, key.text); break;
	case OP_CLEAR: words_add(w, _(", in Go clear(%s)."), name); break;
	case OP_RANGE: words_add(w, _(", in Go for k, v := range %s."), name); break;
	case OP_COUNTER: words_add(w, _(", in Go %s := new(int64)."), key.text); break;
	case OP_ADD: words_add(w, _(", in Go atomic.AddInt64(%s, %s)."), key.text, s->op.has_elem ? elem : "1"); break;
	default: words_add(w, "."); break;
	}
}

/* A loop's items are taken when it has begun, in this operation or before. */
static bool loop_began(const struct scene *s)
{
	if (s->run.kind == OP_NEXT)
		return true;
	for (size_t i = s->log->count - 1; i-- > 0 && s->log->first + i >= s->op.first;)
		if (s->log->event[i].kind == EV_ITERINIT)
			return true;
	return false;
}

static void say_phase(struct words *w, const struct scene *s, const struct event *e)
{
	static const char *const sentence[PHASES] = {
		[PHASE_LOOKUP] = N_("Phase lookup: which bucket, which slot?"),
		[PHASE_GROW] = N_("Phase grow: a new array is made. Not one entry moves yet."),
		[PHASE_EVACUATE] = N_("Phase evacuate: an old bucket is moved before the map is used any further."),
		[PHASE_INSERT] = N_("Phase insert: the key is new, it takes the first free slot."),
		[PHASE_UPDATE] = N_("Phase update: the key is there already, count stays."),
		[PHASE_DELETE] = N_("Phase delete: the slot is cleared and marked empty."),
		[PHASE_ITERATE] = N_("Phase iterate: the loop walks the buckets."),
		[PHASE_CLEAR] = N_("Phase clear: everything goes, the array stays."),
		[PHASE_COLLECT] = N_("Phase collect: what nothing reaches any more is freed."),
		[PHASE_MARK] = N_("Phase mark: the collector marks what can be reached, from the program's variables on."),
		[PHASE_STORE] = N_("Phase store: mapassign has returned the elem's address; now the caller stores there."),
	};
	if (e->a == PHASE_ITERATE && (!s->live || s->hmap.count == 0) && s->run.kind != OP_NEXT)
		words_add(w, _("Phase iterate: the map is empty, so the loop is over before it began. Nothing is drawn."));
	else if (e->a == PHASE_ITERATE && !loop_began(s))
		words_add(w, _("Phase iterate: Go draws where to begin, so that nobody relies on an order."));
	else
		words_add(w, "%s", e->a < PHASES && sentence[e->a] ? _(sentence[e->a]) : _("A phase begins."));
}

static void say_done(struct words *w, const struct scene *s, const struct event *e)
{
	char phrase[2 * SCENE_TEXT + 32], fit[64];
	operation_phrase(s, phrase, sizeof phrase);
	text_fit(phrase, 40, fit, sizeof fit);
	words_add(w, P_("Done: %s: %s. count is %" PRIu64 ". The operation took %" PRIu64 " step.",
			"Done: %s: %s. count is %" PRIu64 ". The operation took %" PRIu64 " steps.", s->step - s->op.first + 1), fit,
	    _(outcome_name[e->a < OUTCOMES ? e->a : 0]), e->b, s->step - s->op.first + 1);
}

static void say_header(struct words *w, const struct scene *s, const struct event *e)
{
	char flags[64];
	flags_phrase((unsigned)e->b, flags, sizeof flags);
	words_add(w, e->c ? _("The hmap is read: count %" PRIu64 ", flags %s, B %" PRIu64 ": %" PRIu64 " buckets. ")
			  : _("The hmap is read: count %" PRIu64 ", flags %s, B %" PRIu64 ": one bucket. "), e->a, flags, e->c,
		  UINT64_C(1) << (e->c & 63));
	if (s->hmap.oldbuckets)
		words_add(w, scene_growth_left(s) ? _("A growth was left open.") : _("A growth is under way."));
	else if (!s->hmap.buckets)
		words_add(w, _("There is no array yet."));
}

static void say_map(struct words *w, const struct scene *s, const struct event *e)
{
	if (!s->map) {
		words_add(w, _("Map %" PRIu64 " is made."), e->a);
		return;
	}
	if (!s->map->hmap)
		words_add(w, _("%s is a nil map[%s]%s: it may be read; a write would be a panic."), s->map->name, s->map->key_type,
		    s->map->elem_type);
	else
		words_add(w, _("%s is made: map[%s]%s, its hmap at %" PRIx64 "; Go %s, seed %" PRIu64 "."), s->map->name, s->map->key_type,
		    s->map->elem_type, e->addr, s->map->go, s->map->seed);
}

static void say_narration(struct words *w, const struct scene *s, const struct event *e)
{
	char text[sizeof s->event_bytes + 1], clean[sizeof s->event_bytes * 2];
	size_t n = e->size < sizeof s->event_bytes ? e->size : sizeof s->event_bytes - 1;
	memcpy(text, s->event_bytes, n);
	text[n] = 0;
	scene_clean(s, text, clean, sizeof clean);
	words_add(w, "%s", clean);
}

/* Reads that no other kind tells. */
static void say_read(struct words *w, const struct scene *s, const struct event *e)
{
	char what[96];
	place_phrase(s, &s->place, what, sizeof what);
	if (s->place.kind == PLACE_HITER)
		words_add(w, _("mapiternext reads the loop's own memory: %" PRIu64 " bytes at %" PRIx64 ", where it goes on."), e->size, e->addr);
	else if (s->place.kind == PLACE_HMAP && s->phase == PHASE_ITERATE)
		words_add(w, s->hmap.flags & FLAG_WRITING ? _("%s is read: is another goroutine writing? Flag 4 is set: yes.")
			  : _("%s is read: is another goroutine writing? Flag 4 is not set: no."), what);
	else if (s->place.kind == PLACE_EXTRA)
		words_add(w, _("%s is read: is there a spare bucket?"), what);
	else if (s->place.kind == PLACE_BUCKET && s->type.indirect_key)
		words_add(w, _("%s is read: the pointer to the key, which lies outside."), what);
	else if (s->place.kind == PLACE_OTHER && s->place.role == ROLE_KEY_TEXT)
		words_add(w, P_("%" PRIu64 " byte of the key's text is read, at %" PRIx64 ".", "%" PRIu64 " bytes of the key's text are read, at %" PRIx64 ".", e->size),
			  e->size, e->addr);
	else
		words_add(w, P_("%s: %" PRIu64 " byte is read at %" PRIx64 ".", "%s: %" PRIu64 " bytes are read at %" PRIx64 ".", e->size), what, e->size, e->addr);
}

static void say_core(struct words *w, const struct event *e)
{
	words_add(w, _("Core %" PRIu64 " carries it out: what it reads and writes, it must first get into its own cache."), e->a);
}

static void say_atomic(struct words *w, const struct scene *s, const struct event *e)
{
	words_add(w, _("The locked instruction reads %" PRIu64 " bytes at %" PRIx64 "; until it has written them, core %u lets no other core have their cache line."),
	    e->size, e->addr, s->op.core);
}

static void say_rival(struct words *w, const struct scene *s)
{
	char key[SCENE_TEXT], elem[SCENE_TEXT];
	scene_clean(s, s->run.key, key, sizeof key);
	scene_clean(s, s->run.elem, elem, sizeof elem);
	words_add(w, s->hmap.flags & FLAG_WRITING ? _("The second goroutine comes, while the first is writing: ")
						  : _("The second goroutine comes: "));
	words_add(w, "%s%s%s%s%s.", op_kind_name[s->run.kind], key[0] ? " " : "", key, elem[0] ? " " : "", elem);
}

/* The step at which the first goroutine of a race set hashWriting; 0: nobody has in this operation. */
static uint64_t writing_since(const struct scene *s)
{
	for (size_t i = s->log->count; i-- > 0 && s->log->first + i >= s->op.first;) {
		const struct event *e = &s->log->event[i];
		if (e->kind == EV_WRITE && s->live && e->addr == s->hmap.addr + HMAP_FLAGS && ~e->old.v & e->new.v & FLAG_WRITING)
			return s->log->first + i;
	}
	return 0;
}

static void say_fault(struct words *w, const struct scene *s, const struct event *e)
{
	uint64_t since = e->b ? writing_since(s) : 0;
	const char *says = fault_text[e->a < FAULTS ? e->a : 0];
	if (since)
		words_add(w, _("%s. The first goroutine set \"writing\" in step %" PRIu64 "; %s of the second has just read it. No recover helps."),
			  says, since, op_kind_name[s->run.kind]);
	else
		words_add(w, _("Go says: %s. %s"), says, e->b ? _("The program ends here; no recover can catch it.")
								 : _("A panic; it can be recovered."));
}

void sentence_make(const struct scene *s, char *out, size_t cap)
{
	struct words w = { out, cap, 0 };
	const struct event *e = &s->event;
	out[0] = 0;
	if (sentence_sync_own(&w, s, e))
		return;
	switch (e->kind) {
	case EV_ALLOC: case EV_WRITE: case EV_FREE: sentence_memory(&w, s, e); break;
	case EV_MAP: say_map(&w, s, e); break;
	case EV_OP: say_op(&w, s); break;
	case EV_PHASE: say_phase(&w, s, e); break;
	case EV_HEADER: say_header(&w, s, e); break;
	case EV_DONE: say_done(&w, s, e); break;
	case EV_HASH: case EV_BUCKET: case EV_EVACUATED: case EV_TOPHASH: case EV_LENGTH: case EV_KEY: case EV_CHAIN:
	case EV_FOUND: case EV_ABSENT: case EV_GOT:
		sentence_find(&w, s, e);
		break;
	case EV_SYNCREAD: case EV_MUTEX: case EV_MISS: case EV_PROMOTE: case EV_AMENDED: case EV_DIRTYCOPY: case EV_ENTRY: case EV_CAS:
	case EV_EXPUNGE: case EV_UNEXPUNGE:
		if (s->sync)
			sentence_sync(&w, s, e);
		break;
	case EV_ITERINIT: case EV_ITERBUCKET: case EV_ITERSLOT: case EV_ITEM: case EV_END: sentence_loop(&w, s, e); break;
	case EV_SPAN: case EV_UNSPAN: case EV_SWEPT: case EV_MARKING: case EV_BARRIER: case EV_SHADE: sentence_heap(&w, s, e); break;
	case EV_READ: say_read(&w, s, e); break;
	case EV_RIVAL: say_rival(&w, s); break;
	case EV_CORE: say_core(&w, e); break;
	case EV_ATOMIC: say_atomic(&w, s, e); break;
	case EV_FAULT: say_fault(&w, s, e); break;
	case EV_USE: words_add(&w, _("Map %s is selected."), s->map ? s->map->name : "?"); break;
	case EV_SAY: say_narration(&w, s, e); break;
	case EV_COUNT:
		if (s->steps)
			words_add(&w, _("The recording begins. The right arrow or . goes a step on, the down arrow an operation, space plays, ? helps."));
		else
			words_add(&w, _("The recording is empty: it has no steps."));
		break;
	default: sentence_change(&w, s, e); break;
	}
	while (w.n > 0 && out[w.n - 1] == ' ')
		out[--w.n] = 0;
}
