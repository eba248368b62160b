/* Sentences of what all kinds of maps share; see sentence.h.  Each says who, what, the numbers, why. */
#include "ui/scene/sentence_private.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { KEY_SHOWN = 24, OPERATION_SHOWN = 48 };

/* A workload's key may have its quotes already. */
struct quoted quote(const struct scene *s, const char *key)
{
	struct quoted q;
	char fit[SCENE_TEXT];
	bool text = s->view.key.kind == GO_STRING && key[0] != '"';
	text_fit(key, KEY_SHOWN, fit, sizeof fit);
	snprintf(q.text, sizeof q.text, text ? "\"%s\"" : "%s", fit);
	return q;
}

struct quoted some_key(void)
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
	snprintf(out + n, cap - (size_t)n, "%s%s%s%s%s", op_kind_name[s->op.kind], s->op.has_key ? " " : "",
		key, s->op.has_elem ? " " : "", elem);
}

/* ---- operations ---- */

SHARED_SENTENCE(map)
{
	builder_add(w, _("Map %" PRIu64 " is made."), e->a);
}

void sentence_add_operation(struct builder *w, const struct scene *s)
{
	char phrase[2 * SCENE_TEXT + 32], fit[2 * SCENE_TEXT + 32];
	operation_phrase(s, phrase, sizeof phrase);
	text_fit(phrase, OPERATION_SHOWN, fit, sizeof fit);
	builder_add(w, _("Operation %" PRIu64 " begins: %s"), s->op.op, fit);
}

SHARED_SENTENCE(op)
{
	char elem[SCENE_TEXT];
	scene_clean(s, s->op.elem, elem, sizeof elem);
	sentence_add_operation(w, s);
	switch (s->op.kind) {
	case OP_COUNTER: builder_add(w, _(", in Go %s := new(int64)."), wanted_key(s).text); break;
	case OP_ADD:
		builder_add(w, _(", in Go atomic.AddInt64(%s, %s)."), wanted_key(s).text,
			s->op.has_elem ? elem : "1");
		break;
	default: builder_add(w, "."); break;
	}
}

void sentence_add_second(struct builder *w, const struct scene *s)
{
	char key[SCENE_TEXT], elem[SCENE_TEXT];
	scene_clean(s, s->run.key, key, sizeof key);
	scene_clean(s, s->run.elem, elem, sizeof elem);
	builder_add(w, "%s%s%s%s%s.", op_kind_name[s->run.kind], key[0] ? " " : "", key, elem[0] ? " " : "",
		elem);
}

SHARED_SENTENCE(second)
{
	builder_add(w, "%s", _("The second goroutine comes: "));
	sentence_add_second(w, s);
}

SHARED_SENTENCE(phase)
{
	builder_add(w, "%s",
		e->a == PHASE_COLLECT ? _("Phase collect: what nothing reaches any more is freed.")
			: e->a == PHASE_MARK
			? _("Phase mark: the collector marks what can be reached, from the program's variables on.")
			: _("A phase begins."));
}

SHARED_SENTENCE(use)
{
	builder_add(w, _("Map %s is selected."), s->map ? s->map->name : "?");
}

SHARED_SENTENCE(gc)
{
	builder_add(w, _("The collector freed %s, %s."),
		counted("%" PRIu64 " block", "%" PRIu64 " blocks", e->a), counted_bytes(e->b));
}

SHARED_SENTENCE(done)
{
	char phrase[2 * SCENE_TEXT + 32], fit[64];
	operation_phrase(s, phrase, sizeof phrase);
	text_fit(phrase, 40, fit, sizeof fit);
	builder_add(w,
		P_("Done: %s: %s. count is %" PRIu64 ". The operation took %" PRIu64 " step.",
			"Done: %s: %s. count is %" PRIu64 ". The operation took %" PRIu64 " steps.",
			s->step - s->op.first + 1),
		fit, _(outcome_name[e->a < OUTCOMES ? e->a : 0]), e->b, s->step - s->op.first + 1);
}

SHARED_SENTENCE(say)
{
	char text[sizeof s->event_bytes + 1], clean[sizeof s->event_bytes * 2];
	size_t n = e->size < sizeof s->event_bytes ? e->size : sizeof s->event_bytes - 1;
	memcpy(text, s->event_bytes, n);
	text[n] = 0;
	scene_clean(s, text, clean, sizeof clean);
	builder_add(w, "%s", clean);
}

