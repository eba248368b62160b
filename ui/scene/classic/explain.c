/* The classic map's words: one bucket of 8 slots after the other; see ui/scene/explain.h. */
#include "ui/scene/classic/classic.h"
#include "ui/scene/classic/draw.h"
#include "ui/scene/classic/predict.h"
#include "trace/base/translate.h"
#include "trace/map/classic/align.h"

static const struct event_text text[EV_COUNT] = {
#define EVENT(name, NAME, ...) [EV_##NAME] = { classic_sentence_##name, classic_phrase_##name },
#include "trace/record/events/classic.def"
#undef EVENT
#define TEXT(name, NAME) [EV_##NAME] = { classic_sentence_##name, classic_phrase_##name },
	CLASSIC_COMMON(TEXT)
#undef TEXT
#define TEXT(name, NAME) [EV_##NAME] = { classic_sentence_##name, NULL },
		CLASSIC_SENTENCES(TEXT)
#undef TEXT
};

void classic_align(struct builder *w, const struct scene *a, const struct scene *b)
{
	struct map_difference d;
	char sentences[1024], other[64];
	align_maps(&d, a->mem, &classic_of(a)->type, a->live ? classic_of(a)->hmap.addr : 0, b->mem,
		&classic_of(b)->type, b->live ? classic_of(b)->hmap.addr : 0);
	align_other(a->map, b->map, other, sizeof other);
	align_words(&d, other, sentences, sizeof sentences);
	builder_text(w, sentences);
}

static const char *const life[EV_COUNT] = { [EV_KEY] = N_("compared"), [EV_MOVE] = N_("moved to %s") };

static panel_draw *const panels[PANELS] = { [PANEL_HEADER] = classic_header,
	[PANEL_STRIPS] = classic_strips,
	[PANEL_ARRAYS] = classic_arrays,
	[PANEL_SLOTS] = classic_slots,
	[PANEL_TABLES] = classic_tables,
	[PANEL_HASH] = classic_hash };

static const struct part_text part[LOCATION_PARTS] = { [AT_PADDING] = { "", "" },
	[AT_CONTROL] = { "tophash", "top" },
	[AT_KEY] = { "keys", "keys" },
	[AT_ELEM] = { "elems", "elem" },
	[AT_NEXT] = { "overflow", "ovf" } };

static const struct legend_row state_rows[] = {
	{ 0, "00", S_DEAD, N_("emptyRest: free, and all after") },
	{ 0, "01", S_DEAD, N_("emptyOne: free, not all after") },
	{ 0, "02", S_TO_X, N_("evacuatedX: moved to the X half") },
	{ 0, "03", S_TO_Y, N_("evacuatedY: moved to the Y half") },
	{ 0, "04", S_DEAD, N_("evacuatedEmpty: was free") },
	{ 0, "05-ff", S_TOP, N_("full: high byte of the hash") },
};
static const struct legend_row flag_rows[] = {
	{ 0, "1", S_TEXT, N_("iterator: loops may use buckets") },
	{ 0, "2", S_TEXT, N_("oldIterator: ... oldbuckets") },
	{ 0, "4", S_TEXT, N_("hashWriting: a write under way") },
	{ 0, "8", S_TEXT, N_("sameSizeGrow: not a doubling") },
};
static const struct legend_part legend[] = {
	{ N_("tophash: the state of a slot"), state_rows, sizeof state_rows / sizeof state_rows[0] },
	{ N_("flags of hmap"), flag_rows, sizeof flag_rows / sizeof flag_rows[0] },
	{ 0 },
};

static const struct kind_words words = { .none = N_("no bucket"),
	.none_yet = N_("no bucket yet"),
	.none_here = N_("there is no bucket here to look at"),
	.none_hanging = N_("no overflow bucket"),
	.dropped = N_("bucket of a dropped array"),
	.other = N_("another bucket"),
	.hanging = N_("%s, overflow bucket%s"),
	.hanging_brief = N_("%s, overflow"),
	.next = N_("overflow ptr"),
	.slots = N_("slot top state, key, elem: %s"),
	.objects = N_("Tab: hmap, mapextra") };

const struct explain explain_classic = { .kind = "classic",
	.open = classic_open,
	.walk = classic_walk,
	.finish = classic_finish,
	.second_runs = classic_second_runs,
	.cost = classic_cost,
	.result = classic_result,
	.fit = classic_fit,
	.align = classic_align,
	.place = classic_place,
	.label = classic_label,
	.role = classic_role,
	.moved = classic_moved,
	.part = part,
	.words = &words,
	.legend = legend,
	.field = classic_field,
	.byte = classic_byte,
	.line = classic_line,
	.left = classic_left,
	.place_phrase = classic_place_phrase,
	.text = text,
	.panels = panels,
	.life = life,
	.code = &classic_code,
	.series = &classic_series,
	.predictions = &classic_predictions };