SHARED_SENTENCE(core)
{
	builder_add(w,
		_("Core %" PRIu64
		  " carries it out: what it reads and writes, it must first get into its own cache."),
		e->a);
}

SHARED_SENTENCE(atomic)
{
	builder_add(w,
		_("The locked instruction reads %" PRIu64 " bytes at %" PRIx64
		  "; until it has written them, core %u lets no other core have their cache line."),
		e->size, e->addr, s->op.core);
}

SHARED_SENTENCE(fault)
{
	builder_add(w, _("Go says: %s. %s"), fault_text[e->a < FAULTS ? e->a : 0],
		e->b ? _("The program ends here; no recover can catch it.")
		     : _("A panic; it can be recovered."));
}

/* ---- facts ---- */

SHARED_SENTENCE(read)
{
	char what[96];
	event_place_phrase(s, e, what, sizeof what);
	if (s->place.kind == PLACE_OTHER && s->place.role == ROLE_KEY_TEXT)
		builder_add(w,
			P_("%" PRIu64 " byte of the key's text is read, at %" PRIx64 ".",
				"%" PRIu64 " bytes of the key's text are read, at %" PRIx64 ".", e->size),
			e->size, e->addr);
	else
		builder_add(w,
			P_("%s: %" PRIu64 " byte is read at %" PRIx64 ".",
				"%s: %" PRIu64 " bytes are read at %" PRIx64 ".", e->size),
			what, e->size, e->addr);
}

static void say_text_write(struct builder *w, const struct scene *s, const struct event *e)
{
	char text[64], clean[160], fit[160];
	size_t n = e->size < sizeof text ? e->size : sizeof text - 1;
	event_bytes_copy(e->new, e->size <= 8 ? e->size : 0, (uint8_t *)text);
	if (e->size > 8)
		memcpy(text, s->event_bytes, n);
	text[n] = 0;
	scene_clean(s, text, clean, sizeof clean);
	text_fit(clean, 32, fit, sizeof fit);
	builder_add(w,
		s->place.role == ROLE_KEY_TEXT
			? _("The program makes its key: \"%s\", %s of text at %" PRIx64 ".")
			: _("The program makes its elem: \"%s\", %s of text at %" PRIx64 "."),
		fit, counted_bytes(e->size), e->addr);
}

SHARED_SENTENCE(write)
{
	bool other = s->place.kind == PLACE_OTHER;
	char what[96], key[SCENE_TEXT], fit[64];
	event_place_phrase(s, e, what, sizeof what);
	if (other && s->place.role == ROLE_COUNTER) {
		scene_clean(s, s->op.key, key, sizeof key);
		text_fit(key, 32, fit, sizeof fit);
		builder_add(w, _("Counter %s goes from %" PRId64 " to %" PRId64 ", at %" PRIx64 "."), fit,
			(int64_t)e->old.v, (int64_t)e->new.v, e->addr);
	} else if (other && (s->place.role == ROLE_KEY_TEXT || s->place.role == ROLE_ELEM_TEXT)) {
		say_text_write(w, s, e);
	} else if (other && s->place.role == ROLE_BOX) {
		builder_add(w, _("The box of an any gets its value, %s at %" PRIx64 "."), counted_bytes(e->size),
			e->addr);
	} else if (e->size <= 8) {
		builder_add(w, _("%s goes from %" PRIx64 " to %" PRIx64 " (%s at %" PRIx64 ")."), what,
			e->old.v, e->new.v, counted_bytes(e->size), e->addr);
	} else {
		builder_add(
			w, _("%s: %" PRIu64 " bytes are written at %" PRIx64 "."), what, e->size, e->addr);
	}
}

/* ---- the sentence of a step ---- */

static const char *first_words(const struct scene *s)
{
	return s->steps
		? _("The recording begins. The right arrow or . goes a step on, the down arrow an operation, space plays, ? helps.")
		: _("The recording is empty: it has no steps.");
}

void sentence_make(const struct scene *s, char *out, size_t cap)
{
	struct builder w = builder_in(out, cap);
	if (s->event.kind >= EV_COUNT)
		builder_text(&w, first_words(s));
	else
		explain_sentence(&w, s, &s->event);
	for (size_t n = builder_length(&w); n > 0 && out[n - 1] == ' '; n--)
		out[n - 1] = 0;
}
